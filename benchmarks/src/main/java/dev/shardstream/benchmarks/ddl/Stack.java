package dev.shardstream.benchmarks.ddl;

import dev.shardstream.producer.config.ClientConfig;
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
import dev.shardstream.standalone.process.RegistryProcess;
import dev.shardstream.standalone.process.StreamsProcess;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A broker, a registry and a control plane of their own, with phantom workers beside them. */
final class Stack implements AutoCloseable {
  /** Three times what suffices for a small cluster: each table's log takes its part of it. */
  private static final JvmSize LARGE = new JvmSize(1_024, 160);

  private static final int NODES = 8;

  private final List<JavaProcess> processes;
  private final ClientConfig config;
  private final Registry registry;
  private final PhantomNodes nodes;

  private Stack(
      List<JavaProcess> processes, ClientConfig config, Registry registry, PhantomNodes nodes) {
    this.processes = processes;
    this.config = config;
    this.registry = registry;
    this.nodes = nodes;
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
        new BrokerProcess(context, port(taken), port(taken)) {
          @Override
          public JvmSize size() {
            return LARGE;
          }
        };
    RegistryProcess registry = new RegistryProcess(context, port(taken));
    Map<String, String> settings =
        Map.of(
            "cluster.name", "bench",
            "bootstrap.servers", broker.bootstrapServers(),
            "schema.registry.url", registry.url());
    StreamsProcess streams =
        new StreamsProcess(context, port(taken), settings) {
          @Override
          public JvmSize size() {
            return LARGE;
          }
        };
    List<JavaProcess> processes = List.of(broker, registry, streams);
    processes.forEach(JavaProcess::start);
    ClientConfig config = ClientConfig.of(settings);
    Registry client = ConfluentRegistry.connect(config.registryUrl(), config.connectTimeout());
    return new Stack(
        processes,
        config,
        client,
        PhantomNodes.start(config.topics(), new KafkaClients(config), new Events(client), NODES));
  }

  private static int port(Set<Integer> taken) {
    int port = Ports.choose(new Random(), taken);
    taken.add(port);
    return port;
  }

  /** A client that publishes commands and hears of their results. */
  DdlClient client() {
    return DdlClient.connect(config.topics(), new KafkaClients(config), new Events(registry));
  }

  /** What the phantoms know of the catalog. */
  PhantomNodes nodes() {
    return nodes;
  }

  /** Ends the phantoms and the processes, the control plane first. */
  @Override
  public void close() {
    nodes.close();
    registry.close();
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).stop();
    }
  }
}
