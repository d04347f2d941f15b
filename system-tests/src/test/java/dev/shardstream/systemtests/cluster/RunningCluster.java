package dev.shardstream.systemtests.cluster;

import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.NodeInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.cluster.ClusterOptions;
import dev.shardstream.standalone.process.JavaProcess;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A cluster for a test class, registered as a static field:
 *
 * <pre>{@code
 * @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();
 * }</pre>
 *
 * <p>A test that fails shows the last words of each process.
 */
public final class RunningCluster implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private static final String SHARED = "shared";
  private static final Duration HEARD_BY_ALL = Duration.ofMillis(2_200);
  private static final Duration HEARD_LIMIT = Duration.ofSeconds(30);
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
      Cluster cluster = Cluster.start(options.apply(here));
      try {
        Shardstream client = Shardstream.connect(cluster.clientSettings());
        awaitHeard(cluster, client);
        return new Running(cluster, client);
      } catch (RuntimeException e) {
        cluster.close();
        throw e;
      }
    }

    /**
     * The control plane puts shards on nodes that it has heard of since it began to watch, and that
     * takes a second heartbeat: a worker that is ready has sent one.
     */
    static void awaitHeard(Cluster cluster, Shardstream client) {
      long since = System.currentTimeMillis();
      await("every node is heard of")
          .atMost(HEARD_LIMIT)
          .until(
              () ->
                  client.nodes().list().stream()
                      .filter(node -> node.heartbeatAt() > since + HEARD_BY_ALL.toMillis())
                      .map(NodeInfo::nodeId)
                      .collect(Collectors.toSet())
                      .containsAll(
                          cluster.workers().stream()
                              .filter(JavaProcess::isAlive)
                              .map(JavaProcess::name)
                              .toList()));
    }

    @Override
    public void close() {
      try {
        client.close();
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
   * The cluster of two nodes that all such classes use; it runs until the last test. Nobody kills
   * anything in it, and every test makes tables of its own. Sources are kept for one second after a
   * switch, not five, so that a build spends its time on something else.
   */
  public static RunningCluster shared() {
    return new RunningCluster(
        SHARED, true, options -> options.withStreamsSettings(Map.of("reshard.grace.ms", "1000")));
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
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    System.err.println(
        context.getDisplayName() + " failed; " + ProcessLogs.describe(TestPaths.directory(name)));
  }

  /** The processes. */
  public Cluster cluster() {
    return started().cluster();
  }

  /** A client that is open as long as the cluster runs. */
  public Shardstream client() {
    return started().client();
  }

  /** Waits until the control plane has heard of every worker that runs. */
  public void awaitHeard() {
    Running.awaitHeard(cluster(), client());
  }

  /** One more client, which the caller closes. */
  public Shardstream connect() {
    return Shardstream.connect(cluster().clientSettings());
  }

  private Running started() {
    return Objects.requireNonNull(running, "the cluster runs only during the tests of the class");
  }
}
