package dev.shardstream.producer.replica;

import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.event.Table;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a replica knows of its namespace. Immutable.
 *
 * @param tables the tables that users see, by table id
 */
public record ReplicaState(SortedMap<String, Table> tables) {
  /** Nothing is known. */
  public static final ReplicaState EMPTY = new ReplicaState(new TreeMap<>());

  public ReplicaState {
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
  }

  /** The table of that name, in any case. */
  public Optional<Table> table(String name) {
    return tables.values().stream().filter(t -> Names.same(t.getName(), name)).findFirst();
  }

  /** The schema version of the table of that name; empty when there is none. */
  public OptionalInt schemaVersion(String name) {
    return table(name)
        .map(table -> OptionalInt.of(table.getSchemaVersion()))
        .orElse(OptionalInt.empty());
  }

  /** The state with other tables in place of those of these ids; a null takes one away. */
  ReplicaState with(Map<String, @Nullable Table> changes) {
    SortedMap<String, Table> next = new TreeMap<>(tables);
    changes.forEach(
        (id, table) -> {
          if (table == null) {
            next.remove(id);
          } else {
            next.put(id, table);
          }
        });
    return new ReplicaState(next);
  }
}
