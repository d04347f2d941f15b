package dev.shardstream.producer.config;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.trace.TraceContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings of a client; docs/configuration.md lists them. */
public final class ClientConfig extends ClusterConfig {
  public static final String DATABASE = "database";
  public static final String ISSUED_BY = "issued.by";
  public static final String CORRELATION_ID = "correlation.id";
  public static final String TRACEPARENT = "traceparent";
  public static final String TRACESTATE = "tracestate";
  public static final String COMMAND_TIMEOUT = "command.timeout.ms";
  public static final String LOG_PARTITIONS = "log.partitions";
  public static final String WRITE_LINGER = "write.linger.ms";
  public static final String WRITE_BUFFER = "write.buffer.bytes";
  public static final String WRITE_MAX_BYTES = "write.max.bytes";
  public static final String WRITE_TIMEOUT = "write.timeout.ms";
  public static final String WRITE_AWAIT_APPLIED = "write.await.applied";
  public static final String TABLE_WAIT = "table.wait.ms";
  public static final String QUERY_TIMEOUT = "query.timeout.ms";
  public static final String QUERY_ROW_LIMIT = "query.row.limit";
  public static final String QUERY_PARALLELISM = "query.parallelism";
  public static final String QUERY_RETRY_TIMEOUT = "query.retry.timeout.ms";
  public static final String READ_WAIT = "read.wait.ms";
  public static final String READ_MAX_STALENESS = "read.max.staleness.ms";
  public static final String HTTP_CONNECT_TIMEOUT = "http.connect.timeout.ms";
  public static final String NODE_TIMEOUT = "node.timeout.ms";
  public static final String LIVE_QUERY_TIMEOUT = "live.query.timeout.ms";
  public static final String LIVE_QUERY_CACHE_ROWS = "live.query.cache.rows";

  private ClientConfig(Map<String, String> settings) {
    super(keys(), settings);
  }

  /**
   * @param settings as text, see {@link dev.shardstream.schemas.config.ConfigSource}; unknown keys
   *     are ignored
   * @throws dev.shardstream.schemas.contract.ShardstreamException INVALID_CONFIG that names the key
   */
  public static ClientConfig of(Map<String, String> settings) {
    ClientConfig config = checked(() -> new ClientConfig(settings));
    Names.requireUsable(config.database());
    config.topics();
    config.requireTrace();
    return config;
  }

  /**
   * These settings with some others.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException INVALID_CONFIG that names the key
   */
  public ClientConfig with(Map<String, String> changes) {
    Map<String, String> all = new HashMap<>(originalsStrings());
    all.putAll(changes);
    return of(all);
  }

  /**
   * All keys of a client.
   *
   * @return a definition that the caller owns
   */
  public static ConfigDef keys() {
    ConfigDef definition = definition();
    defineStatements(definition);
    defineWrites(definition);
    defineQueries(definition);
    defineSignsOfLife(definition);
    return definition;
  }

  private static void defineStatements(ConfigDef definition) {
    definition
        .define(
            DATABASE,
            Type.STRING,
            "default",
            Importance.HIGH,
            "Database of names that do not say one.")
        .define(
            ISSUED_BY,
            Type.STRING,
            "",
            Importance.LOW,
            "Who issues DDL commands, for audits; empty for the name of the user.")
        .define(
            CORRELATION_ID,
            Type.STRING,
            "",
            Importance.LOW,
            "What the log lines of all processes about this client's DDL commands have in common, up"
                + " to 200 visible ASCII characters; empty for the trace id of traceparent, or each"
                + " command's own id.")
        .define(
            TRACEPARENT,
            Type.STRING,
            "",
            Importance.LOW,
            "W3C trace context that is passed along with this client's DDL commands; empty for none.")
        .define(
            TRACESTATE,
            Type.STRING,
            "",
            Importance.LOW,
            "W3C trace state that goes with traceparent; empty for none.")
        .define(
            COMMAND_TIMEOUT,
            Type.INT,
            60_000,
            Range.atLeast(100),
            Importance.MEDIUM,
            "How long a DDL statement waits for its answer, milliseconds.")
        .define(
            LOG_PARTITIONS,
            Type.INT,
            16,
            Range.between(1, 256),
            Importance.MEDIUM,
            "Partitions of the log of a table that does not say PARTITIONS.");
  }

  private static void defineWrites(ConfigDef definition) {
    definition
        .define(
            WRITE_LINGER,
            Type.INT,
            5,
            Range.between(0, 10_000),
            Importance.MEDIUM,
            "How long a change waits for others to be sent with, milliseconds.")
        .define(
            WRITE_BUFFER,
            Type.LONG,
            32L << 20,
            Range.atLeast(1 << 20),
            Importance.MEDIUM,
            "Bytes of changes that wait to be sent; a writer that is ahead of it waits.")
        .define(
            WRITE_MAX_BYTES,
            Type.INT,
            1_000_000,
            Range.atLeast(1024),
            Importance.MEDIUM,
            "Largest change, bytes; the brokers' message.max.bytes must be larger.")
        .define(
            WRITE_TIMEOUT,
            Type.INT,
            60_000,
            Range.atLeast(1000),
            Importance.MEDIUM,
            "How long a change may take to be acknowledged, and then to be applied, milliseconds.")
        .define(
            WRITE_AWAIT_APPLIED,
            Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether INSERT, UPDATE and DELETE wait until the shards have applied them.")
        .define(
            TABLE_WAIT,
            Type.INT,
            2_000,
            Range.atLeast(0),
            Importance.LOW,
            "How long a change waits for a table that is not known yet, milliseconds.");
  }

  private static void defineQueries(ConfigDef definition) {
    definition
        .define(
            QUERY_TIMEOUT,
            Type.INT,
            30_000,
            Range.atLeast(10),
            Importance.MEDIUM,
            "How long a statement may run on one shard and, "
                + READ_WAIT
                + " aside, on all of them, milliseconds.")
        .define(
            QUERY_ROW_LIMIT,
            Type.LONG,
            1_000_000L,
            Range.atLeast(1),
            Importance.MEDIUM,
            "Most rows that one statement reads from the shards or returns.")
        .define(
            QUERY_PARALLELISM,
            Type.INT,
            8,
            Range.between(1, 256),
            Importance.LOW,
            "Shards that one statement asks at the same time.")
        .define(
            QUERY_RETRY_TIMEOUT,
            Type.INT,
            20_000,
            Range.atLeast(0),
            Importance.MEDIUM,
            "How long a read is repeated while shards move or do not answer, milliseconds.")
        .define(
            READ_WAIT,
            Type.INT,
            20_000,
            Range.atLeast(0),
            Importance.MEDIUM,
            "How long a shard may take to reach what this session has seen, and"
                + " read.max.staleness.ms, milliseconds.")
        .define(
            READ_MAX_STALENESS,
            Type.INT,
            30_000,
            Range.atLeast(0),
            Importance.MEDIUM,
            "A read shows everything that was in the log this long before it began, or more,"
                + " milliseconds; 0 for no bound.")
        .define(
            HTTP_CONNECT_TIMEOUT,
            Type.INT,
            2_000,
            Range.atLeast(10),
            Importance.LOW,
            "How long to look for a shard worker in one attempt, milliseconds.");
  }

  private static void defineSignsOfLife(ConfigDef definition) {
    definition
        .define(
            NODE_TIMEOUT,
            Type.INT,
            30_000,
            Range.atLeast(1_000),
            Importance.LOW,
            "After how long without a heartbeat a node is shown as silent, milliseconds; as the"
                + " control plane has it.")
        .define(
            LIVE_QUERY_TIMEOUT,
            Type.INT,
            10_000,
            Range.atLeast(1_000),
            Importance.LOW,
            "After how long without a sign of life a live query counts as gone, milliseconds; as the"
                + " control plane has it.")
        .define(
            LIVE_QUERY_CACHE_ROWS,
            Type.INT,
            1_000_000,
            Range.atLeast(1),
            Importance.LOW,
            "Most rows that the result of a live query may have.");
  }

  public String database() {
    return getString(DATABASE);
  }

  public String issuedBy() {
    String configured = getString(ISSUED_BY);
    return configured.isEmpty() ? System.getProperty("user.name", "unknown") : configured;
  }

  /** For whom this client works when its caller does not say. */
  public Optional<TraceContext> trace() {
    return TraceContext.received(
        getString(CORRELATION_ID), getString(TRACEPARENT), getString(TRACESTATE));
  }

  private void requireTrace() {
    String id = getString(CORRELATION_ID);
    String parent = getString(TRACEPARENT);
    if (!id.isEmpty() && !TraceContext.isCorrelationId(id)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          CORRELATION_ID + " must have 1 to 200 visible ASCII characters, and no others");
    }
    if (!parent.isEmpty() && !TraceContext.isTraceparent(parent)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          TRACEPARENT + " is not of the form of https://www.w3.org/TR/trace-context/");
    }
  }

  public Duration commandTimeout() {
    return millis(COMMAND_TIMEOUT);
  }

  public int logPartitions() {
    return getInt(LOG_PARTITIONS);
  }

  public Duration writeLinger() {
    return millis(WRITE_LINGER);
  }

  public long writeBufferBytes() {
    return getLong(WRITE_BUFFER);
  }

  public int writeMaxBytes() {
    return getInt(WRITE_MAX_BYTES);
  }

  public Duration writeTimeout() {
    return millis(WRITE_TIMEOUT);
  }

  public boolean awaitsApplied() {
    return getBoolean(WRITE_AWAIT_APPLIED);
  }

  public Duration tableWait() {
    return millis(TABLE_WAIT);
  }

  public Duration queryTimeout() {
    return millis(QUERY_TIMEOUT);
  }

  public long queryRowLimit() {
    return getLong(QUERY_ROW_LIMIT);
  }

  public int queryParallelism() {
    return getInt(QUERY_PARALLELISM);
  }

  public Duration queryRetryTimeout() {
    return millis(QUERY_RETRY_TIMEOUT);
  }

  public Duration readWait() {
    return millis(READ_WAIT);
  }

  /** Zero for no bound. */
  public Duration readMaxStaleness() {
    return millis(READ_MAX_STALENESS);
  }

  public Duration httpConnectTimeout() {
    return millis(HTTP_CONNECT_TIMEOUT);
  }

  public Duration nodeTimeout() {
    return millis(NODE_TIMEOUT);
  }

  public Duration liveQueryTimeout() {
    return millis(LIVE_QUERY_TIMEOUT);
  }

  public int liveQueryCacheRows() {
    return getInt(LIVE_QUERY_CACHE_ROWS);
  }

  private Duration millis(String key) {
    return Duration.ofMillis(getInt(key));
  }
}
