package dev.shardstream.producer.api;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.PlannedNode;
import dev.shardstream.schemas.event.PlannedTarget;
import dev.shardstream.schemas.event.ReshardPlan;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reshard would do.
 *
 * @param tableName its table
 * @param sourceShards shards that it would take from
 * @param targets shards that it would make, by id
 * @param nodes nodes that it would make them on
 * @param rows rows to copy
 * @param bytes bytes to copy
 * @param estimate how long the copy would take
 * @param note what it does not say, in words; null for nothing
 */
public record PlannedReshard(
    String tableName,
    int sourceShards,
    List<Target> targets,
    List<NodeNeed> nodes,
    long rows,
    long bytes,
    Duration estimate,
    @Nullable String note) {
  public PlannedReshard {
    targets = List.copyOf(targets);
    nodes = List.copyOf(nodes);
  }

  /**
   * A shard that it would make.
   *
   * @param shardId its id
   * @param nodeId node that would hold it
   * @param virtualShards how many it would own
   * @param rows rows, as if each virtual shard of a source had as many
   * @param bytes size, in the same way
   * @param rowsAttached of the rows, those on its node already, which are attached and not sent
   * @param role {@code owner} or {@code replica}
   */
  public record Target(
      int shardId,
      String nodeId,
      int virtualShards,
      long rows,
      long bytes,
      long rowsAttached,
      String role) {}

  /**
   * What it would need of a node.
   *
   * @param nodeId the node
   * @param bytesNeeded for its targets and what is on its way
   * @param bytesFree of its file system, as it last told
   */
  public record NodeNeed(String nodeId, long bytesNeeded, long bytesFree) {
    /** Whether it fits. */
    public boolean fits() {
      return bytesNeeded <= bytesFree;
    }
  }

  /** How many virtual shards it would make anew, each counted once. */
  public long virtualShards() {
    return Math.min(VirtualShards.COUNT, targets.stream().mapToLong(Target::virtualShards).sum());
  }

  static PlannedReshard of(ReshardPlan plan, @Nullable String note) {
    return new PlannedReshard(
        plan.getTable(),
        plan.getSourceShards().size(),
        plan.getTargets().stream().map(PlannedReshard::target).toList(),
        plan.getNodes().stream().map(PlannedReshard::node).toList(),
        plan.getRows(),
        plan.getBytes(),
        Duration.ofMillis(plan.getEstimatedMillis()),
        note);
  }

  private static Target target(PlannedTarget target) {
    return new Target(
        target.getShardId(),
        target.getNodeId(),
        target.getVirtualShards(),
        target.getRows(),
        target.getBytes(),
        target.getRowsLocally(),
        TableFacts.lower(target.getRole()));
  }

  private static NodeNeed node(PlannedNode node) {
    return new NodeNeed(node.getNodeId(), node.getBytesNeeded(), node.getBytesFree());
  }
}
