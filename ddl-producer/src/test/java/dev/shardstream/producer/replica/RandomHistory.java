package dev.shardstream.producer.replica;

import static dev.shardstream.producer.replica.Definitions.adding;
import static dev.shardstream.producer.replica.Definitions.changing;
import static dev.shardstream.producer.replica.Definitions.dropping;
import static dev.shardstream.producer.replica.Definitions.index;
import static dev.shardstream.producer.replica.Definitions.next;
import static dev.shardstream.producer.replica.Definitions.renaming;
import static dev.shardstream.producer.replica.Definitions.table;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A catalog topic as a random life of some tables leaves it. The same for the same seed. */
final class RandomHistory {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");

  /** One record; a null table is a tombstone. */
  record Entry(String tableId, @Nullable Table table) {}

  private final Random random;
  private final TreeMap<String, Table> tables = new TreeMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private int number;

  private RandomHistory(long seed) {
    this.random = new Random(seed);
  }

  static List<Entry> of(long seed, int length) {
    RandomHistory history = new RandomHistory(seed);
    while (history.entries.size() < length) {
      history.step();
    }
    return history.entries;
  }

  private void step() {
    if (tables.isEmpty() || random.nextInt(8) == 0) {
      create();
      return;
    }
    Table table = pick(List.copyOf(tables.values()));
    switch (random.nextInt(9)) {
      case 0 -> drop(table);
      case 1, 2 -> put(adding(table, freeColumn(table), TypeName.INTEGER, someDefault()));
      case 3 -> dropColumn(table);
      case 4 -> {
        String name = freeColumn(table);
        put(changing(table, pick(table.getColumns()).getId(), c -> c.setName(name)));
      }
      case 5 -> put(changing(table, lastColumn(table), c -> c.setType(TypeName.BIGINT)));
      case 6 -> rename(table);
      case 7 -> indexed(table);
      default -> put(next(table).setComment("comment " + random.nextInt(3)).build());
    }
  }

  private void create() {
    String name = freeName();
    if (name != null) {
      number++;
      put(table("default-" + name + "-" + number, name, number));
    }
  }

  private void drop(Table table) {
    tables.remove(table.getTableId());
    entries.add(new Entry(table.getTableId(), null));
  }

  private void rename(Table table) {
    String name = freeName();
    if (name != null) {
      put(renaming(table, name));
    }
  }

  private void dropColumn(Table table) {
    if (table.getColumns().size() > 2) {
      put(dropping(table, lastColumn(table)));
    }
  }

  private void indexed(Table table) {
    int id = table.getNextIndexId();
    List<Index> indexes = new ArrayList<>(table.getIndexes());
    if (indexes.size() > 1) {
      indexes.remove(random.nextInt(indexes.size()));
    } else {
      IndexStatus status = IndexStatus.values()[random.nextInt(3)];
      int column = pick(table.getColumns()).getId();
      indexes.add(index(id, "i" + random.nextInt(1000), random.nextBoolean(), status, column, 1));
    }
    put(Table.newBuilder(table).setIndexes(indexes).setNextIndexId(id + 1).build());
  }

  private void put(Table table) {
    tables.put(table.getTableId(), table);
    entries.add(new Entry(table.getTableId(), table));
  }

  private @Nullable Object someDefault() {
    return random.nextBoolean() ? null : (Object) (long) random.nextInt(100);
  }

  private static int lastColumn(Table table) {
    return table.getColumns().get(table.getColumns().size() - 1).getId();
  }

  private @Nullable String freeName() {
    List<String> free = new ArrayList<>(NAMES);
    tables.values().forEach(table -> free.remove(table.getName()));
    return free.isEmpty() ? null : pick(free);
  }

  private String freeColumn(Table table) {
    while (true) {
      String name = "c" + random.nextInt(30);
      if (table.getColumns().stream().map(Column::getName).noneMatch(name::equals)) {
        return name;
      }
    }
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
