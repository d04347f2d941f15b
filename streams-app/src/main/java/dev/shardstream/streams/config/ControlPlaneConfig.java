package dev.shardstream.streams.config;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.streams.state.Limits;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings of one control plane process. */
public final class ControlPlaneConfig extends ClusterConfig {
  public static final String ADVERTISED_URL = "advertised.url";
  public static final String STATE_DIR = "state.dir";
  public static final String INSTANCE_ID = "instance.id";
  public static final String SESSION_TIMEOUT = "session.timeout.ms";
  public static final String THREADS = "num.stream.threads";
  public static final String STANDBYS = "num.standby.replicas";
  public static final String NODE_TIMEOUT = "node.timeout.ms";
  public static final String TASK_TIMEOUT = "task.timeout.ms";
  public static final String TASK_ATTEMPTS = "task.attempts";
  public static final String LAG_BOUND = "reshard.lag.bound";
  public static final String VERIFY_TIMEOUT = "reshard.verify.timeout.ms";
  public static final String VERIFY_ATTEMPTS = "reshard.verify.attempts";
  public static final String GRACE = "reshard.grace.ms";
  public static final String COPY_RATE = "reshard.copy.rows.per.second";
  public static final String BACKOFF_LAG = "reshard.backoff.lag";
  public static final String ESTIMATE_RATE = "reshard.estimate.rows.per.second";
  public static final String TABLES_AT_ONCE = "rebalance.tables.at.once";
  public static final String REPLICA_REBUILD = "replica.rebuild.ms";
  public static final String SHARD_REBUILD = "shard.rebuild.ms";
  public static final String DEPENDENCY_TIMEOUT = "ddl.dependency.timeout.ms";
  public static final String LIVE_QUERY_TIMEOUT = "live.query.timeout.ms";

  private static final long PROGRESS_INTERVAL = 500;

  /** Three of them may be lost before a process counts as gone. */
  private static final int HEARTBEATS_IN_A_SESSION = 4;

  private ControlPlaneConfig(Map<String, String> settings) {
    super(keys(), settings);
  }

  /**
   * @throws dev.shardstream.schemas.contract.ShardstreamException INVALID_CONFIG
   */
  public static ControlPlaneConfig of(Map<String, String> settings) {
    return checked(() -> new ControlPlaneConfig(settings));
  }

  /**
   * All keys of a control plane process.
   *
   * @return a definition that the caller owns
   */
  public static ConfigDef keys() {
    ConfigDef definition = definition();
    processSettings(definition);
    waits(definition);
    return HttpServerKeys.define(definition);
  }

  private static void processSettings(ConfigDef definition) {
    definition
        .define(
            ADVERTISED_URL,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "URL by which other control planes reach the HTTP server; empty for http://host:port.")
        .define(
            STATE_DIR,
            Type.STRING,
            Importance.HIGH,
            "Directory of the state stores, a copy of what Kafka holds; one process at a time.")
        .define(
            INSTANCE_ID,
            Type.STRING,
            "",
            ConfigDef.LambdaValidator.with(
                ControlPlaneConfig::requireInstanceId, () -> "[A-Za-z0-9._-]*"),
            Importance.MEDIUM,
            "Name of this process, unique among those of the cluster and the same at every start."
                + " With it, one that is back within session.timeout.ms takes up what it had, and"
                + " nothing moves (Kafka's static membership); empty for none.")
        .define(
            SESSION_TIMEOUT,
            Type.INT,
            6_000,
            Range.between(1_000, 300_000),
            Importance.MEDIUM,
            "Silence of a process after which another one takes over, milliseconds; the broker's"
                + " group.min.session.timeout.ms is the least it accepts. With instance.id, longer"
                + " than a restart takes.")
        .define(
            THREADS,
            Type.INT,
            1,
            Range.between(1, 64),
            Importance.MEDIUM,
            "Stream threads; more than 4 in all processes together have nothing to do.")
        .define(
            STANDBYS,
            Type.INT,
            0,
            Range.between(0, 8),
            Importance.MEDIUM,
            "Copies of the state on other processes, for a quicker take-over.");
  }

  private static void waits(ConfigDef definition) {
    Limits limits = Limits.defaults();
    copies(definition, limits);
    millis(definition, NODE_TIMEOUT, limits.nodeTimeout(), "Silence after which a node is lost");
    millis(
        definition,
        TASK_TIMEOUT,
        limits.taskTimeout(),
        "Silence after which a task is issued again");
    millis(
        definition,
        VERIFY_TIMEOUT,
        limits.verifyTimeout(),
        "Silence after which a verify is begun again with another fence");
    millis(
        definition,
        REPLICA_REBUILD,
        limits.replicaRebuild(),
        "Silence of a node after which the replicas that it holds are made on other nodes");
    millis(
        definition,
        SHARD_REBUILD,
        limits.shardRebuild(),
        "Silence of all nodes that hold some rows after which these are made anew, on another node"
            + " and from their log alone; it should be longer than any restart takes");
    millis(definition, GRACE, limits.grace(), "How long the sources are kept after the switch");
    millis(
        definition,
        DEPENDENCY_TIMEOUT,
        limits.dependencyTimeout(),
        "How long a command waits for one on which it depends and that never came");
    millis(
        definition,
        LIVE_QUERY_TIMEOUT,
        limits.liveQueryTimeout(),
        "Silence after which a live query does not hold up the DROP of a column any more");
    count(
        definition,
        TASK_ATTEMPTS,
        limits.taskAttempts(),
        "Attempts in a row without progress before a task is given up.");
    count(
        definition,
        VERIFY_ATTEMPTS,
        limits.verifyAttempts(),
        "Verifies that may come to nothing before the reshard fails.");
    count(
        definition,
        TABLES_AT_ONCE,
        limits.tablesAtOnce(),
        "Tables of which drains and rebalances move shards at the same time, and as many of which"
            + " replicas are made.");
    definition.define(
        LAG_BOUND,
        Type.LONG,
        limits.lagBound(),
        Range.atLeast(0),
        Importance.MEDIUM,
        "Most offsets that a target may be behind the end of the log at the switch.");
  }

  private static void copies(ConfigDef definition, Limits limits) {
    definition.define(
        COPY_RATE,
        Type.LONG,
        limits.copyRowsPerSecond(),
        Range.atLeast(0),
        Importance.MEDIUM,
        "Most rows that all targets of a reshard together copy per second; 0 for as fast as it"
            + " goes.");
    definition.define(
        BACKOFF_LAG,
        Type.LONG,
        limits.backoffLag(),
        Range.atLeast(0),
        Importance.MEDIUM,
        "A reshard's copies wait while an active shard of its table, or any on a node that takes"
            + " part, lags more than so many offsets, and go on below half of it; 0 for never.");
    definition.define(
        ESTIMATE_RATE,
        Type.LONG,
        limits.estimateRowsPerSecond(),
        Range.atLeast(1),
        Importance.LOW,
        "Rows per second that a node is taken to copy where a plan tells how long it takes.");
  }

  private static void millis(ConfigDef definition, String name, long value, String what) {
    definition.define(
        name, Type.LONG, value, Range.atLeast(1), Importance.MEDIUM, what + ", milliseconds.");
  }

  private static void count(ConfigDef definition, String name, int value, String what) {
    definition.define(name, Type.INT, value, Range.atLeast(1), Importance.LOW, what);
  }

  private static void requireInstanceId(String name, Object value) {
    if (!value.toString().matches("[A-Za-z0-9._-]{0,200}")) {
      throw new org.apache.kafka.common.config.ConfigException(
          name, value, "use letters, digits, '.', '_' and '-', at most 200");
    }
  }

  public String applicationId() {
    return getString(CLUSTER_NAME) + ".streams";
  }

  public String provisionerGroup() {
    return getString(CLUSTER_NAME) + ".provisioner";
  }

  /** Transactional id of the writer of control records. */
  public String controlTransactionalId() {
    return getString(CLUSTER_NAME) + ".control-records";
  }

  public String httpHost() {
    return getString(HttpServerKeys.HOST);
  }

  public int httpPort() {
    return getInt(HttpServerKeys.PORT);
  }

  /** The URL by which others reach the HTTP server; empty for its address as it is bound. */
  public Optional<String> advertisedUrl() {
    return Optional.of(getString(ADVERTISED_URL)).filter(url -> !url.isEmpty());
  }

  public Path stateDir() {
    return Path.of(getString(STATE_DIR));
  }

  /** As what a consumer of this process joins its group: settings of a Kafka consumer. */
  public Map<String, Object> membership() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, getInt(SESSION_TIMEOUT));
    settings.put(
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
        getInt(SESSION_TIMEOUT) / HEARTBEATS_IN_A_SESSION);
    if (!getString(INSTANCE_ID).isEmpty()) {
      settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, getString(INSTANCE_ID));
    }
    return settings;
  }

  public int threads() {
    return getInt(THREADS);
  }

  public int standbys() {
    return getInt(STANDBYS);
  }

  /** What bounds waits and retries. */
  public Limits limits() {
    return new Limits(
        getLong(NODE_TIMEOUT),
        getLong(TASK_TIMEOUT),
        getInt(TASK_ATTEMPTS),
        getLong(LAG_BOUND),
        getLong(VERIFY_TIMEOUT),
        getInt(VERIFY_ATTEMPTS),
        getLong(GRACE),
        getLong(DEPENDENCY_TIMEOUT),
        getLong(COPY_RATE),
        getLong(LIVE_QUERY_TIMEOUT),
        PROGRESS_INTERVAL,
        getLong(BACKOFF_LAG),
        getLong(ESTIMATE_RATE),
        getInt(TABLES_AT_ONCE),
        getLong(REPLICA_REBUILD),
        getLong(SHARD_REBUILD));
  }
}
