package dev.shardstream.systemtests.containers;

import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.NodeInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.standalone.process.Ports;
import dev.shardstream.systemtests.cluster.Clients;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;

/** A cluster of containers in a network of their own, and clients outside of it. */
final class ContainerCluster implements Clients, AutoCloseable {
  /** Where containers find Kafka. */
  static final String BROKER = "kafka:19092";

  private static final int REGISTRY_PORT = 8080;
  private static final Duration READY_LIMIT = Duration.ofMinutes(5);

  /** What has to be done at the end, the last one first. */
  private final Deque<Runnable> ends = new ArrayDeque<>();

  private final Set<Integer> ports = new HashSet<>();
  private final List<OwnContainer> workers = new ArrayList<>();
  private final OwnContainer streams;
  private final Map<String, String> settings;
  private final Shardstream client;

  private ContainerCluster(int nodes) {
    try {
      Network network = Network.newNetwork();
      ends.push(network::close);
      KafkaContainer kafka =
          part(
              new KafkaContainer(Images.kafka())
                  .withNetwork(network)
                  .withListener(BROKER)
                  .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4")
                  .withEnv("KAFKA_HEAP_OPTS", "-Xmx384m")
                  .withStartupTimeout(READY_LIMIT));
      GenericContainer<?> registry = part(registry(network));
      Startables.deepStart(kafka, registry).join();
      streams = part(new OwnContainer("streams-app", "streams-app", port(), network));
      streams.withEnv("SHARDSTREAM_RESHARD_GRACE_MS", "1000");
      for (int number = 1; number <= nodes; number++) {
        workers.add(part(worker(number, network)));
      }
      Startables.deepStart(own()).join();
      settings =
          Map.of(
              "bootstrap.servers",
              kafka.getBootstrapServers(),
              "schema.registry.url",
              registryAt(registry.getHost(), registry.getMappedPort(REGISTRY_PORT)));
      client = connect();
      ends.push(client::close);
    } catch (RuntimeException notStarted) {
      close();
      throw notStarted;
    }
  }

  /**
   * Starts everything and waits until it serves.
   *
   * @param nodes workers, at most those of the file {@code hosts}
   */
  static ContainerCluster start(int nodes) {
    ContainerCluster cluster = new ContainerCluster(nodes);
    cluster.awaitHeard();
    return cluster;
  }

  private <T extends GenericContainer<?>> T part(T container) {
    ends.push(container::stop);
    return container;
  }

  private int port() {
    int port = Ports.choose(new Random(), ports);
    ports.add(port);
    return port;
  }

  private static GenericContainer<?> registry(Network network) {
    return new GenericContainer<>(Images.registry())
        .withNetwork(network)
        .withNetworkAliases("registry")
        .withExposedPorts(REGISTRY_PORT)
        .waitingFor(
            Wait.forHttp("/health/ready").forPort(REGISTRY_PORT).withStartupTimeout(READY_LIMIT));
  }

  private OwnContainer worker(int number, Network network) {
    String name = "worker-" + number;
    return new OwnContainer("shard-worker", name, port(), network)
        .withEnv("SHARDSTREAM_NODE_ID", name);
  }

  /** For {@code schema.registry.url}. */
  static String registryAt(String host, int port) {
    return "http://%s:%d/apis/ccompat/v7".formatted(host, port);
  }

  /** Waits until the control plane can place shards on every worker. */
  void awaitHeard() {
    long since = System.currentTimeMillis() + Duration.ofSeconds(3).toMillis();
    await("every worker is heard of")
        .atMost(READY_LIMIT)
        .until(
            () ->
                client.nodes().list().stream()
                        .filter(node -> node.heartbeatAt() > since)
                        .map(NodeInfo::nodeId)
                        .collect(Collectors.toSet())
                        .size()
                    == workers.size());
  }

  /** The control plane. */
  OwnContainer streams() {
    return streams;
  }

  /**
   * A worker.
   *
   * @param number from 1
   */
  OwnContainer worker(int number) {
    return workers.get(number - 1);
  }

  /** Every process of ours. */
  List<OwnContainer> own() {
    List<OwnContainer> all = new ArrayList<>(workers);
    all.add(streams);
    return all;
  }

  @Override
  public Shardstream client() {
    return client;
  }

  @Override
  public Shardstream connect() {
    return Shardstream.connect(settings);
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }
}
