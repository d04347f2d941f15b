package dev.shardstream.standalone.cluster;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.BrokerProcess;
import dev.shardstream.standalone.process.DataDirectory;
import dev.shardstream.standalone.process.Ports;
import dev.shardstream.standalone.process.PropertiesFile;
import dev.shardstream.standalone.process.RegistryProcess;
import dev.shardstream.standalone.process.StreamsProcess;
import dev.shardstream.standalone.process.WorkerProcess;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a data directory remembers of its cluster from one start to the next.
 *
 * @param clusterName the prefix of its topics
 * @param brokers number of brokers, at least 1
 * @param streams number of control planes, at least 1
 * @param nodes number of workers, at least 1
 * @param ports by the name of what listens there
 */
record ClusterPlan(
    String clusterName, int brokers, int streams, int nodes, SortedMap<String, Integer> ports) {
  /** What a controller's port is kept under: it is a broker process's second one. */
  static final String CONTROLLER = "controller";

  private static final String CLUSTER_NAME = "cluster.name";
  private static final String BROKERS = "brokers";
  private static final String STREAMS = "streams";
  private static final String NODES = "nodes";
  private static final String PORT_SUFFIX = ".port";

  /** What the controller's port of a broker is kept under. */
  static String controller(int broker) {
    return broker == 1 ? CONTROLLER : CONTROLLER + "-" + broker;
  }

  ClusterPlan {
    ports = new TreeMap<>(ports);
  }

  static ClusterPlan fresh(String clusterName, int brokers) {
    return new ClusterPlan(clusterName, brokers, 1, ClusterOptions.DEFAULT_NODES, new TreeMap<>());
  }

  /** The plan of the directory; empty if no cluster was ever started there. */
  static Optional<ClusterPlan> load(DataDirectory directory) {
    Map<String, String> entries = PropertiesFile.read(directory.clusterProperties());
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Integer> ports = new TreeMap<>();
    entries.forEach(
        (key, value) -> {
          if (key.endsWith(PORT_SUFFIX)) {
            ports.put(
                key.substring(0, key.length() - PORT_SUFFIX.length()),
                number(directory, key, value));
          }
        });
    return Optional.of(
        new ClusterPlan(
            entries.getOrDefault(CLUSTER_NAME, ClusterOptions.DEFAULT_NAME),
            number(directory, BROKERS, entries.getOrDefault(BROKERS, "1")),
            number(directory, STREAMS, entries.getOrDefault(STREAMS, "1")),
            number(directory, NODES, entries.getOrDefault(NODES, "")),
            ports));
  }

  private static int number(DataDirectory directory, String key, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new ShardstreamException(
              ErrorCode.INVALID_CONFIG,
              directory.clusterProperties() + ": " + key + " is not a number: '" + value + "'")
          .causedBy(e);
    }
  }

  void save(DataDirectory directory) {
    Map<String, String> entries = new TreeMap<>();
    entries.put(CLUSTER_NAME, clusterName);
    entries.put(BROKERS, Integer.toString(brokers));
    entries.put(STREAMS, Integer.toString(streams));
    entries.put(NODES, Integer.toString(nodes));
    ports.forEach((name, port) -> entries.put(name + PORT_SUFFIX, Integer.toString(port)));
    PropertiesFile.write(directory.clusterProperties(), entries);
  }

  int port(String name) {
    Integer port = ports.get(name);
    if (port == null) {
      throw new IllegalStateException("no port is planned for " + name);
    }
    return port;
  }

  ClusterPlan with(int streamsCount, int nodesCount) {
    return new ClusterPlan(clusterName, brokers, streamsCount, nodesCount, ports);
  }

  /** Names of its processes. */
  Stream<String> processes() {
    return listeners().filter(name -> !name.startsWith(CONTROLLER));
  }

  /**
   * This plan with a port for everything that listens. A port that was used before is kept if it
   * can be used again.
   *
   * @param isFree whether nobody listens on a port
   * @param usable whether a kept port may stay; asked with the listener's name and the port
   */
  ClusterPlan withPorts(
      RandomGenerator random, IntPredicate isFree, BiPredicate<String, Integer> usable) {
    SortedMap<String, Integer> chosen = new TreeMap<>(ports);
    chosen.entrySet().removeIf(kept -> !usable.test(kept.getKey(), kept.getValue()));
    Set<Integer> taken = new HashSet<>(chosen.values());
    listeners()
        .filter(name -> !chosen.containsKey(name))
        .forEach(
            name -> {
              int port = Ports.choose(random, taken, isFree);
              taken.add(port);
              chosen.put(name, port);
            });
    return new ClusterPlan(clusterName, brokers, streams, nodes, chosen);
  }

  private Stream<String> listeners() {
    return Stream.of(
            IntStream.rangeClosed(1, brokers).mapToObj(BrokerProcess::name),
            IntStream.rangeClosed(1, brokers).mapToObj(ClusterPlan::controller),
            Stream.of(RegistryProcess.NAME),
            IntStream.rangeClosed(1, streams).mapToObj(StreamsProcess::name),
            IntStream.rangeClosed(1, nodes).mapToObj(WorkerProcess::nodeId))
        .flatMap(names -> names);
  }
}
