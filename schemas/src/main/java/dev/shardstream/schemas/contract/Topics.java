package dev.shardstream.schemas.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every topic of one Shardstream cluster, with its partitions and configuration. Nothing else in
 * the project spells a topic's name.
 *
 * @param cluster the prefix, the cluster's name
 */
public record Topics(String cluster) {
  /** Partitions of the topics that are keyed by database: databases scale out over them. */
  public static final int CONTROL_PARTITIONS = 4;

  /** Stamped by the broker, so that no client's clock says when something was. */
  private static final Map<String, String> STAMPED =
      Map.of("message.timestamp.type", "LogAppendTime");

  private static final Map<String, String> KEPT =
      stamped(Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1"));
  private static final Map<String, String> COMPACTED =
      stamped(Map.of("cleanup.policy", "compact", "segment.ms", "3600000"));
  private static final Map<String, String> WEEK =
      stamped(Map.of("cleanup.policy", "delete", "retention.ms", "604800000"));

  public Topics {
    if (!cluster.matches("[A-Za-z0-9_-]{1,50}")) {
      throw new ShardstreamException(
          ErrorCode.INVALID_CONFIG,
          "cluster.name '"
              + cluster
              + "' is invalid: use letters, digits, '_' and '-', at most 50");
    }
  }

  private static Map<String, String> stamped(Map<String, String> config) {
    Map<String, String> all = new HashMap<>(config);
    all.putAll(STAMPED);
    return Map.copyOf(all);
  }

  /** A topic to create: its name, partitions and configuration. */
  public record Spec(String name, int partitions, Map<String, String> config) {}

  public String ddlCommands() {
    return cluster + ".ddl-commands";
  }

  public String ddlResults() {
    return cluster + ".ddl-results";
  }

  public String catalog() {
    return cluster + ".catalog";
  }

  public String schemaHistory() {
    return cluster + ".schema-history";
  }

  public String topology() {
    return cluster + ".topology";
  }

  public String reshards() {
    return cluster + ".reshards";
  }

  public String nodes() {
    return cluster + ".nodes";
  }

  public String shardTasks() {
    return cluster + ".shard-tasks";
  }

  public String provisionTasks() {
    return cluster + ".provision-tasks";
  }

  public String taskEvents() {
    return cluster + ".task-events";
  }

  public String rejectedWrites() {
    return cluster + ".rejected-writes";
  }

  public String namespaces() {
    return cluster + ".namespaces";
  }

  public String liveQueries() {
    return cluster + ".live-queries";
  }

  /** The log of one table. */
  public String log(TableId table) {
    return cluster + ".log." + table.value();
  }

  /** All topics except the tables' logs. */
  public List<Spec> control() {
    return List.of(
        new Spec(ddlCommands(), CONTROL_PARTITIONS, KEPT),
        new Spec(ddlResults(), CONTROL_PARTITIONS, WEEK),
        new Spec(catalog(), CONTROL_PARTITIONS, COMPACTED),
        new Spec(schemaHistory(), CONTROL_PARTITIONS, COMPACTED),
        new Spec(namespaces(), CONTROL_PARTITIONS, COMPACTED),
        new Spec(liveQueries(), CONTROL_PARTITIONS, COMPACTED),
        new Spec(topology(), CONTROL_PARTITIONS, COMPACTED),
        new Spec(reshards(), CONTROL_PARTITIONS, COMPACTED),
        new Spec(nodes(), 1, COMPACTED),
        new Spec(shardTasks(), CONTROL_PARTITIONS, WEEK),
        new Spec(provisionTasks(), CONTROL_PARTITIONS, WEEK),
        new Spec(taskEvents(), CONTROL_PARTITIONS, WEEK),
        new Spec(rejectedWrites(), CONTROL_PARTITIONS, WEEK));
  }

  /**
   * The log of one table: kept for ever, stamped by the broker so that time never runs against the
   * log's order.
   */
  public Spec logSpec(TableId table, int partitions) {
    return new Spec(log(table), partitions, KEPT);
  }

  /** The registry subject of fences: apart from the rows', whose compatibility it must not meet. */
  public String fenceSubject() {
    return cluster + ".fence-value";
  }

  /** The registry subject of rules, apart for the same reason. */
  public String ruleSubject() {
    return cluster + ".rule-value";
  }

  /** The registry subject of a topic's values. */
  public static String subject(String topic) {
    return topic + "-value";
  }
}
