package dev.shardstream.worker.shard;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.KeyRange;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of a shard file that says what the shard holds, and how far each part of it is. */
public final class PositionTable {
  /** No bytes at all are before every key, so that the bound can be part of the primary key. */
  static final String CREATE =
      "CREATE TABLE _positions (virtual_shard INTEGER NOT NULL, range_from BLOB NOT NULL,"
          + " range_to BLOB, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,"
          + " rows INTEGER NOT NULL, PRIMARY KEY (virtual_shard, range_from))"
          + " STRICT, WITHOUT ROWID";

  private static final String COLUMNS =
      "virtual_shard, range_from, range_to, partition, next_offset, rows";

  /** Written by one statement; SQLite takes 32,766 variables. */
  private static final int MOST_AT_ONCE = 512;

  private PositionTable() {}

  /** Makes the table anew of one that knows no ranges; to be called in a transaction. */
  static void upgrade(Connection writer) throws SQLException {
    Transaction.execute(writer, "ALTER TABLE _positions RENAME TO _positions_without_range");
    Transaction.execute(writer, CREATE);
    Transaction.execute(
        writer,
        "INSERT INTO _positions ("
            + COLUMNS
            + ") SELECT virtual_shard, x'', NULL, partition, next_offset, rows"
            + " FROM _positions_without_range");
    Transaction.execute(writer, "DROP TABLE _positions_without_range");
  }

  /** The positions as of the connection's snapshot. */
  public static Positions read(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT " + COLUMNS + " FROM main._positions")) {
      return new Positions(segments(select));
    }
  }

  /** What an attached file says of one virtual shard. */
  public static Positions read(Connection connection, String database, int virtualShard)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT " + COLUMNS + " FROM " + database + "._positions WHERE virtual_shard = ?")) {
      select.setInt(1, virtualShard);
      return new Positions(segments(select));
    }
  }

  private static List<Positions.Held> segments(PreparedStatement select) throws SQLException {
    List<Positions.Held> held = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        held.add(
            new Positions.Held(
                row.getInt(1),
                range(row.getBytes(2), row.getBytes(3)),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6)));
      }
    }
    return held;
  }

  /** A range as it is stored: nothing at all for no bound. */
  static KeyRange range(byte @Nullable [] from, byte @Nullable [] to) {
    boolean all = (from == null || from.length == 0) && to == null;
    return all
        ? KeyRanges.ALL
        : new KeyRange(
            from == null || from.length == 0 ? null : ByteBuffer.wrap(from),
            to == null ? null : ByteBuffer.wrap(to));
  }

  /** The stored form of a range's end; null for no bound. */
  static byte @Nullable [] to(KeyRange range) {
    return range.getTo() == null ? null : KeyRanges.bytes(range.getTo());
  }

  /** Writes what has changed; to be called in the transaction that changes the rows. */
  public static void write(Connection writer, Positions before, Positions after)
      throws SQLException {
    List<Positions.Held> changed = new ArrayList<>();
    for (int virtualShard = 0; virtualShard < VirtualShards.COUNT; virtualShard++) {
      List<Positions.Held> segments = after.segments(virtualShard);
      List<Positions.Held> were = before.segments(virtualShard);
      if (segments.size() < were.size()) {
        forget(writer, virtualShard);
      }
      if (!segments.equals(were)) {
        changed.addAll(segments);
      }
    }
    put(writer, changed);
  }

  /** Writes segments; to be called in the transaction that changes the rows. */
  public static void put(Connection writer, List<Positions.Held> segments) throws SQLException {
    for (int at = 0; at < segments.size(); at += MOST_AT_ONCE) {
      List<Positions.Held> some =
          segments.subList(at, Math.min(segments.size(), at + MOST_AT_ONCE));
      try (PreparedStatement insert = writer.prepareStatement(putSql(some.size()))) {
        bind(insert, some);
        insert.executeUpdate();
      }
    }
  }

  private static String putSql(int segments) {
    return "INSERT OR REPLACE INTO main._positions ("
        + COLUMNS
        + ") VALUES "
        + String.join(", ", Collections.nCopies(segments, "(?, ?, ?, ?, ?, ?)"));
  }

  private static void bind(PreparedStatement insert, Collection<Positions.Held> segments)
      throws SQLException {
    int at = 0;
    for (Positions.Held one : segments) {
      insert.setInt(++at, one.virtualShard());
      insert.setBytes(++at, Segments.from(one.range()));
      insert.setBytes(++at, to(one.range()));
      insert.setInt(++at, one.partition());
      insert.setLong(++at, one.nextOffset());
      insert.setLong(++at, one.rows());
    }
  }

  /** Removes a virtual shard. */
  static void forget(Connection writer, int virtualShard) throws SQLException {
    try (PreparedStatement delete =
        writer.prepareStatement("DELETE FROM _positions WHERE virtual_shard = ?")) {
      delete.setInt(1, virtualShard);
      delete.executeUpdate();
    }
  }
}
