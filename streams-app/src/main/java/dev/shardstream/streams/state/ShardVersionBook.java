package dev.shardstream.streams.state;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.streams.record.ShardVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What each shard has last told of its table. */
final class ShardVersionBook {
  private final Map<String, ShardVersion> versions = new HashMap<>();

  /**
   * Whether a decision is about what shards tell; it is applied then.
   *
   * @param changed is given the ids of tables for which that can matter
   */
  boolean apply(Decision decision, Consumer<String> changed) {
    if (decision instanceof Decision.ShardVersionStored stored) {
      ShardVersion version = stored.version();
      versions.put(Tables.shardName(version.getTableId(), version.getShardId()), version);
      changed.accept(version.getTableId());
    } else if (decision instanceof Decision.ShardVersionGone gone) {
      versions.remove(Tables.shardName(gone.tableId(), gone.shardId()));
    } else {
      return false;
    }
    return true;
  }

  Optional<ShardVersion> find(String tableId, int shardId) {
    return Optional.ofNullable(versions.get(Tables.shardName(tableId, shardId)));
  }
}
