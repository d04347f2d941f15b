package dev.shardstream.worker.http;

import static dev.shardstream.schemas.contract.Identifiers.quote;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.schemas.sqlite.FatalFunctions;
import dev.shardstream.schemas.sqlite.StatementDeadline;
import dev.shardstream.schemas.sqlite.StatementWords;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.SystemTables;
import dev.shardstream.worker.shard.TableShape;
import dev.shardstream.worker.shard.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Runs one statement of a client on a reader of a shard. The file is open for reading only, nothing
 * can be attached, no extension loaded, and the statement has to be a query; its table is a view of
 * the user's columns. Positions and rows come from one snapshot.
 */
final class StatementRunner {
  private static final Set<String> QUERIES = Set.of("select", "values", "with", "explain");

  private static final Pattern SQLITE_TEXT =
      Pattern.compile("\\[SQLITE_\\w+\\][^(]*\\((.*)\\)", Pattern.DOTALL);

  private final Clock clock;

  /** Where the answer goes. */
  interface Answer {
    void begin(QueryHeader header);

    /** Stored values as SQLite gives them. */
    void row(List<@Nullable Object> values);

    void end(long rows);
  }

  /**
   * @param clock decides which rows of a stream table have expired
   */
  StatementRunner(Clock clock) {
    this.clock = clock;
  }

  /**
   * Runs in one read transaction. The view is made inside it, of the table's shape in its snapshot:
   * the owner may alter the table at any moment.
   *
   * @param newest the table's shape, or one that it had just before
   * @param limit longest run
   * @param maxRows most rows
   * @throws ShardstreamException QUERY_FAILED, STATEMENT_TIMEOUT, ROW_LIMIT, COLUMN_NOT_FOUND,
   *     STALE_SCHEMA when a column of the view has been dropped
   */
  void run(
      Connection reader,
      TableShape newest,
      QueryRequest request,
      Duration limit,
      long maxRows,
      Answer answer)
      throws SQLException {
    requireHarmless(request.sql());
    // A statement that fails takes its view with it: the transaction is rolled back.
    Transaction.deferred(
        reader,
        () -> {
          TableShape shape = SystemTables.readShape(reader, newest);
          createView(reader, viewSql(shape, request));
          query(reader, request, maxRows, answer, limit);
          Transaction.execute(reader, "DROP VIEW temp." + quote(request.view().name()));
          return true;
        });
  }

  /**
   * SQLite itself says what is no name, or one name too many; whatever else fails is the shard's.
   */
  private static void createView(Connection reader, String sql) throws SQLException {
    try {
      Transaction.execute(reader, sql);
    } catch (SQLiteException failure) {
      if (failure.getResultCode() == SQLiteErrorCode.SQLITE_ERROR) {
        throw named(failure);
      }
      throw failure;
    }
  }

  private static void requireHarmless(String sql) {
    StatementWords words = StatementWords.of(sql);
    if (!QUERIES.contains(words.first())) {
      throw new ShardstreamException(
          ErrorCode.QUERY_FAILED, "a shard runs queries only: SELECT, VALUES or WITH");
    }
    FatalFunctions.requireNone(words);
  }

  private void query(
      Connection reader, QueryRequest request, long maxRows, Answer answer, Duration limit)
      throws SQLException {
    Transaction.execute(reader, "PRAGMA query_only = ON");
    try (StatementDeadline deadline = new StatementDeadline(limit, () -> interrupt(reader))) {
      try {
        stream(reader, request, maxRows, answer, deadline);
      } catch (SQLException failure) {
        throw deadline.hasPassed()
            ? new ShardstreamException(ErrorCode.STATEMENT_TIMEOUT, limit.toMillis())
                .causedBy(failure)
            : named(failure);
      }
    } finally {
      Transaction.execute(reader, "PRAGMA query_only = OFF");
    }
  }

  private static void interrupt(Connection reader) {
    try {
      ((SQLiteConnection) reader).getDatabase().interrupt();
    } catch (SQLException closed) {
      // It runs nothing any more.
    }
  }

  private static void stream(
      Connection reader,
      QueryRequest request,
      long maxRows,
      Answer answer,
      StatementDeadline deadline)
      throws SQLException {
    List<Position> positions = PositionTable.read(reader).toList();
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

  private String viewSql(TableShape shape, QueryRequest request) {
    List<String> names = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (QueryRequest.ViewColumn column : request.view().columns()) {
      names.add(quote(column.name()));
      expressions.add(
          column.id() == QueryRequest.ROW_VERSION
              ? "_version"
              : shape.readExpression(column(shape, column, request.schemaVersion())));
    }
    return "CREATE TEMP VIEW "
        + quote(request.view().name())
        + " ("
        + String.join(", ", names)
        + ") AS SELECT "
        + String.join(", ", expressions)
        + " FROM main."
        + shape.name()
        + " WHERE "
        + String.join(" AND ", conditions(shape.table(), request.view().virtualShards()));
  }

  /** Of the rows that a statement sees. */
  private List<String> conditions(Table table, @Nullable List<Integer> virtualShards) {
    List<String> conditions = new ArrayList<>();
    if (virtualShards != null) {
      conditions.add("_virtualShard IN (" + list(virtualShards) + ")");
    }
    Long ttlSeconds = table.getTtlSeconds();
    if (ttlSeconds != null) {
      conditions.add("_updated > " + (clock.millis() - ttlSeconds * 1000));
    }
    return conditions.isEmpty() ? List.of("true") : conditions;
  }

  private static Column column(
      TableShape shape, QueryRequest.ViewColumn wanted, int schemaVersion) {
    return shape.columns().stream()
        .filter(column -> column.getId() == wanted.id())
        .findFirst()
        .orElseThrow(() -> missing(shape.table(), wanted, schemaVersion));
  }

  private static ShardstreamException missing(
      Table table, QueryRequest.ViewColumn wanted, int schemaVersion) {
    return table.getSchemaVersion() > schemaVersion
        ? new ShardstreamException(
            ErrorCode.STALE_SCHEMA, schemaVersion, table.getName(), table.getSchemaVersion())
        : new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, wanted.name(), table.getName());
  }

  /** Numbers that were numbers in the request: a view's text cannot have parameters. */
  private static String list(List<Integer> virtualShards) {
    return virtualShards.stream()
        .map(VirtualShards::require)
        .map(String::valueOf)
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
