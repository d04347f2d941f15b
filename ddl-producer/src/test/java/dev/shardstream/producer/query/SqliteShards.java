package dev.shardstream.producer.query;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.http.QueryEnd;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shards in memory that answer as a worker does: a view over a STRICT table, and NDJSON that goes
 * through the real reader.
 */
final class SqliteShards implements ShardClient {
  private final Map<String, Connection> shards = new ConcurrentHashMap<>();
  private final Map<String, Table> tables = new ConcurrentHashMap<>();
  final Queue<QueryRequest> asked = new ConcurrentLinkedQueue<>();

  private static String key(String tableId, int shardId) {
    return Tables.shardName(tableId, shardId);
  }

  /** Makes the shards of a topology and gives each row to its owner. */
  void load(Table table, Topology topology, List<? extends List<@Nullable Object>> rows)
      throws SQLException {
    tables.put(table.getTableId(), table);
    for (Shard shard : topology.getShards()) {
      Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
      shards.put(key(table.getTableId(), shard.getId()), connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute(create(table));
      }
      try (PreparedStatement insert = connection.prepareStatement(insert(table))) {
        for (List<@Nullable Object> row : rows) {
          int virtualShard = virtualShard(table, row);
          if (holds(shard, table, row)) {
            insert.setInt(1, virtualShard);
            for (int i = 0; i < row.size(); i++) {
              insert.setObject(i + 2, row.get(i));
            }
            insert.addBatch();
          }
        }
        insert.executeBatch();
      }
    }
  }

  /** The shard is not held here any more. */
  void drop(Table table, int shardId) {
    shards.remove(key(table.getTableId(), shardId));
  }

  private static boolean holds(Shard shard, Table table, List<@Nullable Object> row) {
    return shard.getVirtualShards().contains(virtualShard(table, row))
        && (shard.getRange() == null
            || KeyRanges.contains(shard.getRange(), OrderedKey.of(shardKey(table, row))));
  }

  static int virtualShard(Table table, List<@Nullable Object> row) {
    return VirtualShards.of(CanonicalKey.of(shardKey(table, row)));
  }

  static List<@Nullable Object> shardKey(Table table, List<@Nullable Object> row) {
    return table.getShardKey().stream().map(id -> row.get(id - 1)).collect(Collectors.toList());
  }

  private static String create(Table table) {
    String columns =
        table.getColumns().stream()
            .map(column -> "c" + column.getId() + " " + type(table, column))
            .collect(Collectors.joining(", "));
    String key =
        table.getPrimaryKey().stream().map(id -> "c" + id).collect(Collectors.joining(", "));
    return "CREATE TABLE shard (_virtualShard INTEGER, %s, PRIMARY KEY (_virtualShard, %s)) STRICT, WITHOUT ROWID"
        .formatted(columns, key);
  }

  private static String type(Table table, Column column) {
    String type = Plan.GatheredColumn.of(column).type();
    return type.equals("REAL") && !table.getPrimaryKey().contains(column.getId()) ? "ANY" : type;
  }

  private static String insert(Table table) {
    return "INSERT INTO shard VALUES (?" + ", ?".repeat(table.getColumns().size()) + ")";
  }

  @Override
  public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
    asked.add(request);
    Connection connection = shards.get(key(request.tableId(), request.shardId()));
    if (connection == null) {
      throw new ShardUnavailableException(shard, "is not held here", null);
    }
    try {
      String answer;
      synchronized (connection) {
        answer = answer(connection, request);
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      AnswerReader.read(new ByteArrayInputStream(bytes), sink)
          .ifPresent(
              error -> {
                throw error.toException();
              });
    } catch (SQLException e) {
      throw SqliteErrors.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String answer(Connection connection, QueryRequest request) throws SQLException {
    Table table = tables.get(request.tableId());
    try (Statement statement = connection.createStatement()) {
      String view = Identifiers.quote(request.view().name());
      statement.execute("DROP VIEW IF EXISTS " + view);
      statement.execute(view(table, view, request.view()));
    }
    try (PreparedStatement statement = connection.prepareStatement(request.sql())) {
      for (int i = 0; i < request.parameters().size(); i++) {
        statement.setObject(
            i + 1, JsonValues.decode(Json.mapper().valueToTree(request.parameters().get(i))));
      }
      try (ResultSet rows = statement.executeQuery()) {
        return answer(rows, request);
      }
    }
  }

  private static String view(Table table, String name, QueryRequest.View view) {
    String names =
        view.columns().stream()
            .map(column -> Identifiers.quote(column.name()))
            .collect(Collectors.joining(", "));
    String columns =
        view.columns().stream()
            .map(column -> Tables.column(table, column.id()))
            .map(
                column ->
                    type(table, column).equals("ANY")
                        ? "CAST(c" + column.getId() + " AS REAL)"
                        : "c" + column.getId())
            .collect(Collectors.joining(", "));
    String where =
        view.virtualShards() == null
            ? ""
            : view.virtualShards().stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", " WHERE _virtualShard IN (", ")"));
    return "CREATE VIEW %s (%s) AS SELECT %s FROM shard%s".formatted(name, names, columns, where);
  }

  private static String answer(ResultSet rows, QueryRequest request) throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      names.add(rows.getMetaData().getColumnName(i));
    }
    List<String> lines = new ArrayList<>();
    lines.add(Json.write(new QueryHeader(names, List.of(new Position(request.shardId(), 7)))));
    while (rows.next()) {
      if (lines.size() > request.maxRows()) {
        throw new ShardstreamException(ErrorCode.ROW_LIMIT, request.maxRows());
      }
      List<@Nullable Object> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        row.add(rows.getObject(i));
      }
      lines.add(Json.write(JsonValues.encode(row)));
    }
    lines.add(Json.write(new QueryEnd(lines.size() - 1)));
    return String.join("\n", lines);
  }

  @Override
  public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
    throw new IllegalStateException("No test awaits here");
  }

  @Override
  public void close() {
    shards
        .values()
        .forEach(
            connection -> {
              try {
                connection.close();
              } catch (SQLException e) {
                throw SqliteErrors.of(e);
              }
            });
  }
}
