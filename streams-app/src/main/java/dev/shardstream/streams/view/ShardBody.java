package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.streams.state.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A physical shard.
 *
 * @param id unique in its table for ever
 * @param node node that holds it
 * @param status {@code active}, {@code pending}, {@code to_be_deleted} or {@code failed}
 * @param role {@code owner} or {@code replica}
 * @param virtualShards what it holds, as intervals of two ends that both belong to it
 * @param range shard keys that it holds; null in a table of strategy hash
 * @param report what its node has last said of it; null when it has not
 */
public record ShardBody(
    int id,
    String node,
    String status,
    String role,
    List<List<Integer>> virtualShards,
    @Nullable RangeBody range,
    @Nullable ShardReportBody report) {

  static ShardBody of(String tableId, Shard shard, Cluster nodes) {
    return new ShardBody(
        shard.getId(),
        shard.getNodeId(),
        Words.of(shard.getStatus()),
        Words.of(shard.getRole()),
        intervals(shard.getVirtualShards()),
        shard.getRange() == null ? null : RangeBody.of(shard.getRange()),
        nodes
            .report(shard.getNodeId(), tableId, shard.getId())
            .map(ShardReportBody::of)
            .orElse(null));
  }

  /** Ascending numbers as intervals. */
  static List<List<Integer>> intervals(List<Integer> numbers) {
    List<List<Integer>> intervals = new ArrayList<>();
    for (int at = 0, next; at < numbers.size(); at = next) {
      next = at + 1;
      while (next < numbers.size() && numbers.get(next) == numbers.get(next - 1) + 1) {
        next++;
      }
      intervals.add(List.of(numbers.get(at), numbers.get(next - 1)));
    }
    return intervals;
  }
}
