package dev.shardstream.systemtests.cluster;

import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.NodeInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlAnswer;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.cluster.ClusterOptions;
import dev.shardstream.standalone.process.JavaProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/**
 * A cluster for a test class, registered as a static field:
 *
 * <pre>{@code
 * @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();
 * }</pre>
 *
 * <p>A test that fails shows the last words of each process, and what they complained of in its own
 * message: of many a build only the summary is kept.
 */
public final class RunningCluster
    implements Clients,
        BeforeAllCallback,
        AfterAllCallback,
        TestExecutionExceptionHandler,
        TestWatcher {
  /** The order of the classes that kill processes of the shared cluster: after all others. */
  public static final int KILLED = Integer.MAX_VALUE;

  /** After how long a silent live query of the shared cluster is forgotten, milliseconds. */
  public static final String LIVE_QUERY_TIMEOUT = "120000";

  private static final String SHARED = "shared";

  /** Reshards wait for heartbeats at several steps; tests are not to spend their time on that. */
  private static final Duration HEARTBEAT = Duration.ofMillis(300);

  private static final AtomicInteger PROBES = new AtomicInteger();
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RunningCluster.class);

  private final String name;
  private final boolean shared;
  private final UnaryOperator<ClusterOptions> options;
  private @Nullable Running running;

  /** What runs: the processes and a client. */
  private record Running(Cluster cluster, Shardstream client) implements AutoCloseable {
    static Running start(String name, UnaryOperator<ClusterOptions> options) {
      ClusterOptions here =
          ClusterOptions.in(Directories.fresh(TestPaths.directory(name))).withNodes(2);
      Cluster cluster = Cluster.start(withHeartbeat(options.apply(here)));
      try {
        Shardstream client = Shardstream.connect(patient(cluster));
        awaitHeard(cluster, client);
        return new Running(cluster, client);
      } catch (RuntimeException e) {
        cluster.close();
        throw e;
      }
    }

    private static ClusterOptions withHeartbeat(ClusterOptions options) {
      Map<String, String> settings = new HashMap<>(options.workerSettings());
      settings.put("heartbeat.interval.ms", Long.toString(HEARTBEAT.toMillis()));
      return options.withWorkerSettings(settings);
    }

    /**
     * The control plane puts shards on nodes that it has heard of since it began to watch, and that
     * takes a second heartbeat: a worker that is ready has sent one. This client may hear of a node
     * earlier than the control plane does.
     */
    static void awaitHeard(Cluster cluster, Shardstream client) {
      long since = System.currentTimeMillis();
      await("every node is heard of")
          .atMost(Patience.ONE_STEP)
          .until(
              () ->
                  client.nodes().list().stream()
                      .filter(node -> node.heartbeatAt() > since)
                      .map(NodeInfo::nodeId)
                      .collect(Collectors.toSet())
                      .containsAll(living(cluster)));
      await("shards are put on every node")
          .atMost(Patience.ONE_STEP)
          .until(
              () -> placed(client, cluster.workers().size()),
              nodes -> nodes.containsAll(living(cluster)));
    }

    private static List<String> living(Cluster cluster) {
      return cluster.workers().stream()
          .filter(JavaProcess::isAlive)
          .map(JavaProcess::name)
          .toList();
    }

    /** The nodes of a table that is made and dropped: no plan tells of nodes without a table. */
    private static Set<String> placed(Shardstream client, int shards) {
      String probe = "probe_" + PROBES.incrementAndGet();
      client.execute(
          "CREATE TABLE %s (id BIGINT PRIMARY KEY) WITH (SHARDS=%d, PARTITIONS=1)"
              .formatted(probe, shards));
      Set<String> nodes =
          client.tables().describe(probe).shards().stream()
              .map(ShardInfo::nodeId)
              .collect(Collectors.toSet());
      // Unlike DROP TABLE this is answered when nothing is left that a rebalance would count.
      try (DdlAnswer dropped =
          client
              .ddl()
              .publishForAnswer(
                  client.ddl().createDdlEvent("DROP_TABLE", Map.of("table", probe)))) {
        dropped.await();
      }
      return nodes;
    }

    /** Nobody reads these data again, so nothing is ended in order. */
    @Override
    public void close() {
      try {
        client.close();
        cluster.processes().forEach(JavaProcess::kill);
      } finally {
        cluster.close();
      }
    }
  }

  private RunningCluster(String name, boolean shared, UnaryOperator<ClusterOptions> options) {
    this.name = name;
    this.shared = shared;
    this.options = options;
  }

  /**
   * The cluster of two nodes that all such classes use; it runs until the last test. Every test
   * makes tables of its own. Whoever kills a process starts it again, in a class of the order
   * {@link #KILLED}. Sources are kept for half a second after a switch, not five, so that a build
   * spends its time on something else. No node is lost and no live query forgotten because the
   * machine has much else to do.
   */
  public static RunningCluster shared() {
    return new RunningCluster(
        SHARED,
        true,
        options ->
            options.withStreamsSettings(
                Map.of(
                    "reshard.grace.ms", "500",
                    "node.timeout.ms", "600000",
                    "live.query.timeout.ms", LIVE_QUERY_TIMEOUT)));
  }

  /**
   * A cluster that only this class uses; it ends with the class.
   *
   * @param name of its directory
   * @param options changes the options of a cluster of two nodes
   */
  public static RunningCluster own(String name, UnaryOperator<ClusterOptions> options) {
    return new RunningCluster(name, false, options);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (shared) {
      running =
          context
              .getRoot()
              .getStore(NAMESPACE)
              .getOrComputeIfAbsent(SHARED, key -> Running.start(name, options), Running.class);
    } else {
      running = Running.start(name, options);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!shared && running != null) {
      running.close();
    }
    running = null;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    if (failure instanceof TestAbortedException) {
      throw failure;
    }
    throw new AssertionError(
        failure + "\n" + ProcessLogs.complaints(TestPaths.directory(name)), failure);
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    System.err.println(
        context.getDisplayName() + " failed; " + ProcessLogs.describe(TestPaths.directory(name)));
  }

  /** The processes. */
  public Cluster cluster() {
    return started().cluster();
  }

  @Override
  public Shardstream client() {
    return started().client();
  }

  /** Waits until the control plane puts shards of the default namespace on every worker. */
  public void awaitHeard() {
    Running.awaitHeard(cluster(), client());
  }

  /**
   * Every process and every disk is lost, those of Kafka and the registry too; a cluster with
   * nothing in it takes their place. For a cluster that no other class uses.
   */
  public void startAnew() {
    started().close();
    running = Running.start(name, options);
  }

  @Override
  public Shardstream connect() {
    return connect(Map.of());
  }

  /**
   * One more client, which the caller closes.
   *
   * @param more settings that it has besides those of {@link #clientSettings}
   */
  public Shardstream connect(Map<String, String> more) {
    Map<String, String> settings = clientSettings();
    settings.putAll(more);
    return Shardstream.connect(settings);
  }

  /** Settings of a patient client, to be changed by the caller. */
  public Map<String, String> clientSettings() {
    return patient(cluster());
  }

  /** A write without an acknowledgement may be in the log or not, and no model could say. */
  private static Map<String, String> patient(Cluster cluster) {
    Map<String, String> settings = new HashMap<>(cluster.clientSettings());
    String patience = Long.toString(Patience.ONE_STEP.toMillis());
    settings.put(ClientConfig.WRITE_TIMEOUT, patience);
    settings.put(ClientConfig.COMMAND_TIMEOUT, patience);
    return settings;
  }

  private Running started() {
    return Objects.requireNonNull(running, "the cluster runs only during the tests of the class");
  }
}
