package dev.shardstream.worker.verify;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.worker.shard.TableShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Digests virtual shards of one table as a connection's snapshot shows them: all rows that are
 * there. One whose shard key is not in the shard's range has no business there, and is hashed as of
 * a virtual shard that no other shard has, so that it is never found to be equal.
 */
final class TableDigest {
  private static final int OUTSIDE = -1;

  private final Connection reader;
  private final String table;
  private final List<Integer> columnIds;
  private final List<Integer> keyAt;
  private final List<Integer> shardKeyAt;
  private final KeyRange range;
  private final RowHash hash = new RowHash();

  /**
   * @param range the shard keys that the shard holds
   */
  TableDigest(Connection reader, TableShape shape, KeyRange range) {
    this.reader = reader;
    this.table = shape.name();
    Table definition = shape.table();
    // Column ids, not the table's order: two replicas may differ in that.
    this.columnIds =
        definition.getColumns().stream()
            .map(Column::getId)
            .sorted(Comparator.naturalOrder())
            .toList();
    this.keyAt = definition.getPrimaryKey().stream().map(columnIds::indexOf).toList();
    this.shardKeyAt = definition.getShardKey().stream().map(columnIds::indexOf).toList();
    this.range = range;
  }

  /** Row count, by a query of its own, and the sum of the row hashes. */
  Digest of(int virtualShard) throws SQLException {
    return new Digest(
        virtualShard, count(virtualShard), sum(virtualShard, Optional.empty()).bytes());
  }

  /** Also hands over the hash of every key. */
  Digest listing(int virtualShard, Consumer<KeyHash> keys) throws SQLException {
    return new Digest(
        virtualShard, count(virtualShard), sum(virtualShard, Optional.of(keys)).bytes());
  }

  private long count(int virtualShard) throws SQLException {
    try (PreparedStatement select =
        reader.prepareStatement("SELECT count(*) FROM " + table + " WHERE _virtualShard = ?")) {
      select.setInt(1, virtualShard);
      try (ResultSet row = select.executeQuery()) {
        return row.getLong(1);
      }
    }
  }

  private Sum128 sum(int virtualShard, Optional<Consumer<KeyHash>> keys) throws SQLException {
    String columns =
        columnIds.stream().map(TableShape::columnName).collect(Collectors.joining(", "));
    Sum128 sum = Sum128.ZERO;
    try (PreparedStatement select =
        reader.prepareStatement(
            "SELECT " + columns + ", _version FROM " + table + " WHERE _virtualShard = ?")) {
      select.setInt(1, virtualShard);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          Sum128 rowHash = hash(virtualShard, row);
          sum = sum.plus(rowHash);
          if (keys.isPresent()) {
            keys.get().accept(new KeyHash(virtualShard, key(row), rowHash.bytes()));
          }
        }
      }
    }
    return sum;
  }

  private Sum128 hash(int virtualShard, ResultSet row) throws SQLException {
    hash.start(isWithin(row) ? virtualShard : OUTSIDE);
    for (int i = 1; i <= columnIds.size() + 1; i++) {
      hash.add(row.getObject(i));
    }
    return hash.finish();
  }

  private boolean isWithin(ResultSet row) throws SQLException {
    if (range.getFrom() == null && range.getTo() == null) {
      return true;
    }
    List<Object> key = new ArrayList<>(shardKeyAt.size());
    for (int at : shardKeyAt) {
      Object value = row.getObject(at + 1);
      key.add(value instanceof Integer small ? (Object) small.longValue() : value);
    }
    return KeyRanges.contains(range, OrderedKey.of(key));
  }

  private String key(ResultSet row) throws SQLException {
    List<@Nullable Object> key = new ArrayList<>(keyAt.size());
    for (int at : keyAt) {
      key.add(row.getObject(at + 1));
    }
    return Tables.keyText(key);
  }
}
