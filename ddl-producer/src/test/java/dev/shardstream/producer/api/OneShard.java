package dev.shardstream.producer.api;

import dev.shardstream.producer.query.ShardAddress;
import dev.shardstream.producer.query.ShardClient;
import dev.shardstream.producer.query.ShardUnavailableException;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.AwaitResponse.Rejection;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.schemas.row.Projection;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowCodec;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The only shard of one table: takes what a mock producer has sent, and answers in SQLite. */
public final class OneShard implements ShardClient {
  private final Table table;
  private final MockProducer<byte[], byte[]> log;
  private final Map<ByteBuffer, List<@Nullable Object>> rows = new LinkedHashMap<>();
  private final Map<Integer, Long> nextOffset = new HashMap<>();
  private final List<Rejection> rejections = new ArrayList<>();
  private final Map<ByteBuffer, Long> versions = new HashMap<>();
  private int taken;
  private int limit = Integer.MAX_VALUE;
  private int away;
  int queries;

  public OneShard(Table table, MockProducer<byte[], byte[]> log) {
    this.table = table;
    this.log = log;
  }

  /** Takes no more changes than so many from now on. */
  public synchronized void hold() {
    apply();
    limit = taken;
  }

  /** Takes what was held back. */
  public synchronized void release() {
    limit = Integer.MAX_VALUE;
  }

  /** Does not answer the next queries. */
  public synchronized void goAway(int times) {
    away = times;
  }

  /** The rows in the order in which they came. */
  synchronized List<List<@Nullable Object>> rows() {
    apply();
    return List.copyOf(rows.values());
  }

  private void apply() {
    for (; taken < Math.min(limit, log.history().size()); taken++) {
      ProducerRecord<byte[], byte[]> record = log.history().get(taken);
      long offset = nextOffset.merge(record.partition(), 1L, Long::sum) - 1;
      refused(record, offset)
          .ifPresent(
              code ->
                  rejections.add(
                      new Rejection(record.partition(), offset, code.name(), "" + code)));
    }
  }

  private Optional<ErrorCode> refused(ProducerRecord<byte[], byte[]> record, long offset) {
    RowChange change = RowCodec.of(table).decode(record.value());
    ByteBuffer key = ByteBuffer.wrap(record.key());
    List<@Nullable Object> before = rows.get(key);
    if (change.op() == Op.INSERT && before != null) {
      return Optional.of(ErrorCode.DUPLICATE_KEY);
    }
    if ((change.op() == Op.UPDATE || change.op() == Op.DELETE) && before == null) {
      return Optional.of(ErrorCode.NOT_FOUND);
    }
    versions.put(key, offset);
    switch (change.op()) {
      case INSERT, UPSERT -> rows.put(key, Projection.row(table, change));
      case UPDATE -> rows.put(key, Projection.update(table, before, change.values()));
      case DELETE -> rows.remove(key);
    }
    return Optional.empty();
  }

  @Override
  public synchronized AwaitResponse await(ShardAddress shard, AwaitRequest request) {
    apply();
    return new AwaitResponse(
        request.changes().stream()
            .allMatch(c -> nextOffset.getOrDefault(c.partition(), 0L) > c.offset()),
        rejections.stream()
            .filter(
                rejection ->
                    request.changes().stream()
                        .anyMatch(
                            change ->
                                change.partition() == rejection.partition()
                                    && change.offset() == rejection.offset()))
            .toList());
  }

  @Override
  public synchronized void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
    queries++;
    if (away-- > 0) {
      throw new ShardUnavailableException(shard, "away", null);
    }
    apply();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      load(connection, request.view());
      try (PreparedStatement statement = connection.prepareStatement(request.sql())) {
        for (int i = 0; i < request.parameters().size(); i++) {
          statement.setObject(
              i + 1, JsonValues.decode(Json.mapper().valueToTree(request.parameters().get(i))));
        }
        answer(statement.executeQuery(), sink);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(request.sql(), e);
    }
  }

  private void load(Connection connection, QueryRequest.View view) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          view.columns().stream()
              .map(column -> Identifiers.quote(column.name()) + " " + type(column))
              .collect(
                  Collectors.joining(
                      ", ", "CREATE TABLE " + Identifiers.quote(view.name()) + " (", ") STRICT")));
    }
    String insert =
        "INSERT INTO "
            + Identifiers.quote(view.name())
            + " VALUES (?"
            + ", ?".repeat(view.columns().size() - 1)
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      for (Map.Entry<ByteBuffer, List<@Nullable Object>> row : rows.entrySet()) {
        for (int i = 0; i < view.columns().size(); i++) {
          statement.setObject(i + 1, value(row, view.columns().get(i)));
        }
        statement.execute();
      }
    }
  }

  private @Nullable Object value(
      Map.Entry<ByteBuffer, List<@Nullable Object>> row, QueryRequest.ViewColumn column) {
    return column.id() == QueryRequest.ROW_VERSION
        ? versions.get(row.getKey())
        : row.getValue().get(table.getColumns().indexOf(Tables.column(table, column.id())));
  }

  private String type(QueryRequest.ViewColumn column) {
    return column.id() == QueryRequest.ROW_VERSION
        ? "INTEGER"
        : type(Tables.column(table, column.id()));
  }

  private static String type(Column column) {
    return switch (column.getType()) {
      case INTEGER, BIGINT, BOOLEAN -> "INTEGER";
      case FLOAT, DOUBLE -> "REAL";
      case TEXT, VARCHAR, DATE, TIMESTAMP -> "TEXT";
      case BLOB -> "BLOB";
    };
  }

  private void answer(ResultSet result, AnswerSink sink) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      names.add(result.getMetaData().getColumnName(i));
    }
    sink.header(new QueryHeader(names, positions()));
    while (result.next()) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        Object value = result.getObject(i);
        row.add(value instanceof Integer small ? (Object) small.longValue() : value);
      }
      sink.row(row);
    }
  }

  private List<Position> positions() {
    return IntStream.range(0, table.getPartitions())
        .mapToObj(i -> new Position(i, nextOffset.getOrDefault(i, 0L)))
        .toList();
  }

  @Override
  public void close() {}
}
