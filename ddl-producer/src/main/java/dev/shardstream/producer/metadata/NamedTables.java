package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Immutable map of tables by table id that also finds them by name, without a look at each of them.
 * The names are sorted out at the first question: most snapshots are never asked.
 */
public final class NamedTables extends AbstractMap<String, Table> {
  private final Map<String, Table> byId;
  private volatile @Nullable Map<String, Table> byName;

  private NamedTables(Map<String, Table> byId) {
    this.byId = byId;
  }

  /** The tables of a map, by table id. */
  public static NamedTables of(Map<String, Table> byId) {
    return byId instanceof NamedTables named ? named : new NamedTables(Map.copyOf(byId));
  }

  /** The table of that name, in any case; a table that is being dropped is gone for users. */
  public Optional<Table> named(String database, String name) {
    Map<String, Table> names = byName;
    if (names == null) {
      names = new HashMap<>();
      for (Table table : byId.values()) {
        if (table.getStatus() != TableStatus.DROPPING) {
          names.put(key(table.getDatabase(), table.getName()), table);
        }
      }
      byName = names;
    }
    return Optional.ofNullable(names.get(key(database, name)));
  }

  private static String key(String database, String name) {
    return (database + "." + name).toLowerCase(Locale.ROOT);
  }

  @Override
  public @Nullable Table get(@Nullable Object tableId) {
    return tableId == null ? null : byId.get(tableId);
  }

  @Override
  public boolean containsKey(@Nullable Object tableId) {
    return tableId != null && byId.containsKey(tableId);
  }

  @Override
  public Set<Entry<String, Table>> entrySet() {
    return byId.entrySet();
  }
}
