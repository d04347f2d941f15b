package dev.shardstream.worker.config;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.sqlite.GuestLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings of one shard worker. */
public final class WorkerConfig extends ClusterConfig {
  public static final String NODE_ID = "node.id";
  public static final String ADVERTISED_URL = "advertised.url";
  public static final String DATA_DIR = "data.dir";
  public static final String HEARTBEAT_INTERVAL = "heartbeat.interval.ms";
  public static final String APPLY_BATCH_CHANGES = "apply.batch.changes";
  public static final String APPLY_BATCH_BYTES = "apply.batch.bytes";
  public static final String APPLY_POLL = "apply.poll.ms";
  public static final String APPLY_LINGER = "apply.linger.ms";
  public static final String APPLY_RETRY_MAX = "apply.retry.max.ms";
  public static final String APPLY_FETCH_BYTES = "apply.fetch.bytes";
  public static final String COPY_THREADS = "copy.threads";
  public static final String COPY_FETCH_TIMEOUT = "copy.fetch.timeout.ms";
  public static final String VERIFY_THREADS = "verify.threads";
  public static final String STATEMENT_TIMEOUT_MAX = "statement.timeout.max.ms";
  public static final String STATEMENT_WAIT_MAX = "statement.wait.max.ms";
  public static final String ROW_LIMIT_MAX = "row.limit.max";
  public static final String STATEMENT_LENGTH_MAX = "statement.length.max";
  public static final String VALUE_BYTES_MAX = "value.max.bytes";
  public static final String RESULT_BYTES_MAX = "result.max.bytes";
  public static final String READERS_PER_SHARD = "readers.per.shard";
  public static final String WAL_BYTES = "wal.bytes";
  public static final String PAGE_CACHE_BYTES = "page.cache.bytes";
  public static final String REJECTIONS_KEPT = "rejections.kept";
  public static final String SNAPSHOT_PLACE = "snapshot.place";

  private WorkerConfig(Map<String, String> settings) {
    super(keys(), settings);
  }

  /**
   * Checks the settings.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException INVALID_CONFIG that names the key
   */
  public static WorkerConfig of(Map<String, String> settings) {
    return checked(() -> new WorkerConfig(settings));
  }

  /**
   * All keys of a shard worker.
   *
   * @return a definition that the caller owns
   */
  public static ConfigDef keys() {
    return HttpServerKeys.define(queries(snapshots(copies(applying(node(definition()))))));
  }

  private static ConfigDef node(ConfigDef keys) {
    return keys.define(
            NODE_ID,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            ConfigDef.LambdaValidator.with(WorkerConfig::requireNodeId, () -> "[A-Za-z0-9._-]+"),
            Importance.HIGH,
            "Name of this node, unique in the cluster and the same at every start.")
        .define(
            ADVERTISED_URL,
            Type.STRING,
            "",
            Importance.HIGH,
            "URL by which others reach the HTTP server; empty for http://host:port, or https with"
                + " http.tls.keystore.file.")
        .define(
            DATA_DIR,
            Type.STRING,
            Importance.HIGH,
            "Directory of this node's shards, kept from start to start; one process at a time.")
        .define(
            HEARTBEAT_INTERVAL,
            Type.INT,
            1_000,
            Range.between(50, 60_000),
            Importance.MEDIUM,
            "Time between heartbeats, milliseconds; a small part of the control plane's"
                + " task.timeout.ms and node.timeout.ms.");
  }

  private static ConfigDef applying(ConfigDef keys) {
    return keys.define(
            APPLY_BATCH_CHANGES,
            Type.INT,
            20_000,
            Range.between(1, 200_000),
            Importance.MEDIUM,
            "Most changes in one SQLite transaction.")
        .define(
            APPLY_BATCH_BYTES,
            Type.INT,
            8 * 1024 * 1024,
            Range.atLeast(1024),
            Importance.MEDIUM,
            "Most bytes of log records in one SQLite transaction; one poll may exceed it.")
        .define(
            APPLY_POLL,
            Type.INT,
            500,
            Range.between(1, 10_000),
            Importance.LOW,
            "Longest wait for records before other work of the shard gets its turn, milliseconds.")
        .define(
            APPLY_LINGER,
            Type.INT,
            100,
            Range.between(0, 10_000),
            Importance.LOW,
            "Longest time a shard that is behind collects records for one batch, milliseconds.")
        .define(
            APPLY_RETRY_MAX,
            Type.INT,
            10_000,
            Range.between(10, 600_000),
            Importance.LOW,
            "Longest pause before a shard tries again after a failure, milliseconds.")
        .define(
            APPLY_FETCH_BYTES,
            Type.INT,
            4 * 1024 * 1024,
            Range.atLeast(1024),
            Importance.LOW,
            "Most bytes that one shard fetches from Kafka at once.")
        .define(
            WAL_BYTES,
            Type.LONG,
            64L * 1024 * 1024,
            Range.atLeast(1024 * 1024),
            Importance.LOW,
            "Size of a shard's write-ahead log (SQLite's, on disk) from which it is truncated on"
                + " purpose.")
        .define(
            PAGE_CACHE_BYTES,
            Type.INT,
            8 * 1024 * 1024,
            Range.atLeast(256 * 1024),
            Importance.LOW,
            "SQLite page cache of a shard's writer, bytes of memory; each reader gets a quarter of"
                + " it.")
        .define(
            REJECTIONS_KEPT,
            Type.INT,
            100_000,
            Range.atLeast(1),
            Importance.LOW,
            "Rejections kept with a shard; older ones are deleted once they are published.");
  }

  private static ConfigDef copies(ConfigDef keys) {
    return keys.define(
            COPY_THREADS,
            Type.INT,
            1,
            Range.between(1, 64),
            Importance.MEDIUM,
            "Shards that are copied to this node at the same time; each reads a source as fast as"
                + " it may.")
        .define(
            COPY_FETCH_TIMEOUT,
            Type.INT,
            120_000,
            Range.atLeast(100),
            Importance.LOW,
            "Longest time that another node may say nothing while a slice is fetched from it,"
                + " milliseconds.")
        .define(
            VERIFY_THREADS,
            Type.INT,
            1,
            Range.between(1, 64),
            Importance.LOW,
            "Digests that are computed at the same time.");
  }

  private static ConfigDef snapshots(ConfigDef keys) {
    return keys.define(
        SNAPSHOT_PLACE,
        Type.STRING,
        "",
        Importance.MEDIUM,
        "Where the snapshots of tables lie, a directory or s3://bucket/prefix; empty for nowhere. A"
            + " shard that is made anew begins with them, and the log of a table can be cut behind"
            + " them when every worker has them.");
  }

  private static ConfigDef queries(ConfigDef keys) {
    return keys.define(
            STATEMENT_TIMEOUT_MAX,
            Type.LONG,
            300_000L,
            Range.atLeast(1),
            Importance.MEDIUM,
            "Longest run of a statement that a client can ask for, milliseconds.")
        .define(
            STATEMENT_WAIT_MAX,
            Type.LONG,
            60_000L,
            Range.atLeast(0),
            Importance.MEDIUM,
            "Longest wait for a position that a client can ask for, milliseconds.")
        .define(
            ROW_LIMIT_MAX,
            Type.LONG,
            10_000_000L,
            Range.atLeast(1),
            Importance.MEDIUM,
            "Most rows of a result that a client can ask for.")
        .define(
            STATEMENT_LENGTH_MAX,
            Type.INT,
            1_000_000,
            Range.between(1_000, 1_000_000_000),
            Importance.LOW,
            "Most characters of a statement.")
        .define(
            VALUE_BYTES_MAX,
            Type.INT,
            GuestLimits.VALUE_BYTES,
            Range.between(1024 * 1024, 1_000_000_000),
            Importance.LOW,
            "Most bytes of a value, and of a row, that a statement reads or makes on the way;"
                + " more than a change in the log can have.")
        .define(
            RESULT_BYTES_MAX,
            Type.LONG,
            1024L * 1024 * 1024,
            Range.atLeast(1024),
            Importance.LOW,
            "Most bytes of a result, as they are sent.")
        .define(
            READERS_PER_SHARD,
            Type.INT,
            8,
            Range.between(1, 256),
            Importance.MEDIUM,
            "Statements that read one shard at the same time.");
  }

  private static void requireNodeId(String name, Object value) {
    if (!value.toString().matches("[A-Za-z0-9._-]{1,100}")) {
      throw new org.apache.kafka.common.config.ConfigException(
          name, value, "use letters, digits, '.', '_' and '-', at most 100");
    }
  }

  public String nodeId() {
    return getString(NODE_ID);
  }

  public String httpHost() {
    return getString(HttpServerKeys.HOST);
  }

  public int httpPort() {
    return getInt(HttpServerKeys.PORT);
  }

  /** The configured URL; empty to derive it from the bound port. */
  public Optional<String> advertisedUrl() {
    return Optional.of(getString(ADVERTISED_URL)).filter(url -> !url.isEmpty());
  }

  /** A directory or a place in S3; empty when there is none. */
  public Optional<String> snapshotPlace() {
    return Optional.of(getString(SNAPSHOT_PLACE)).filter(place -> !place.isEmpty());
  }

  public Path dataDir() {
    return Path.of(getString(DATA_DIR));
  }

  /** A setting in milliseconds as a duration. */
  public Duration millis(String key) {
    return Duration.ofMillis(((Number) get(key)).longValue());
  }
}
