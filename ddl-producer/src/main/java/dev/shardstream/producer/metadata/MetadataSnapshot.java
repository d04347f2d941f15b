package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Immutable view of catalog, topology, reshards, nodes, namespaces and live queries.
 *
 * @param tablesById tables by table id, also those that are being dropped
 * @param topologies topologies by table id
 * @param reshards reshards by the key of their record
 * @param nodes last heartbeats by node id
 * @param namespaces namespaces by name, in lower case; {@code default}, which always exists, need
 *     not be among them
 * @param liveQueries what was last heard of live queries, by the key of their record
 */
public record MetadataSnapshot(
    NamedTables tablesById,
    Map<String, Topology> topologies,
    Map<String, Reshard> reshards,
    Map<String, Node> nodes,
    Map<String, Namespace> namespaces,
    Map<String, LiveQuery> liveQueries) {
  /** The namespace that always exists. */
  public static final String DEFAULT_NAMESPACE = "default";

  /** Nothing is known. */
  public static final MetadataSnapshot EMPTY =
      new MetadataSnapshot(Map.of(), Map.of(), Map.of(), Map.of());

  public MetadataSnapshot {
    topologies = Map.copyOf(topologies);
    reshards = Map.copyOf(reshards);
    nodes = Map.copyOf(nodes);
    namespaces = Map.copyOf(namespaces);
    liveQueries = Map.copyOf(liveQueries);
  }

  /** A cluster with no namespace but {@code default}, and no live query. */
  public MetadataSnapshot(
      Map<String, Table> tablesById,
      Map<String, Topology> topologies,
      Map<String, Reshard> reshards,
      Map<String, Node> nodes) {
    this(NamedTables.of(tablesById), topologies, reshards, nodes, Map.of(), Map.of());
  }

  /** The table of that name, in any case; a table that is being dropped is gone for users. */
  public Optional<Table> table(String database, String name) {
    return tablesById.named(database, name);
  }

  /** The table of that name, or NAMESPACE_NOT_FOUND or TABLE_NOT_FOUND. */
  public Table requireTable(String database, String name) {
    Optional<Table> table = table(database, name);
    if (table.isEmpty()) {
      requireNamespace(database);
      throw new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, name);
    }
    return table.get();
  }

  /** Whether there is a namespace of that name, in any case. */
  public boolean hasNamespace(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    return key.equals(DEFAULT_NAMESPACE) || namespaces.containsKey(key);
  }

  /**
   * @throws ShardstreamException NAMESPACE_NOT_FOUND
   */
  public void requireNamespace(String name) {
    if (!hasNamespace(name)) {
      throw new ShardstreamException(ErrorCode.NAMESPACE_NOT_FOUND, name, name);
    }
  }

  /** The tables of a database that users see, by name. */
  public List<Table> tables(String database) {
    return tablesById.values().stream()
        .filter(table -> isVisible(table, database))
        .sorted(Comparator.comparing(Table::getName, String.CASE_INSENSITIVE_ORDER))
        .toList();
  }

  /** Whether a table can be written and read. */
  public boolean isReady(Table table) {
    return table.getStatus() == TableStatus.ACTIVE && topologies.containsKey(table.getTableId());
  }

  /** The topology of a table, or TABLE_NOT_READY when it has none yet. */
  public Topology requireTopology(Table table) {
    Topology topology = topologies.get(table.getTableId());
    if (topology == null) {
      throw new ShardstreamException(ErrorCode.TABLE_NOT_READY, table.getName());
    }
    return topology;
  }

  /** The last heartbeat of a node; empty for one that has not been heard of. */
  public Optional<Node> node(String nodeId) {
    return Optional.ofNullable(nodes.get(nodeId));
  }

  /** The reshards of a database, in the order in which they started. */
  public List<Reshard> reshards(String database) {
    return reshards.values().stream()
        .filter(reshard -> Names.same(reshard.getDatabase(), database))
        .sorted(
            Comparator.comparingLong(Reshard::getStartedAt).thenComparing(Reshard::getChangeLogId))
        .toList();
  }

  /** The reshard of that id in a database. */
  public Optional<Reshard> reshard(String database, String changeLogId) {
    return reshards(database).stream()
        .filter(reshard -> reshard.getChangeLogId().equals(changeLogId))
        .findFirst();
  }

  private static boolean isVisible(Table table, String database) {
    return table.getStatus() != TableStatus.DROPPING && Names.same(table.getDatabase(), database);
  }
}
