package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Immutable view of catalog, topology, reshards and nodes.
 *
 * @param tablesById tables by table id, also those that are being dropped
 * @param topologies topologies by table id
 * @param reshards reshards by the key of their record
 * @param nodes last heartbeats by node id
 */
public record MetadataSnapshot(
    Map<String, Table> tablesById,
    Map<String, Topology> topologies,
    Map<String, Reshard> reshards,
    Map<String, Node> nodes) {
  /** Nothing is known. */
  public static final MetadataSnapshot EMPTY =
      new MetadataSnapshot(Map.of(), Map.of(), Map.of(), Map.of());

  public MetadataSnapshot {
    tablesById = Map.copyOf(tablesById);
    topologies = Map.copyOf(topologies);
    reshards = Map.copyOf(reshards);
    nodes = Map.copyOf(nodes);
  }

  /** The table of that name, in any case; a table that is being dropped is gone for users. */
  public Optional<Table> table(String database, String name) {
    return tablesById.values().stream()
        .filter(table -> isVisible(table, database) && Names.same(table.getName(), name))
        .findFirst();
  }

  /** The table of that name, or TABLE_NOT_FOUND. */
  public Table requireTable(String database, String name) {
    return table(database, name)
        .orElseThrow(() -> new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, name));
  }

  /** The tables of a database that users see, by name. */
  public List<Table> tables(String database) {
    return tablesById.values().stream()
        .filter(table -> isVisible(table, database))
        .sorted(Comparator.comparing(Table::getName, String.CASE_INSENSITIVE_ORDER))
        .toList();
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
