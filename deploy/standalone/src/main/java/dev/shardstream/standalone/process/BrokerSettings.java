package dev.shardstream.standalone.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A broker's configuration: small, and quick to come back after a crash. */
final class BrokerSettings {
  private BrokerSettings() {}

  static Map<String, String> of(int number, Quorum quorum, Path storage) {
    Map<String, String> settings = new TreeMap<>();
    settings.putAll(network(number, quorum));
    settings.putAll(replicas(quorum));
    settings.putAll(quickRestart());
    settings.putAll(soundRestart());
    settings.putAll(smallMachine());
    settings.put("log.dirs", storage.toString());
    settings.put("auto.create.topics.enable", "false");
    // A cluster that was down for weeks must go on where it stopped: the default forgets the
    // positions of a group that was away for seven days.
    settings.put("offsets.retention.minutes", "5256000");
    return settings;
  }

  private static Map<String, String> network(int number, Quorum quorum) {
    Quorum.Member own = quorum.member(number);
    String clients = "CLIENTS://" + own.address();
    String voters =
        IntStream.rangeClosed(1, quorum.members().size())
            .mapToObj(n -> n + "@" + Ports.HOST + ":" + quorum.member(n).controllerPort())
            .collect(Collectors.joining(","));
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        Integer.toString(number),
        "controller.quorum.voters",
        voters,
        "listeners",
        clients + ",CONTROLLER://" + Ports.HOST + ":" + own.controllerPort(),
        "advertised.listeners",
        clients,
        "listener.security.protocol.map",
        "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name",
        "CLIENTS",
        "controller.listener.names",
        "CONTROLLER");
  }

  private static Map<String, String> replicas(Quorum quorum) {
    String replicas = Integer.toString(quorum.replicas());
    String inSync = Integer.toString(quorum.minInSyncReplicas());
    return Map.of(
        "default.replication.factor", replicas,
        "min.insync.replicas", inSync,
        "offsets.topic.replication.factor", replicas,
        "transaction.state.log.replication.factor", replicas,
        "transaction.state.log.min.isr", inSync,
        "share.coordinator.state.topic.replication.factor", replicas,
        "share.coordinator.state.topic.min.isr", inSync);
  }

  /** Without these a killed broker is 14 s away instead of 6: it waits for its own old session. */
  private static Map<String, String> quickRestart() {
    return Map.of(
        "broker.session.timeout.ms", "2000",
        "broker.heartbeat.interval.ms", "300",
        "controller.quorum.election.timeout.ms", "300",
        "controller.quorum.fetch.timeout.ms", "1000",
        "group.initial.rebalance.delay.ms", "0",
        "transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000");
  }

  /**
   * A broker that was killed leads its partitions for a moment, then not, then again. Up to 4.4.0
   * at least, its group coordinator takes the end of the load that the first moment had begun for
   * that of the last one, and goes on with offsets of long ago or with none at all. A load that
   * reads little at a time notices that nobody leads, and ends there (decision 27).
   */
  private static Map<String, String> soundRestart() {
    return Map.of("offsets.load.buffer.size", "65536");
  }

  private static Map<String, String> smallMachine() {
    return Map.of(
        "num.network.threads", "2",
        "num.io.threads", "4",
        "background.threads", "2",
        "num.recovery.threads.per.data.dir", "2",
        "offsets.topic.num.partitions", "4",
        "transaction.state.log.num.partitions", "4",
        "share.coordinator.state.topic.num.partitions", "4",
        "log.cleaner.dedupe.buffer.size", "16777216");
  }
}
