package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The refused changes in a shard file, for whoever waits and until they are published.
 *
 * <p>A row that is published and then forgotten stays, for nobody to find, so that the same change
 * is not published once more when it is copied or refused again.
 */
public final class RejectionTable {
  private static final String COLUMNS = "partition, \"offset\", virtual_shard, code, message, at";

  /** Of column published: 0 not yet, 1 published, and this. */
  private static final int FORGOTTEN = 2;

  private static final String ON_CONFLICT =
      " ON CONFLICT (partition, \"offset\") DO UPDATE SET virtual_shard = excluded.virtual_shard,"
          + " code = excluded.code, message = excluded.message, at = excluded.at, published = 1"
          + " WHERE published = "
          + FORGOTTEN;

  private RejectionTable() {}

  /** Adds rejections that are not published; one that is there stays as it is. */
  public static void insert(Connection writer, Collection<Rejection> rejections)
      throws SQLException {
    if (rejections.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        writer.prepareStatement(
            "INSERT INTO _rejections ("
                + COLUMNS
                + ", published) VALUES (?, ?, ?, ?, ?, ?, 0)"
                + ON_CONFLICT)) {
      for (Rejection rejection : rejections) {
        insert.setInt(1, rejection.partition());
        insert.setLong(2, rejection.offset());
        insert.setInt(3, rejection.virtualShard());
        insert.setString(4, rejection.code());
        insert.setString(5, rejection.message());
        insert.setLong(6, rejection.at());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /**
   * Copies a virtual shard's rejections between attached schemas; takes the virtual shard. One that
   * the source has not published yet stays so: one of both will do it.
   */
  public static String copySql(String source) {
    return "INSERT INTO main._rejections ("
        + COLUMNS
        + ", published) SELECT "
        + COLUMNS
        + ", published FROM "
        + source
        + "._rejections WHERE virtual_shard = ? AND published < "
        + FORGOTTEN
        + ON_CONFLICT;
  }

  /** Forgets a virtual shard's rejections. */
  static void forget(Connection writer, int virtualShard) throws SQLException {
    try (PreparedStatement delete =
            writer.prepareStatement(
                "DELETE FROM _rejections WHERE virtual_shard = ? AND published = 0");
        PreparedStatement update =
            writer.prepareStatement(
                "UPDATE _rejections SET published = " + FORGOTTEN + " WHERE virtual_shard = ?")) {
      delete.setInt(1, virtualShard);
      delete.executeUpdate();
      update.setInt(1, virtualShard);
      update.executeUpdate();
    }
  }

  /** The rejections among changes at these offsets. */
  public static List<Rejection> find(Connection reader, List<Position> changes)
      throws SQLException {
    List<Rejection> found = new ArrayList<>();
    try (PreparedStatement select =
        reader.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM _rejections WHERE partition = ? AND \"offset\" = ? AND published < "
                + FORGOTTEN)) {
      for (Position change : changes) {
        select.setInt(1, change.partition());
        select.setLong(2, change.offset());
        found.addAll(rows(select));
      }
    }
    return found;
  }

  /** Rejections that nobody has published yet, at most so many. */
  public static List<Rejection> unpublished(Connection reader, int limit) throws SQLException {
    try (PreparedStatement select =
        reader.prepareStatement(
            "SELECT " + COLUMNS + " FROM _rejections WHERE published = 0 LIMIT ?")) {
      select.setInt(1, limit);
      return rows(select);
    }
  }

  /** Marks rejections as published. */
  public static void markPublished(Connection writer, List<Rejection> published)
      throws SQLException {
    try (PreparedStatement update =
        writer.prepareStatement(
            "UPDATE _rejections SET published = 1 WHERE partition = ? AND \"offset\" = ?")) {
      for (Rejection rejection : published) {
        update.setInt(1, rejection.partition());
        update.setLong(2, rejection.offset());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  /** Deletes the oldest published ones so that at most {@code kept} of them stay. */
  public static void trim(Connection writer, int kept) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.executeUpdate(
          "DELETE FROM _rejections WHERE (partition, \"offset\") IN (SELECT partition, \"offset\""
              + " FROM _rejections WHERE published > 0 ORDER BY at DESC LIMIT -1 OFFSET "
              + kept
              + ")");
    }
  }

  private static List<Rejection> rows(PreparedStatement select) throws SQLException {
    List<Rejection> rows = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        rows.add(
            new Rejection(
                row.getInt(1),
                row.getLong(2),
                row.getInt(3),
                row.getString(4),
                row.getString(5),
                row.getLong(6)));
      }
    }
    return rows;
  }
}
