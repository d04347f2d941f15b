package dev.shardstream.producer.query;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One question to one shard.
 *
 * @param table its table
 * @param view what the query calls the table
 * @param shard an active shard of the plan's epoch
 * @param virtualShards those of the shard that can hold matching rows; null for all it owns
 * @param query what it is asked
 */
public record ShardRead(
    Table table, String view, Shard shard, @Nullable List<Integer> virtualShards, Query query) {

  /** The log partitions that its rows come from. */
  public Set<Integer> partitions() {
    List<Integer> read = virtualShards == null ? shard.getVirtualShards() : virtualShards;
    return read.stream()
        .map(v -> VirtualShards.partitionOf(v, table.getPartitions()))
        .collect(Collectors.toUnmodifiableSet());
  }
}
