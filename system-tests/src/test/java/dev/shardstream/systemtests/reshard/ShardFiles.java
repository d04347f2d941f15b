package dev.shardstream.systemtests.reshard;

import dev.shardstream.producer.api.TableDescription;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.WorkerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The SQLite files of a table's shards, as somebody with access to the disk finds them. */
public final class ShardFiles {
  /** A row that was tampered with. */
  record Spot(long virtualShard, long key) {}

  /** What may go wrong with a row of a copy. */
  enum Damage {
    ONE_VALUE("UPDATE \"%1$s\" SET c9 = 'planted' WHERE _virtualShard = ? AND c1 = ?"),
    A_MISSING_ROW("DELETE FROM \"%1$s\" WHERE _virtualShard = ? AND c1 = ?"),
    AN_EXTRA_ROW(
        """
        INSERT INTO "%1$s" (_virtualShard, _version, _updated, c1, c2, c3, c4, c5, c6, c7, c8, c9)
        SELECT _virtualShard, _version, _updated, -c1, c2, c3, c4, c5, c6, c7, c8, c9
        FROM "%1$s" WHERE _virtualShard = ? AND c1 = ?
        """);

    private final String sql;

    Damage(String sql) {
      this.sql = sql;
    }

    /** The key that then differs. */
    long keyAt(Spot spot) {
      return this == AN_EXTRA_ROW ? -spot.key() : spot.key();
    }
  }

  private final TableDescription table;
  private final List<Path> files;

  private ShardFiles(TableDescription table, List<Path> files) {
    this.table = table;
    this.files = files;
  }

  /** The files of the shards that are not active yet. */
  public static ShardFiles pending(Cluster cluster, TableDescription table) {
    return of(cluster, table, "pending");
  }

  /** The files of the shards that serve. */
  public static ShardFiles active(Cluster cluster, TableDescription table) {
    return of(cluster, table, "active");
  }

  private static ShardFiles of(Cluster cluster, TableDescription table, String status) {
    List<Path> files =
        table.shards().stream()
            .filter(shard -> shard.status().equals(status))
            .map(shard -> file(cluster, table, shard))
            .toList();
    return new ShardFiles(table, files);
  }

  private static Path file(Cluster cluster, TableDescription table, ShardInfo shard) {
    WorkerProcess worker =
        cluster.workers().stream()
            .filter(process -> process.name().equals(shard.nodeId()))
            .findFirst()
            .orElseThrow();
    return worker
        .dataDirectory()
        .resolve("shards")
        .resolve(table.info().tableId())
        .resolve(shard.id() + ".sqlite");
  }

  /** Whether the worker has deleted those that it had, and had some. */
  public boolean areGoneFrom(WorkerProcess worker) {
    List<Path> had = files.stream().filter(f -> f.startsWith(worker.dataDirectory())).toList();
    return !had.isEmpty() && had.stream().noneMatch(Files::exists);
  }

  /** Damages the row of that key behind the worker's back. */
  Spot damage(Damage damage, long key) throws SQLException {
    for (Path file : files) {
      try (Connection connection = open(file)) {
        Optional<Spot> spot = find(connection, key);
        if (spot.isPresent()) {
          damage(connection, damage, spot.get());
          return spot.get();
        }
      }
    }
    throw new IllegalStateException("no row " + key + " in " + files);
  }

  private Optional<Spot> find(Connection connection, long key) throws SQLException {
    String row = "SELECT _virtualShard FROM \"%1$s\" WHERE c1 = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql(row))) {
      statement.setLong(1, key);
      ResultSet found = statement.executeQuery();
      return found.next() ? Optional.of(new Spot(found.getLong(1), key)) : Optional.empty();
    }
  }

  private void damage(Connection connection, Damage damage, Spot spot) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql(damage.sql))) {
      statement.setLong(1, spot.virtualShard());
      statement.setLong(2, spot.key());
      int rows = statement.executeUpdate();
      if (rows != 1) {
        throw new IllegalStateException(damage + " changed " + rows + " rows");
      }
    }
  }

  private String sql(String template) {
    return String.format(template, table.info().tableId());
  }

  private static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=300000");
  }
}
