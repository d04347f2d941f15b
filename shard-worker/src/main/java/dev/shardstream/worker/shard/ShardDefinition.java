package dev.shardstream.worker.shard;

import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import java.util.List;

/**
 * What a shard is, apart from its rows.
 *
 * @param ref its identity
 * @param table the table definition that it follows
 * @param virtualShards virtual shards that it holds, or will hold once they are copied, ascending
 * @param state COPYING or APPLYING; a file is never FAILED, its applier is
 */
public record ShardDefinition(
    ShardRef ref, Table table, List<Integer> virtualShards, ShardState state) {
  public ShardDefinition {
    virtualShards = virtualShards.stream().sorted().toList();
  }

  ShardDefinition withTable(Table next) {
    return new ShardDefinition(ref, next, virtualShards, state);
  }

  ShardDefinition withState(ShardState next) {
    return new ShardDefinition(ref, table, virtualShards, next);
  }
}
