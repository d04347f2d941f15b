package dev.shardstream.worker.http;

import static dev.shardstream.worker.shard.Identifiers.quote;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.worker.shard.SystemTables;
import dev.shardstream.worker.shard.TableShape;
import dev.shardstream.worker.shard.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs one statement of a client on a reader of a shard. The file is open for reading only, nothing
 * can be attached, no extension loaded, and the statement has to be a query; its table is a view of
 * the user's columns. Positions and rows come from one snapshot.
 */
final class StatementRunner {
  private static final Pattern QUERY =
      Pattern.compile(
          "(?:\\s|--[^\\n]*(?:\\n|$)|/\\*.*?\\*/)*(?:SELECT|VALUES|WITH|EXPLAIN)\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern SQLITE_TEXT =
      Pattern.compile("\\[SQLITE_\\w+\\][^(]*\\((.*)\\)", Pattern.DOTALL);

  private final ScheduledExecutorService alarms;

  /** Where the answer goes. */
  interface Answer {
    void begin(QueryHeader header);

    /** Stored values as SQLite gives them. */
    void row(List<@Nullable Object> values);

    void end(long rows);
  }

  StatementRunner(ScheduledExecutorService alarms) {
    this.alarms = alarms;
  }

  /**
   * @param limit longest run
   * @param maxRows most rows
   * @throws ShardstreamException QUERY_FAILED, STATEMENT_TIMEOUT, ROW_LIMIT, COLUMN_NOT_FOUND
   */
  void run(
      Connection reader,
      TableShape shape,
      QueryRequest request,
      Duration limit,
      long maxRows,
      Answer answer)
      throws SQLException {
    if (!QUERY.matcher(request.sql()).matches()) {
      throw new ShardstreamException(
          ErrorCode.QUERY_FAILED, "a shard runs queries only: SELECT, VALUES or WITH");
    }
    String view = "temp." + quote(request.view().name());
    Transaction.execute(reader, viewSql(view, shape, request.view()));
    Transaction.execute(reader, "PRAGMA query_only = ON");
    try (StatementDeadline deadline = new StatementDeadline(reader, limit, alarms)) {
      query(reader, request, maxRows, answer, deadline, limit);
    } finally {
      Transaction.execute(reader, "PRAGMA query_only = OFF");
      Transaction.execute(reader, "DROP VIEW " + view);
    }
  }

  private static void query(
      Connection reader,
      QueryRequest request,
      long maxRows,
      Answer answer,
      StatementDeadline deadline,
      Duration limit)
      throws SQLException {
    try {
      Transaction.deferred(
          reader,
          () -> {
            stream(reader, request, maxRows, answer, deadline);
            return true;
          });
    } catch (SQLException failure) {
      throw deadline.hasPassed()
          ? new ShardstreamException(ErrorCode.STATEMENT_TIMEOUT, limit.toMillis())
              .causedBy(failure)
          : named(failure);
    }
  }

  private static void stream(
      Connection reader,
      QueryRequest request,
      long maxRows,
      Answer answer,
      StatementDeadline deadline)
      throws SQLException {
    List<Position> positions = SystemTables.readPositions(reader).toList();
    try (PreparedStatement statement = reader.prepareStatement(request.sql())) {
      bind(statement, request.parameters());
      try (ResultSet row = statement.executeQuery()) {
        List<String> names = names(row.getMetaData());
        answer.begin(new QueryHeader(names, positions));
        long rows = 0;
        while (row.next()) {
          if (rows == maxRows) {
            throw new ShardstreamException(ErrorCode.ROW_LIMIT, maxRows);
          }
          // Between two rows SQLite runs nothing that could be interrupted.
          if (deadline.hasPassed()) {
            throw new SQLException("interrupted");
          }
          answer.row(values(row, names.size()));
          rows++;
        }
        answer.end(rows);
      }
    }
  }

  private static List<String> names(ResultSetMetaData result) throws SQLException {
    List<String> names = new ArrayList<>(result.getColumnCount());
    for (int i = 1; i <= result.getColumnCount(); i++) {
      names.add(result.getColumnLabel(i));
    }
    return names;
  }

  private static List<@Nullable Object> values(ResultSet row, int columns) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>(columns);
    for (int i = 1; i <= columns; i++) {
      values.add(row.getObject(i));
    }
    return values;
  }

  private static void bind(PreparedStatement statement, List<? extends @Nullable Object> parameters)
      throws SQLException {
    int expected = statement.getParameterMetaData().getParameterCount();
    if (expected != parameters.size()) {
      throw new ShardstreamException(ErrorCode.PARAMETER_COUNT, expected, parameters.size());
    }
    for (int i = 0; i < parameters.size(); i++) {
      statement.setObject(i + 1, JsonValues.decode(Json.mapper().valueToTree(parameters.get(i))));
    }
  }

  private static String viewSql(String view, TableShape shape, QueryRequest.View wanted) {
    List<String> names = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (QueryRequest.ViewColumn column : wanted.columns()) {
      names.add(quote(column.name()));
      expressions.add(shape.readExpression(column(shape, column)));
    }
    List<Integer> virtualShards = wanted.virtualShards();
    String where =
        virtualShards == null ? "" : " WHERE _virtualShard IN (" + list(virtualShards) + ")";
    return "CREATE TEMP VIEW "
        + view.substring("temp.".length())
        + " ("
        + String.join(", ", names)
        + ") AS SELECT "
        + String.join(", ", expressions)
        + " FROM main."
        + shape.name()
        + where;
  }

  private static Column column(TableShape shape, QueryRequest.ViewColumn wanted) {
    return shape.columns().stream()
        .filter(column -> column.getId() == wanted.id())
        .findFirst()
        .orElseThrow(
            () ->
                new ShardstreamException(
                    ErrorCode.COLUMN_NOT_FOUND, wanted.name(), shape.table().getName()));
  }

  /** Numbers that were numbers in the request: a view's text cannot have parameters. */
  private static String list(List<Integer> virtualShards) {
    return virtualShards.stream()
        .map(v -> Integer.toString(Objects.checkIndex(v, VirtualShards.COUNT)))
        .collect(Collectors.joining(", "));
  }

  /** SQLite's own words, without the driver's around them. */
  private static ShardstreamException named(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    Matcher sqlite = SQLITE_TEXT.matcher(message);
    return new ShardstreamException(
            ErrorCode.QUERY_FAILED, sqlite.matches() ? sqlite.group(1) : message)
        .causedBy(failure);
  }
}
