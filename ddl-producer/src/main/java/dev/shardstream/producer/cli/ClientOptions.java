package dev.shardstream.producer.cli;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.ConfigSource;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.trace.TraceContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command speaks to: the same rule for every command. */
public final class ClientOptions {
  static final String CONFIG = "SHARDSTREAM_CONFIG";
  static final String DATA_DIRECTORY = "SHARDSTREAM_DATA_DIR";
  static final String DEBUG = "SHARDSTREAM_DEBUG";

  /** By the names that OpenTelemetry gives them in an environment. */
  static final String PARENT = "TRACEPARENT";

  static final String STATE = "TRACESTATE";

  private static final String DEFAULT_DIRECTORY = ".shardstream";
  private static final String FILE = "client.properties";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Properties of the cluster to connect to. Default: $SHARDSTREAM_CONFIG, or"
              + " client.properties in the data directory.")
  private @Nullable Path config;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Data directory of a cluster that 'up' started. Default: $SHARDSTREAM_DATA_DIR, or"
              + " .shardstream.")
  private @Nullable Path directory;

  @Option(
      names = "--database",
      paramLabel = "NAME",
      description = "Database of names that do not say one. Default: as configured.")
  private @Nullable String database;

  @Option(
      names = "--correlation-id",
      paramLabel = "ID",
      description =
          "What the log lines of all processes about the commands given here have in common."
              + " Default: as configured, or the trace id of $TRACEPARENT, or each command's id.")
  private @Nullable String correlationId;

  @Option(
      names = "--debug",
      description = "Show where an error came from. Also by SHARDSTREAM_DEBUG=1.")
  private boolean debug;

  private final Map<String, String> environment;

  /** With this process's environment. */
  public ClientOptions() {
    this(System.getenv());
  }

  ClientOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Whether errors come with their stack trace. */
  boolean isDebug() {
    String wish = environment.getOrDefault(DEBUG, "");
    return debug || !wish.isEmpty() && !wish.equals("0");
  }

  /**
   * The settings of the cluster.
   *
   * @throws ShardstreamException NOT_RUNNING when the data directory has no cluster, FILE_ERROR
   *     when a file that was named cannot be read
   */
  public Map<String, String> settings() {
    Map<String, String> settings = ConfigSource.load(file(), environment);
    if (database != null) {
      settings.put("database", database);
    }
    if (correlationId != null) {
      settings.put(ClientConfig.CORRELATION_ID, correlationId);
    }
    TraceContext.received(null, environment.get(PARENT), environment.get(STATE))
        .ifPresent(trace -> putTrace(settings, trace));
    return settings;
  }

  /** What a calling process passes on is as good as a setting, and no better than one. */
  private static void putTrace(Map<String, String> settings, TraceContext trace) {
    if (settings.putIfAbsent(ClientConfig.TRACEPARENT, trace.traceparent()) == null
        && trace.tracestate() != null) {
      settings.putIfAbsent(ClientConfig.TRACESTATE, trace.tracestate());
    }
  }

  private @Nullable Path file() {
    Path named = config;
    if (named == null && directory == null && !environment.getOrDefault(CONFIG, "").isEmpty()) {
      named = Path.of(environment.get(CONFIG));
    }
    if (named != null) {
      return named;
    }
    Path data = dataDirectory();
    Path file = data.resolve(FILE);
    if (Files.exists(file)) {
      return file;
    }
    if (directory == null && saysWhereKafkaIs()) {
      return null;
    }
    throw new ShardstreamException(ErrorCode.NOT_RUNNING, data);
  }

  private Path dataDirectory() {
    Path chosen = directory;
    if (chosen == null) {
      chosen = Path.of(environment.getOrDefault(DATA_DIRECTORY, DEFAULT_DIRECTORY));
    }
    return chosen.toAbsolutePath().normalize();
  }

  /** In a container the environment alone may say everything. */
  private boolean saysWhereKafkaIs() {
    return ConfigSource.load(null, environment).containsKey(ClusterConfig.BOOTSTRAP_SERVERS);
  }
}
