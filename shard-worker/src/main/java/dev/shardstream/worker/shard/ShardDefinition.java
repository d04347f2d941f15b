package dev.shardstream.worker.shard;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import java.util.List;

/**
 * What a shard is, apart from its rows.
 *
 * @param ref its identity
 * @param table the table definition that it follows
 * @param virtualShards virtual shards that it holds, or will hold once they are copied, ascending
 * @param range the shard keys that it holds of them; in a HASH table all
 * @param state COPYING or APPLYING; a file is never FAILED, its applier is
 */
public record ShardDefinition(
    ShardRef ref, Table table, List<Integer> virtualShards, KeyRange range, ShardState state) {
  public ShardDefinition {
    virtualShards = virtualShards.stream().sorted().toList();
  }

  /** A shard that holds its virtual shards whole. */
  public ShardDefinition(ShardRef ref, Table table, List<Integer> virtualShards, ShardState state) {
    this(ref, table, virtualShards, KeyRanges.ALL, state);
  }

  ShardDefinition withTable(Table next) {
    return new ShardDefinition(ref, next, virtualShards, range, state);
  }

  ShardDefinition withState(ShardState next) {
    return new ShardDefinition(ref, table, virtualShards, range, next);
  }
}
