package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.live.LiveQuery;
import dev.shardstream.producer.live.LiveQuerySink;
import dev.shardstream.producer.query.RowSink;
import dev.shardstream.producer.query.StoredParameters;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.config.ConfigSource;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of one cluster. Safe for use by several threads; one for a process is enough.
 *
 * <pre>{@code
 * try (Shardstream shardstream = Shardstream.connect(Map.of(
 *     "bootstrap.servers", "localhost:9092",
 *     "schema.registry.url", "http://localhost:8081"))) {
 *   shardstream.execute(
 *       "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL) WITH (SHARDS=4)");
 *   shardstream.execute("INSERT INTO users VALUES (?, ?), (?, ?)", 1, "Ada", 2, "Grace");
 *   Result result = shardstream.execute("SELECT name FROM users WHERE id = ?", 2);
 *   System.out.println(result.rows().get(0).get(0)); // Grace
 *   shardstream.reshards().start("users", 8);
 * }
 * }</pre>
 *
 * <p>A client reads its own writes, and never reads backwards, also across a reshard.
 */
public final class Shardstream implements AutoCloseable {
  private final Connection connection;

  private Shardstream(Connection connection) {
    this.connection = connection;
  }

  /**
   * Connects to a cluster.
   *
   * @param settings see docs/sql.md; {@code bootstrap.servers} and {@code schema.registry.url} are
   *     required
   * @throws ShardstreamException INVALID_CONFIG, KAFKA_UNREACHABLE, REGISTRY_UNREACHABLE, or
   *     NO_ANSWER when the cluster has no topics yet, each after {@code connect.timeout.ms}
   */
  public static Shardstream connect(Map<String, String> settings) {
    return new Shardstream(Connection.open(ClientConfig.of(settings)));
  }

  /**
   * Connects to the cluster that a properties file names; the environment wins over the file.
   *
   * @throws ShardstreamException FILE_ERROR, and what {@link #connect(Map)} throws
   */
  public static Shardstream connect(Path file) {
    return connect(ConfigSource.load(file, System.getenv()));
  }

  /**
   * Executes one statement.
   *
   * @param parameters values for its parameters, in their order: Java's numbers, String, Boolean,
   *     byte[], LocalDate, LocalDateTime, Instant or null
   * @return its rows; INSERT, UPDATE and DELETE answer one row, {@code rows_affected}
   * @throws ShardstreamException with the code of what is wrong; docs/sql.md lists them
   */
  public Result execute(String sql, @Nullable Object... parameters) {
    return execute(SqlParser.parse(sql), parameters);
  }

  /** Executes a statement that was parsed before. */
  public Result execute(Statement statement, @Nullable Object... parameters) {
    return execute(statement, CallOptions.CONFIGURED, parameters);
  }

  /** Executes a statement that was parsed before, for somebody who wants it in another way. */
  public Result execute(Statement statement, CallOptions options, @Nullable Object... parameters) {
    return connection.statements(options).execute(statement, stored(statement, parameters));
  }

  /**
   * Executes one SELECT and hands its rows over as they come, so that the result does not have to
   * fit into memory.
   *
   * @throws ShardstreamException UNSUPPORTED for anything but a SELECT
   */
  public void stream(String sql, RowSink sink, @Nullable Object... parameters) {
    Statement statement = SqlParser.parse(sql);
    if (!(statement instanceof SelectStatement select)) {
      throw new ShardstreamException(ErrorCode.UNSUPPORTED, "streaming anything but a SELECT");
    }
    List<@Nullable Object> values = stored(statement, parameters);
    connection.router().stream(select, values, connection.session(), sink);
  }

  /**
   * Subscribes to a SELECT of plain columns of one table, with an optional WHERE over its columns:
   * its rows, and then every change of its result as it is applied. It goes on across reshards and
   * lost connections until it is closed.
   *
   * <pre>{@code
   * try (LiveQuery open = shardstream.subscribe(
   *     "SELECT id, status FROM orders WHERE status <> ?", sink, "closed")) {
   *   open.awaitEnd(Duration.ofHours(1));
   * }
   * }</pre>
   *
   * @param sql the SELECT, with or without SUBSCRIBE TO before it
   * @param sink gets rows and changes in a thread of the query
   * @return the query, to be closed
   * @throws ShardstreamException UNSUPPORTED for any other statement, TABLE_NOT_FOUND,
   *     COLUMN_NOT_FOUND, QUERY_FAILED, WRITE_FAILED
   */
  public LiveQuery subscribe(String sql, LiveQuerySink sink, @Nullable Object... parameters) {
    Statement statement = SqlParser.parse(sql);
    List<@Nullable Object> values = stored(statement, parameters);
    if (statement instanceof Statement.Subscribe subscribe) {
      return connection.liveQueries().subscribe(subscribe.select(), values, sink);
    }
    if (statement instanceof SelectStatement select) {
      return connection.liveQueries().subscribe(select, values, sink);
    }
    throw new ShardstreamException(ErrorCode.UNSUPPORTED, "subscribing to anything but a SELECT");
  }

  private static List<@Nullable Object> stored(Statement statement, @Nullable Object[] parameters) {
    if (statement.parameterCount() != parameters.length) {
      throw new ShardstreamException(
          ErrorCode.PARAMETER_COUNT, statement.parameterCount(), parameters.length);
    }
    return StoredParameters.of(Arrays.asList(parameters));
  }

  /** Tables without SQL. */
  public TableOperations tables() {
    return connection.tables();
  }

  /** Reshards: started, watched and steered. */
  public ReshardOperations reshards() {
    return connection.reshards();
  }

  /** The nodes of the cluster. */
  public NodeOperations nodes() {
    return connection.nodes();
  }

  /** DDL commands as events. */
  public DdlOperations ddl() {
    return connection.ddl();
  }

  /** Snapshots of tables, in a store outside of the cluster. */
  public SnapshotOperations snapshots() {
    return connection.snapshots();
  }

  /**
   * A writer of one table, for many rows.
   *
   * @param table its name; {@code db.name} for another database than the configured one
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY
   */
  public RowWriter writer(String table) {
    return connection.writer(table);
  }

  /** The settings of this client. */
  public ClientConfig config() {
    return connection.config();
  }

  /** Sends what waits to be sent, and ends. */
  @Override
  public void close() {
    connection.close();
  }
}
