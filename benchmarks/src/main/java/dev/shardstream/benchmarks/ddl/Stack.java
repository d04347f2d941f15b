package dev.shardstream.benchmarks.ddl;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.standalone.process.BrokerProcess;
import dev.shardstream.standalone.process.DataDirectory;
import dev.shardstream.standalone.process.Installation;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.JvmSize;
import dev.shardstream.standalone.process.Lifetime;
import dev.shardstream.standalone.process.Ports;
import dev.shardstream.standalone.process.ProcessContext;
import dev.shardstream.standalone.process.Quorum;
import dev.shardstream.standalone.process.RegistryProcess;
import dev.shardstream.standalone.process.StreamsProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A broker, a registry and a control plane of their own, with phantom workers beside them. */
final class Stack implements AutoCloseable {
  /** Three times what suffices for a small cluster: each table's log takes its part of it. */
  private static final JvmSize LARGE = new JvmSize(1_024, 160);

  private static final int NODES = 8;

  private static final int START_ATTEMPTS = 4;
  private static final Duration BROKER_PATIENCE = Duration.ofMinutes(5);

  private final List<JavaProcess> processes;
  private final ClientConfig config;
  private @Nullable Registry registry;
  private @Nullable PhantomNodes nodes;

  /** They are sessions of their own, which an interrupted benchmark must not leave behind. */
  private final Thread stopper = new Thread(this::stop, "stack-stopper");

  private Stack(List<JavaProcess> processes, ClientConfig config) {
    this.processes = processes;
    this.config = config;
  }

  /**
   * Starts everything and waits until it is ready.
   *
   * @param directory of its data; one that was used before goes on with what it holds
   */
  static Stack start(Path directory) {
    ProcessContext context =
        new ProcessContext(
            Installation.current(), new DataDirectory(directory), Lifetime.WITH_PARENT);
    Set<Integer> taken = new HashSet<>();
    BrokerProcess broker =
        new BrokerProcess(context, 1, Quorum.of(port(taken), port(taken))) {
          @Override
          public JvmSize size() {
            return LARGE;
          }

          @Override
          protected Duration startLimit() {
            return BROKER_PATIENCE;
          }
        };
    RegistryProcess registry = new RegistryProcess(context, port(taken));
    Map<String, String> settings =
        Map.of(
            "cluster.name", "bench",
            "bootstrap.servers", broker.address(),
            "schema.registry.url", registry.url());
    StreamsProcess streams =
        new StreamsProcess(context, 1, port(taken), settings) {
          @Override
          public JvmSize size() {
            return LARGE;
          }
        };
    List<JavaProcess> processes = List.of(broker, registry, streams);
    Stack stack = new Stack(processes, ClientConfig.of(settings));
    Runtime.getRuntime().addShutdownHook(stack.stopper);
    processes.forEach(Stack::start);
    stack.connect();
    return stack;
  }

  /** A broker with thousands of logs is slow to say who leads them, and the others do not wait. */
  private static void start(JavaProcess process) {
    for (int attempt = 1; attempt < START_ATTEMPTS; attempt++) {
      try {
        process.start();
        return;
      } catch (ShardstreamException notYet) {
        process.stop();
      }
    }
    process.start();
  }

  private void connect() {
    registry = ConfluentRegistry.connect(config.registryUrl(), config.connectTimeout());
    nodes =
        PhantomNodes.start(config.topics(), new KafkaClients(config), new Events(registry), NODES);
  }

  private static int port(Set<Integer> taken) {
    int port = Ports.choose(new Random(), taken);
    taken.add(port);
    return port;
  }

  /** A client that publishes commands and hears of their results. */
  DdlClient client() {
    return DdlClient.connect(
        config.topics(),
        new KafkaClients(config),
        new Events(Objects.requireNonNull(registry, "not connected")));
  }

  /** What the phantoms know of the catalog. */
  PhantomNodes nodes() {
    return Objects.requireNonNull(nodes, "not connected");
  }

  /** Ends the phantoms and the processes, the control plane first. */
  @Override
  public void close() {
    if (nodes != null) {
      nodes.close();
    }
    if (registry != null) {
      registry.close();
    }
    stop();
    Runtime.getRuntime().removeShutdownHook(stopper);
  }

  private void stop() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).stop();
    }
  }
}
