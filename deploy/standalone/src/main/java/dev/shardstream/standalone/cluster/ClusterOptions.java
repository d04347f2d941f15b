package dev.shardstream.standalone.cluster;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.Lifetime;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How to start a cluster.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.start(ClusterOptions.in(directory).withNodes(2))) { … }
 * }</pre>
 *
 * @param directory of its data; created if it is not there
 * @param brokers number of brokers in a fresh directory; one that has some keeps their number
 * @param streams number of control planes; empty: as many as the directory had, 1 in a fresh one
 * @param nodes number of workers; empty: as many as the directory had, 2 in a fresh one
 * @param clusterName the prefix of its topics; a directory keeps the one of its first start
 * @param lifetime whether its processes survive this JVM
 * @param streamsSettings configuration of the control plane that differs from its defaults
 * @param workerSettings configuration of every worker that differs from its defaults
 * @param sites where its processes run
 */
public record ClusterOptions(
    Path directory,
    int brokers,
    OptionalInt streams,
    OptionalInt nodes,
    String clusterName,
    Lifetime lifetime,
    Map<String, String> streamsSettings,
    Map<String, String> workerSettings,
    Sites sites) {
  static final String DEFAULT_NAME = "shardstream";
  static final int DEFAULT_NODES = 2;
  private static final int MAX_BROKERS = 5;
  private static final int MAX_STREAMS = 4;
  private static final int MAX_NODES = 16;

  public ClusterOptions {
    requireUsable("brokers", brokers, MAX_BROKERS);
    streams.ifPresent(count -> requireUsable("control planes", count, MAX_STREAMS));
    nodes.ifPresent(count -> requireUsable("nodes", count, MAX_NODES));
    streamsSettings = Map.copyOf(streamsSettings);
    workerSettings = Map.copyOf(workerSettings);
  }

  /** A cluster in the directory that ends with this JVM. */
  public static ClusterOptions in(Path directory) {
    return new ClusterOptions(
        directory,
        1,
        OptionalInt.empty(),
        OptionalInt.empty(),
        DEFAULT_NAME,
        Lifetime.WITH_PARENT,
        Map.of(),
        Map.of(),
        Sites.LOCAL);
  }

  /**
   * @throws ShardstreamException INVALID_ARGUMENT unless 1 to 5
   */
  public ClusterOptions withBrokers(int count) {
    return new ClusterOptions(
        directory,
        count,
        streams,
        nodes,
        clusterName,
        lifetime,
        streamsSettings,
        workerSettings,
        sites);
  }

  /**
   * @throws ShardstreamException INVALID_ARGUMENT unless 1 to 4
   */
  public ClusterOptions withStreams(int count) {
    return with(OptionalInt.of(count), nodes, lifetime, streamsSettings, workerSettings);
  }

  /**
   * @throws ShardstreamException INVALID_ARGUMENT unless 1 to 16
   */
  public ClusterOptions withNodes(int count) {
    return with(streams, OptionalInt.of(count), lifetime, streamsSettings, workerSettings);
  }

  /** The processes go on when this JVM ends. */
  public ClusterOptions detached() {
    return with(streams, nodes, Lifetime.DETACHED, streamsSettings, workerSettings);
  }

  public ClusterOptions withStreamsSettings(Map<String, String> settings) {
    return with(streams, nodes, lifetime, settings, workerSettings);
  }

  public ClusterOptions withWorkerSettings(Map<String, String> settings) {
    return with(streams, nodes, lifetime, streamsSettings, settings);
  }

  /** Not all on this machine. */
  public ClusterOptions withSites(Sites where) {
    return new ClusterOptions(
        directory,
        brokers,
        streams,
        nodes,
        clusterName,
        lifetime,
        streamsSettings,
        workerSettings,
        where);
  }

  private ClusterOptions with(
      OptionalInt streamsCount,
      OptionalInt nodesCount,
      Lifetime life,
      Map<String, String> ofStreams,
      Map<String, String> ofWorkers) {
    return new ClusterOptions(
        directory,
        brokers,
        streamsCount,
        nodesCount,
        clusterName,
        life,
        ofStreams,
        ofWorkers,
        sites);
  }

  private static void requireUsable(String what, int count, int most) {
    if (count < 1 || count > most) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "number of " + what + " " + count + " (must be 1 to " + most + ")");
    }
  }
}
