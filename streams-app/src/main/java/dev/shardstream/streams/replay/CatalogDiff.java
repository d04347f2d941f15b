package dev.shardstream.streams.replay;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What tells two catalogs apart, field by field. Everything that a definition says is compared:
 * names, ids, columns, keys, indexes, comments, versions, options, times of creation. How far the
 * shards are (a table that is being created, an index that is being built) and the texts of errors
 * are not: they follow from the cluster, not from the commands.
 */
public final class CatalogDiff {
  private static final Set<String> OF_THE_CLUSTER = Set.of("status", "error");
  private static final String ID = "id";

  /**
   * One difference.
   *
   * @param table key of the table, {@code database/table id}
   * @param field path of the field, like {@code columns[3].name}; empty for the table as a whole
   * @param replayed value that follows from the commands, {@code (none)} when there is none
   * @param live value in the live catalog
   */
  public record Difference(String table, String field, String replayed, String live) {
    @Override
    public String toString() {
      return field.isEmpty()
          ? "%s: replayed %s, live %s".formatted(table, replayed, live)
          : "%s %s: replayed %s, live %s".formatted(table, field, replayed, live);
    }
  }

  private static final String NONE = "(none)";

  private final List<Difference> differences = new ArrayList<>();

  private CatalogDiff() {}

  /** All differences, by table and field; tables that are being dropped are not there. */
  public static List<Difference> between(Collection<Table> replayed, Collection<Table> live) {
    SortedMap<String, Table> left = byKey(replayed);
    SortedMap<String, Table> right = byKey(live);
    SortedSet<String> keys = new TreeSet<>(left.keySet());
    keys.addAll(right.keySet());
    CatalogDiff diff = new CatalogDiff();
    for (String key : keys) {
      Table one = left.get(key);
      Table other = right.get(key);
      if (one == null || other == null) {
        diff.add(key, "", whole(one), whole(other));
      } else {
        diff.compare(key, "", one, other);
      }
    }
    return List.copyOf(diff.differences);
  }

  private static SortedMap<String, Table> byKey(Collection<Table> tables) {
    SortedMap<String, Table> byKey = new TreeMap<>();
    for (Table table : tables) {
      if (table.getStatus() != TableStatus.DROPPING) {
        byKey.put(Tables.key(table.getDatabase(), table.getTableId()), table);
      }
    }
    return byKey;
  }

  private static @Nullable Object whole(@Nullable Table table) {
    return table == null
        ? null
        : "table '%s' version %d".formatted(table.getName(), table.getSchemaVersion());
  }

  private void compare(String table, String path, Object one, Object other) {
    if (one instanceof IndexedRecord left && other instanceof IndexedRecord right) {
      compareRecords(table, path, left, right);
    } else if (isListOfRecords(one, other)) {
      compareById(table, path, (List<?>) one, (List<?>) other);
    } else if (!one.equals(other)) {
      add(table, path, one, other);
    }
  }

  private void compareRecords(String table, String path, IndexedRecord one, IndexedRecord other) {
    String prefix = path.isEmpty() ? "" : path + ".";
    for (Schema.Field field : one.getSchema().getFields()) {
      Object left = one.get(field.pos());
      Object right = other.get(field.pos());
      if (OF_THE_CLUSTER.contains(field.name())) {
        continue;
      }
      if (left == null || right == null) {
        if (!Objects.equals(left, right)) {
          add(table, prefix + field.name(), left, right);
        }
      } else {
        compare(table, prefix + field.name(), left, right);
      }
    }
    if (one instanceof Index left
        && other instanceof Index right
        && failed(left) != failed(right)) {
      add(table, prefix + "status", left.getStatus(), right.getStatus());
    }
  }

  private static boolean failed(Index index) {
    return index.getStatus() == IndexStatus.FAILED;
  }

  private static boolean isListOfRecords(Object one, Object other) {
    return one instanceof List<?> left
        && other instanceof List<?> right
        && (left.isEmpty() || left.get(0) instanceof IndexedRecord)
        && (right.isEmpty() || right.get(0) instanceof IndexedRecord);
  }

  /** The order counts too: it is the order in which users see columns. */
  private void compareById(String table, String path, List<?> one, List<?> other) {
    Map<Object, IndexedRecord> left = byId(one);
    Map<Object, IndexedRecord> right = byId(other);
    SortedSet<Object> ids = new TreeSet<>(left.keySet());
    ids.addAll(right.keySet());
    for (Object id : ids) {
      IndexedRecord from = left.get(id);
      IndexedRecord to = right.get(id);
      String at = path + "[" + id + "]";
      if (from == null || to == null) {
        add(table, at, from, to);
      } else {
        compareRecords(table, at, from, to);
      }
    }
    List<Object> order = one.stream().map(CatalogDiff::id).toList();
    List<Object> otherOrder = other.stream().map(CatalogDiff::id).toList();
    if (left.keySet().equals(right.keySet()) && !order.equals(otherOrder)) {
      add(table, path + " in order", order, otherOrder);
    }
  }

  private static Map<Object, IndexedRecord> byId(List<?> records) {
    Map<Object, IndexedRecord> byId = new TreeMap<>();
    records.forEach(record -> byId.put(id(record), (IndexedRecord) record));
    return byId;
  }

  private static Object id(Object item) {
    IndexedRecord entry = (IndexedRecord) item;
    return entry.get(entry.getSchema().getField(ID).pos());
  }

  private void add(String table, String field, @Nullable Object replayed, @Nullable Object live) {
    differences.add(new Difference(table, field, text(replayed), text(live)));
  }

  private static String text(@Nullable Object value) {
    return value == null ? NONE : value.toString();
  }
}
