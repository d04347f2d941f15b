package dev.shardstream.worker.verify;

import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import dev.shardstream.worker.shard.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A snapshot of a shard at a fence.
 *
 * @param shape of the table in it
 * @param reader in a read transaction, which is the snapshot
 * @param offsets by partition, the fence's offset
 * @param positions the shard's positions in it
 */
record Sight(
    ShardFile file,
    TableShape shape,
    Connection reader,
    ArmedFence fence,
    Map<Integer, Long> offsets,
    Positions positions)
    implements AutoCloseable {
  private static final int KEYS_PER_EVENT = 2_000;

  boolean isOf(ShardRef shard) {
    return file.ref().equals(shard);
  }

  /**
   * Gives the digests to who waits for the fence.
   *
   * @param isWanted asked before each virtual shard; what is not wanted any more ends
   * @return how many virtual shards were digested
   */
  int digest(BooleanSupplier isWanted) throws SQLException {
    TableDigest digest = new TableDigest(reader, shape, file.definition().range());
    int digested = 0;
    for (Map.Entry<Integer, Long> at : offsets.entrySet()) {
      digested += digest(digest, at.getKey(), at.getValue(), isWanted);
    }
    return digested;
  }

  private int digest(TableDigest digest, int partition, long offset, BooleanSupplier isWanted)
      throws SQLException {
    List<Digest> digests = new ArrayList<>();
    List<KeyHash> keys = new ArrayList<>();
    for (Positions.Held held : positions.held()) {
      if (!isWanted.getAsBoolean()) {
        return 0;
      }
      // A virtual shard of which anything was copied from behind the fence has nothing to say.
      if (held.partition() != partition
          || positions.of(held.virtualShard()).isEmpty()
          || held.nextOffset() != offset + 1
          || !fence.virtualShards().contains(held.virtualShard())) {
        continue;
      }
      digests.add(
          fence.listKeys()
              ? digest.listing(held.virtualShard(), key -> addKey(partition, offset, keys, key))
              : digest.of(held.virtualShard()));
    }
    if (!digests.isEmpty()) {
      fence.answers().accept(event(partition, offset, digests, keys));
    }
    return digests.size();
  }

  private void addKey(int partition, long offset, List<KeyHash> keys, KeyHash key) {
    if (keys.size() == KEYS_PER_EVENT) {
      fence.answers().accept(event(partition, offset, List.of(), List.copyOf(keys)));
      keys.clear();
    }
    keys.add(key);
  }

  private ShardDigests event(int partition, long offset, List<Digest> digests, List<KeyHash> keys) {
    return new ShardDigests(
        file.ref().shardId(),
        fence.fenceId(),
        partition,
        offset,
        shape.table().getSchemaVersion(),
        digests,
        keys);
  }

  /** Ends the snapshot. */
  @Override
  public void close() throws SQLException {
    reader.close();
  }
}
