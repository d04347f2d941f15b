package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.ReshardPlan;
import java.util.List;

/**
 * What a reshard would do.
 *
 * @param sourceShards shards it would take from
 * @param targets shards it would make
 * @param nodes nodes it would make them on
 * @param rows rows to copy
 * @param bytes bytes to copy
 * @param estimatedMillis how long the copy would take
 */
public record PlanBody(
    List<Integer> sourceShards,
    List<TargetBody> targets,
    List<NeedBody> nodes,
    long rows,
    long bytes,
    long estimatedMillis) {

  /**
   * A shard that would be made.
   *
   * @param shardId its id
   * @param node node that would hold it
   * @param role {@code owner} or {@code replica}
   * @param virtualShards how many virtual shards it would have
   * @param rows how many rows
   */
  public record TargetBody(int shardId, String node, String role, int virtualShards, long rows) {}

  /**
   * What a node would need.
   *
   * @param node the node
   * @param bytesNeeded bytes that its targets would take
   * @param bytesFree bytes that it has free
   */
  public record NeedBody(String node, long bytesNeeded, long bytesFree) {}

  static PlanBody of(ReshardPlan plan) {
    return new PlanBody(
        List.copyOf(plan.getSourceShards()),
        plan.getTargets().stream()
            .map(
                t ->
                    new TargetBody(
                        t.getShardId(),
                        t.getNodeId(),
                        Words.of(t.getRole()),
                        t.getVirtualShards(),
                        t.getRows()))
            .toList(),
        plan.getNodes().stream()
            .map(n -> new NeedBody(n.getNodeId(), n.getBytesNeeded(), n.getBytesFree()))
            .toList(),
        plan.getRows(),
        plan.getBytes(),
        plan.getEstimatedMillis());
  }
}
