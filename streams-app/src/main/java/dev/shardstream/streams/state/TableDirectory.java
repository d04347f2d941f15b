package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables of a database, and every way in which they are looked for. */
final class TableDirectory {
  private final SortedMap<String, Table> tables = new TreeMap<>();
  private final Map<String, String> byName = new HashMap<>();
  private final Map<String, String> byIndex = new HashMap<>();
  private final Map<String, NavigableSet<String>> byEndpoint = new HashMap<>();
  private final NavigableSet<String> inMotion = new TreeSet<>();
  private final NavigableSet<String> replicated = new TreeSet<>();

  void put(Table table) {
    remove(table.getTableId());
    String id = table.getTableId();
    tables.put(id, table);
    endpoints(table)
        .forEach(node -> byEndpoint.computeIfAbsent(node, n -> new TreeSet<>()).add(id));
    if (table.getStatus() != TableStatus.ACTIVE) {
      inMotion.add(id);
    }
    if (table.getReplicas() > 1) {
      replicated.add(id);
    }
    if (table.getStatus() != TableStatus.DROPPING) {
      byName.put(folded(table.getName()), id);
      table.getIndexes().forEach(index -> byIndex.put(folded(index.getName()), id));
    }
  }

  void remove(String tableId) {
    Table table = tables.remove(tableId);
    if (table == null) {
      return;
    }
    inMotion.remove(tableId);
    replicated.remove(tableId);
    byName.remove(folded(table.getName()), tableId);
    for (Index index : table.getIndexes()) {
      byIndex.remove(folded(index.getName()), tableId);
    }
    for (String node : endpoints(table)) {
      byEndpoint.get(node).remove(tableId);
      if (byEndpoint.get(node).isEmpty()) {
        byEndpoint.remove(node);
      }
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Ids of the node tables that an edge table joins; none for other tables. */
  static NavigableSet<String> endpoints(Table table) {
    NavigableSet<String> nodes = new TreeSet<>();
    if (table.getFromTable() != null) {
      nodes.add(table.getFromTable());
    }
    if (table.getToTable() != null) {
      nodes.add(table.getToTable());
    }
    return nodes;
  }

  Collection<Table> all() {
    return Collections.unmodifiableCollection(tables.values());
  }

  Optional<Table> byId(String tableId) {
    return Optional.ofNullable(tables.get(tableId));
  }

  Optional<Table> byName(String name) {
    return Optional.ofNullable(byName.get(folded(name))).map(tables::get);
  }

  Optional<Table> byIndexName(String index) {
    return Optional.ofNullable(byIndex.get(folded(index))).map(tables::get);
  }

  /** Edge tables that begin or end at a node table, by id. */
  List<Table> edgesOf(String nodeTableId) {
    return byEndpoint.getOrDefault(nodeTableId, Collections.emptyNavigableSet()).stream()
        .map(tables::get)
        .toList();
  }

  /** Ids of the tables that are being made or dropped. */
  NavigableSet<String> inMotion() {
    return Collections.unmodifiableNavigableSet(inMotion);
  }

  /** Ids of the tables that shall have replicas. */
  NavigableSet<String> replicated() {
    return Collections.unmodifiableNavigableSet(replicated);
  }
}
