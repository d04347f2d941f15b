package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One table of a script: what it should look like after the commands so far, so that the next one
 * makes sense. Knows names only; what follows from them is the coordinator's.
 */
final class ScriptTable {
  private static final int MOST_COLUMNS = 8;

  final TableType type;
  final @Nullable ScriptTable from;
  final @Nullable ScriptTable to;

  /** Commands on which the next one depends. */
  final Set<String> tails = new TreeSet<>();

  private final String base;
  private final Random random;
  private final TreeMap<String, TypeName> columns = new TreeMap<>();
  private final Set<String> notNull = new TreeSet<>();
  private final TreeMap<String, Set<String>> indexes = new TreeMap<>();
  private boolean exists;
  private String name;
  private int number;

  /** Versions that its definition has had since it was created. */
  int version;

  /** Edge tables that use it. */
  int edges;

  ScriptTable(
      String base,
      TableType type,
      @Nullable ScriptTable from,
      @Nullable ScriptTable to,
      Random random) {
    this.base = base;
    this.name = base;
    this.type = type;
    this.from = from;
    this.to = to;
    this.random = random;
  }

  boolean exists() {
    return exists;
  }

  boolean canBegin() {
    return type != TableType.EDGE || from.exists && to.exists;
  }

  CreateTable create() {
    exists = true;
    version = 1;
    columns.clear();
    notNull.clear();
    indexes.clear();
    List<ColumnDefinition> definitions = new ArrayList<>();
    boolean isEdge = type == TableType.EDGE;
    if (isEdge) {
      from.edges++;
      to.edges++;
    } else {
      definitions.add(new ColumnDefinition("id", TypeName.BIGINT, null, true, null));
    }
    columns.put("note", TypeName.VARCHAR);
    definitions.add(new ColumnDefinition("note", TypeName.VARCHAR, 20, true, null));
    return new CreateTable(
        name,
        random.nextInt(8) == 0,
        definitions,
        isEdge ? List.of() : List.of("id"),
        List.of(),
        random.nextInt(4) == 0 ? 2 : 1,
        4,
        Strategy.HASH,
        type,
        isEdge ? from.name : null,
        isEdge ? to.name : null,
        null,
        500,
        null,
        1,
        List.of());
  }

  /** A command that is right after all those on which it depends. */
  Object next() {
    for (; ; ) {
      Object operation = attempt();
      if (operation != null) {
        return operation;
      }
    }
  }

  private @Nullable Object attempt() {
    String column = any(columns.keySet());
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> columns.size() < MOST_COLUMNS ? add() : null;
      case 3 -> column == null ? null : drop(column);
      case 4 -> column == null ? null : renameColumn(column);
      case 5 -> column == null ? null : widen(column);
      case 6 -> column == null ? null : version(defaulted(column));
      case 7 -> column == null ? null : nullability(column);
      case 8 -> version(new SetBlockSize(1 + ++number % 10_000));
      case 9 -> version(new CommentOnTable("comment " + ++number));
      case 10 -> column == null ? null : version(new CommentOnColumn(column, "c" + ++number));
      case 11 -> rename();
      case 12 -> column == null ? null : createIndex(column);
      case 13 -> indexes.isEmpty() ? null : dropIndex();
      case 14 -> indexes.isEmpty() ? null : new CommentOnIndex(indexes.firstKey(), "i" + ++number);
      default -> edges == 0 && random.nextInt(3) == 0 ? dropTable() : null;
    };
  }

  private @Nullable String any(Set<String> names) {
    return names.isEmpty() ? null : List.copyOf(names).get(random.nextInt(names.size()));
  }

  AlterTable alter(Object change) {
    return new AlterTable(name, false, change);
  }

  private AlterTable version(Object change) {
    version++;
    return alter(change);
  }

  private AlterTable add() {
    String added = "c" + ++number;
    boolean whole = random.nextBoolean();
    TypeName addedType = whole ? TypeName.INTEGER : TypeName.FLOAT;
    Object value = whole ? (Object) 5L : (Object) 0.5;
    columns.put(added, addedType);
    boolean filled = random.nextInt(4) == 0;
    if (filled) {
      notNull.add(added);
    }
    return version(
        new AddColumn(
            new ColumnDefinition(
                added, addedType, null, !filled, filled || random.nextBoolean() ? value : null),
            false));
  }

  private AlterTable drop(String column) {
    columns.remove(column);
    notNull.remove(column);
    boolean used = indexes.values().removeIf(on -> on.contains(column));
    return version(new DropColumn(column, false, used || random.nextBoolean()));
  }

  private AlterTable renameColumn(String column) {
    String renamed = "r" + ++number;
    columns.put(renamed, columns.remove(column));
    if (notNull.remove(column)) {
      notNull.add(renamed);
    }
    indexes
        .values()
        .forEach(
            on -> {
              if (on.remove(column)) {
                on.add(renamed);
              }
            });
    return version(new RenameColumn(column, renamed, false));
  }

  private @Nullable AlterTable widen(String column) {
    TypeName wider =
        switch (columns.get(column)) {
          case INTEGER -> TypeName.BIGINT;
          case FLOAT -> TypeName.DOUBLE;
          case VARCHAR -> TypeName.TEXT;
          default -> null;
        };
    if (wider == null) {
      return null;
    }
    columns.put(column, wider);
    return version(new AlterColumnType(column, false, wider, null, false));
  }

  private Object defaulted(String column) {
    number++;
    return new AlterColumnDefault(
        column,
        false,
        switch (columns.get(column)) {
          case INTEGER, BIGINT -> (Object) (long) number;
          case FLOAT, DOUBLE -> (Object) (number + 0.25);
          default -> "default " + number;
        });
  }

  private AlterTable nullability(String column) {
    boolean nullable = notNull.remove(column);
    if (!nullable) {
      notNull.add(column);
    }
    return version(new AlterColumnNullability(column, false, nullable));
  }

  private AlterTable rename() {
    String renamed = base + (name.equals(base) ? "x" : "");
    AlterTable rename = version(new RenameTable(renamed));
    name = renamed;
    return rename;
  }

  private CreateIndex createIndex(String column) {
    String index = base + "_i" + ++number;
    indexes.put(index, new TreeSet<>(Set.of(column)));
    boolean unique = random.nextInt(3) == 0;
    String shardKey = type == TableType.EDGE ? "_from" : "id";
    return new CreateIndex(
        name, index, unique, unique ? List.of(shardKey, column) : List.of(column), false, null);
  }

  private DropIndex dropIndex() {
    return new DropIndex(indexes.pollFirstEntry().getKey(), false);
  }

  private DropTable dropTable() {
    exists = false;
    if (from != null && to != null) {
      from.edges--;
      to.edges--;
    }
    return new DropTable(name, false, false, random.nextBoolean() ? type : null);
  }

  /** A command that is wrong whenever it comes. */
  Object wrong() {
    return switch (random.nextInt(4)) {
      case 0 -> alter(new DropColumn("nothing", false, false));
      case 1 -> alter(new RenameColumn("nothing", "something", false));
      case 2 -> alter(new SetBlockSize(0));
      default -> new DropIndex(base + "_nothing", false);
    };
  }

  /** A column of its own that nobody else touches. */
  AlterTable addOwn(String column) {
    return alter(
        new AddColumn(new ColumnDefinition(column, TypeName.TEXT, null, true, null), false));
  }
}
