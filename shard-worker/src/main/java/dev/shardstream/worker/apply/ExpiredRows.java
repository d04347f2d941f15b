package dev.shardstream.worker.apply;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.worker.shard.TableShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Deletes the rows of a table that have outlived its TTL. To be used by the owner thread. */
final class ExpiredRows {
  /** Rows with the same timestamp go together, so a few more than asked for may. */
  private static final String BATCH =
      "(SELECT max(_updated) FROM (SELECT _updated FROM %1$s WHERE _virtualShard = ?1"
          + " AND _updated <= ?2 ORDER BY _updated LIMIT ?3))";

  private final Connection writer;
  private final String sql;
  private final Table table;

  ExpiredRows(Connection writer, TableShape shape) {
    this.writer = writer;
    this.table = shape.table();
    this.sql =
        ("DELETE FROM %1$s WHERE _virtualShard = ?1 AND _updated <= " + BATCH)
            .formatted(shape.name());
  }

  /**
   * The timestamp at and before which rows are gone at a point of time, both in milliseconds since
   * the epoch; empty when rows of this table stay for ever.
   */
  OptionalLong expiredAt(long at) {
    Long ttlSeconds = table.getTtlSeconds();
    return ttlSeconds == null ? OptionalLong.empty() : OptionalLong.of(at - ttlSeconds * 1_000);
  }

  /**
   * Deletes rows, within the caller's transaction.
   *
   * @param updated rows that were written then or earlier go
   * @param most stop before the next virtual shard when so many are deleted
   * @return by virtual shard, minus the number of rows deleted; without zeros
   */
  Map<Integer, Long> delete(Collection<Integer> virtualShards, long updated, long most)
      throws SQLException {
    Map<Integer, Long> delta = new TreeMap<>();
    long left = most;
    try (PreparedStatement delete = writer.prepareStatement(sql)) {
      for (int virtualShard : virtualShards) {
        if (left <= 0) {
          break;
        }
        delete.setInt(1, virtualShard);
        delete.setLong(2, updated);
        delete.setLong(3, left);
        long deleted = delete.executeLargeUpdate();
        left -= deleted;
        if (deleted > 0) {
          delta.put(virtualShard, -deleted);
        }
      }
    }
    return delta;
  }
}
