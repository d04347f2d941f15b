package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one table must hold at any position of its log, from the writes that were acknowledged, in
 * the order of the log. It decides on its own and knows nothing of shards.
 */
final class Model {
  /**
   * A write as its writer meant it.
   *
   * @param set values by column id, the key's among them
   * @param seen the table as the writer saw it
   */
  record Write(
      RowChange.Op op,
      long key,
      Map<Integer, @Nullable Object> set,
      @Nullable Long ifVersion,
      Table seen) {}

  /** A row of the model: its values by column id, offset and time of its last accepted write. */
  record Expected(Map<Integer, @Nullable Object> values, long version, long updated) {
    /** The value of a column; a row of a writer who did not know it has its initial default. */
    @Nullable Object value(Column column) {
      return values.containsKey(column.getId())
          ? values.get(column.getId())
          : column.getInitialDefault();
    }
  }

  private record Moment(long offset, @Nullable Expected row) {}

  /**
   * A write that was refused. A record that nobody can read has no key, and counts as of the least
   * one.
   */
  private record Refused(@Nullable Long key, String code) {
    boolean isIn(KeyRange range) {
      return key == null ? range.getFrom() == null : Keys.isIn(range, key);
    }
  }

  private final Map<Integer, SortedMap<Long, List<Moment>>> rows = new TreeMap<>();
  private final Map<Integer, SortedMap<Long, Refused>> refused = new TreeMap<>();
  private final SortedSet<Integer> known = new TreeSet<>();
  private final Map<Integer, Map<Integer, Boolean>> notNull = new HashMap<>();

  /** A write stands in the log. */
  void written(SimLog.Place place, Write write) {
    int virtualShard = Keys.virtualShard(write.key());
    known.add(virtualShard);
    List<Moment> history =
        rows.computeIfAbsent(virtualShard, v -> new TreeMap<>())
            .computeIfAbsent(write.key(), k -> new ArrayList<>());
    Expected before = history.isEmpty() ? null : history.get(history.size() - 1).row();
    String refusal = refusal(place.partition(), before, write);
    if (refusal == null) {
      history.add(new Moment(place.offset(), after(place, before, write)));
    } else {
      refuse(virtualShard, place.offset(), new Refused(write.key(), refusal));
    }
  }

  /** A record that nobody can read stands in the log; the partition's lowest has it. */
  void unreadable(SimLog.Place place, int lowest) {
    refuse(lowest, place.offset(), new Refused(null, "POISON"));
  }

  private void refuse(int virtualShard, long offset, Refused write) {
    known.add(virtualShard);
    refused.computeIfAbsent(virtualShard, v -> new TreeMap<>()).put(offset, write);
  }

  /** From here on a column takes no NULL in a partition, or takes it again. */
  void ruled(int partition, int columnId, boolean initialNull, boolean enforced) {
    Map<Integer, Boolean> columns = notNull.computeIfAbsent(partition, p -> new TreeMap<>());
    if (enforced) {
      columns.put(columnId, initialNull);
    } else {
      columns.remove(columnId);
    }
  }

  /** Columns that take no NULL at the end of some partition. */
  SortedSet<Integer> ruledColumns() {
    SortedSet<Integer> columns = new TreeSet<>();
    notNull.values().forEach(partition -> columns.addAll(partition.keySet()));
    return columns;
  }

  private @Nullable String refusal(int partition, @Nullable Expected before, Write write) {
    boolean insert = write.op() == RowChange.Op.INSERT;
    boolean upsert = write.op() == RowChange.Op.UPSERT;
    if (insert && before != null) {
      return "DUPLICATE_KEY";
    } else if (before == null && (!insert && !upsert || write.ifVersion() != null)) {
      return "NOT_FOUND";
    } else if (before != null
        && write.ifVersion() != null
        && write.ifVersion() != before.version()) {
      return "VERSION_MISMATCH";
    } else if (write.op() == RowChange.Op.DELETE) {
      return null;
    }
    for (Column column : write.seen().getColumns()) {
      boolean set = write.set().containsKey(column.getId());
      Object value = set ? write.set().get(column.getId()) : column.getDefaultValue();
      if (set || insert || upsert) {
        if (value == null && !column.getNullable()) {
          return "NOT_NULL";
        } else if (value instanceof String text
            && column.getLength() != null
            && text.length() > column.getLength()) {
          return "TYPE";
        }
      }
    }
    return breaksRule(partition, write, insert || upsert) ? "NOT_NULL" : null;
  }

  private boolean breaksRule(int partition, Write write, boolean whole) {
    for (Map.Entry<Integer, Boolean> rule : notNull.getOrDefault(partition, Map.of()).entrySet()) {
      int id = rule.getKey();
      Column known = column(write.seen(), id);
      boolean leavesNull =
          write.set().containsKey(id)
              ? write.set().get(id) == null
              : whole
                  && (known != null
                      ? known.getDefaultValue() == null
                      : id >= write.seen().getNextColumnId() && rule.getValue());
      if (leavesNull) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Column column(Table table, int id) {
    return table.getColumns().stream().filter(c -> c.getId() == id).findFirst().orElse(null);
  }

  private static @Nullable Expected after(
      SimLog.Place place, @Nullable Expected before, Write write) {
    if (write.op() == RowChange.Op.DELETE) {
      return null;
    }
    Map<Integer, @Nullable Object> values = new HashMap<>();
    if (write.op() == RowChange.Op.UPDATE && before != null) {
      values.putAll(before.values());
    } else {
      write.seen().getColumns().forEach(c -> values.put(c.getId(), c.getDefaultValue()));
    }
    values.putAll(write.set());
    return new Expected(values, place.offset(), place.at());
  }

  /** Virtual shards about which anything is known. */
  SortedSet<Integer> virtualShards() {
    return known;
  }

  /** The rows of a range in a virtual shard before a position, by key. */
  SortedMap<Long, Expected> rows(int virtualShard, KeyRange range, long position) {
    SortedMap<Long, Expected> found = new TreeMap<>();
    rows.getOrDefault(virtualShard, new TreeMap<>())
        .forEach(
            (key, history) -> {
              Expected last = Keys.isIn(range, key) ? before(history, position) : null;
              if (last != null) {
                found.put(key, last);
              }
            });
    return found;
  }

  private static @Nullable Expected before(List<Moment> history, long position) {
    Expected last = null;
    for (Moment moment : history) {
      if (moment.offset() >= position) {
        break;
      }
      last = moment.row();
    }
    return last;
  }

  /** A row at the end of the log, null when there is none. */
  @Nullable Expected last(long key) {
    return rows(Keys.virtualShard(key), KeyRanges.ALL, Long.MAX_VALUE).get(key);
  }

  /**
   * The writes of a range in a virtual shard that were refused before a position, and the records
   * there that nobody can read: code by offset.
   */
  SortedMap<Long, String> refused(int virtualShard, KeyRange range, long position) {
    SortedMap<Long, String> found = new TreeMap<>();
    refused
        .getOrDefault(virtualShard, new TreeMap<>())
        .headMap(position)
        .forEach(
            (offset, write) -> {
              if (write.isIn(range)) {
                found.put(offset, write.code());
              }
            });
    return found;
  }
}
