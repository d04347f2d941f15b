package dev.shardstream.producer.replica;

import static dev.shardstream.producer.replica.Definitions.index;
import static dev.shardstream.producer.replica.Definitions.table;

import dev.shardstream.schemas.catalog.CatalogView;
import dev.shardstream.schemas.catalog.TableEvolution;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
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
    Column column = table.getColumns().get(table.getColumns().size() - 1);
    switch (random.nextInt(10)) {
      case 0 -> drop(table);
      case 1, 2 -> evolve(table, new AddColumn(added(freeColumn(table)), false));
      case 3 -> dropColumn(table, column);
      case 4 -> renameColumn(table, column);
      case 5 -> widen(table, column);
      case 6 -> rename(table);
      case 7 -> indexed(table);
      case 8 -> evolve(table, new CommentOnTable("comment " + random.nextInt(3)));
      default -> evolve(table, new CommentOnColumn(column.getName(), "c " + random.nextInt(3)));
    }
  }

  /** As the control plane evolves it; a change that changes nothing leaves no record. */
  private void evolve(Table table, Object change) {
    TableEvolution.next(table, change, CatalogView.EMPTY).ifPresent(this::put);
  }

  private ColumnDefinition added(String name) {
    boolean nullable = random.nextBoolean();
    Object byDefault =
        nullable && random.nextBoolean() ? null : (Object) (long) random.nextInt(100);
    return new ColumnDefinition(name, TypeName.INTEGER, null, nullable, byDefault);
  }

  private void widen(Table table, Column column) {
    if (column.getType() == TypeName.INTEGER) {
      evolve(
          table,
          new AlterColumnType(
              column.getName(), false, TypeName.BIGINT, null, !column.getNullable()));
    } else if (column.getType() == TypeName.BIGINT && !isKey(table, column)) {
      evolve(table, new AlterColumnDefault(column.getName(), false, (long) random.nextInt(100)));
    }
  }

  private void renameColumn(Table table, Column column) {
    if (!isKey(table, column)) {
      evolve(table, new RenameColumn(column.getName(), freeColumn(table), false));
    }
  }

  private static boolean isKey(Table table, Column column) {
    return table.getPrimaryKey().contains(column.getId());
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
      evolve(table, new RenameTable(name));
    }
  }

  private void dropColumn(Table table, Column column) {
    if (!isKey(table, column)) {
      evolve(table, new DropColumn(column.getName(), false, true));
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
