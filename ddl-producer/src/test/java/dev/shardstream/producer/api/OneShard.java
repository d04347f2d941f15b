package dev.shardstream.producer.api;

import dev.shardstream.producer.query.ShardAddress;
import dev.shardstream.producer.query.ShardClient;
import dev.shardstream.producer.sql.SqlText;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
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
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The only shard of one table: takes what a mock producer has sent, and answers in SQLite. */
final class OneShard implements ShardClient {
  private final Table table;
  private final MockProducer<byte[], byte[]> log;
  private final Map<ByteBuffer, List<@Nullable Object>> rows = new LinkedHashMap<>();
  private final Map<Integer, Long> nextOffset = new HashMap<>();
  private final List<Rejection> rejections = new ArrayList<>();
  private int taken;
  int queries;

  OneShard(Table table, MockProducer<byte[], byte[]> log) {
    this.table = table;
    this.log = log;
  }

  /** The rows in the order in which they came. */
  List<List<@Nullable Object>> rows() {
    apply();
    return List.copyOf(rows.values());
  }

  private void apply() {
    for (; taken < log.history().size(); taken++) {
      ProducerRecord<byte[], byte[]> record = log.history().get(taken);
      long offset = nextOffset.merge(record.partition(), 1L, Long::sum) - 1;
      refused(record)
          .ifPresent(
              code ->
                  rejections.add(
                      new Rejection(record.partition(), offset, code.name(), "" + code)));
    }
  }

  private Optional<ErrorCode> refused(ProducerRecord<byte[], byte[]> record) {
    RowChange change = RowCodec.of(table).decode(record.value());
    ByteBuffer key = ByteBuffer.wrap(record.key());
    List<@Nullable Object> before = rows.get(key);
    if (change.op() == Op.INSERT && before != null) {
      return Optional.of(ErrorCode.DUPLICATE_KEY);
    }
    if ((change.op() == Op.UPDATE || change.op() == Op.DELETE) && before == null) {
      return Optional.of(ErrorCode.NOT_FOUND);
    }
    switch (change.op()) {
      case INSERT, UPSERT -> rows.put(key, Projection.row(table, change));
      case UPDATE -> rows.put(key, Projection.update(table, before, change.values()));
      case DELETE -> rows.remove(key);
    }
    return Optional.empty();
  }

  @Override
  public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
    apply();
    return new AwaitResponse(
        true,
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
  public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
    queries++;
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
    List<Column> columns =
        view.columns().stream().map(column -> Tables.column(table, column.id())).toList();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          columns.stream()
              .map(column -> SqlText.identifier(column.getName()) + " " + type(column))
              .collect(
                  Collectors.joining(
                      ", ", "CREATE TABLE " + SqlText.identifier(view.name()) + " (", ") STRICT")));
    }
    String insert =
        "INSERT INTO "
            + SqlText.identifier(view.name())
            + " VALUES (?"
            + ", ?".repeat(columns.size() - 1)
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      for (List<@Nullable Object> row : rows.values()) {
        for (int i = 0; i < columns.size(); i++) {
          statement.setObject(i + 1, row.get(table.getColumns().indexOf(columns.get(i))));
        }
        statement.execute();
      }
    }
  }

  private static String type(Column column) {
    return switch (column.getType()) {
      case INTEGER, BIGINT, BOOLEAN -> "INTEGER";
      case FLOAT, DOUBLE -> "REAL";
      case TEXT, VARCHAR, DATE, TIMESTAMP -> "TEXT";
      case BLOB -> "BLOB";
    };
  }

  private static void answer(ResultSet result, AnswerSink sink) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      names.add(result.getMetaData().getColumnName(i));
    }
    sink.header(new QueryHeader(names, List.of()));
    while (result.next()) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        Object value = result.getObject(i);
        row.add(value instanceof Integer small ? (Object) small.longValue() : value);
      }
      sink.row(row);
    }
  }

  @Override
  public void close() {}
}
