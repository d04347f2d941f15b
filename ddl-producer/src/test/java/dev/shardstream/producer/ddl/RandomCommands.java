package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.catalog.ColumnDefinitions;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Commands that keep to every rule, each decided by a seed. */
final class RandomCommands {
  private static final List<String> TEXTS =
      List.of("", "two words", "it's \"quoted\"", "\u0000\n\t", "ä😀", "null", "5");

  private final Random random;

  RandomCommands(long seed) {
    this.random = new Random(seed);
  }

  DdlCommand next() {
    return new DdlCommand(
        "c" + random.nextInt(1000),
        name(),
        IntStream.range(0, random.nextInt(3)).mapToObj(i -> "d" + i).toList(),
        random.nextBoolean() ? null : (Integer) random.nextInt(100),
        "ada",
        operation());
  }

  private Object operation() {
    return switch (random.nextInt(10)) {
      case 0, 1 -> createTable();
      case 2 -> new DropTable(name(), flag(), flag(), type());
      case 3 -> ofShards();
      case 4 -> createIndex();
      case 5 ->
          random.nextBoolean()
              ? new DropIndex(name(), flag())
              : new CommentOnIndex(name(), comment());
      case 6 -> random.nextBoolean() ? new CreateNamespace(flag()) : new DropNamespace(flag());
      default -> new AlterTable(name(), flag(), change());
    };
  }

  private Object ofShards() {
    return switch (random.nextInt(8)) {
      case 0 -> new ReshardTable(name(), 1 + random.nextInt(256), options(), flag());
      case 1, 2, 3 ->
          new ControlReshard(
              "r1", ReshardVerb.values()[random.nextInt(ReshardVerb.values().length)]);
      case 4 ->
          new ThrottleReshard(
              "r1", random.nextLong(1000), flag() ? null : (Long) random.nextLong(1, 1000));
      case 5 -> new MoveShard(name(), random.nextInt(300), "node-1", options());
      case 6 -> flag() ? new DrainNode("node 1") : new UndrainNode("n1");
      default ->
          flag()
              ? new VerifyTable(name(), options(), flag())
              : new Rebalance(flag() ? null : name(), flag());
    };
  }

  private @Nullable ReshardOptions options() {
    return flag()
        ? null
        : new ReshardOptions(
            flag() ? null : (Long) random.nextLong(0, 1000),
            flag() ? null : (Long) random.nextLong(0, 1000),
            flag(),
            flag());
  }

  private Object change() {
    return switch (random.nextInt(11)) {
      case 0 -> new AddColumn(column(name()), flag());
      case 1 -> new DropColumn(name(), flag(), flag());
      case 2 -> new RenameColumn(name(), name(), flag());
      case 3 -> {
        TypeName type = typeName();
        yield new AlterColumnType(name(), flag(), type, length(type), flag());
      }
      case 4 ->
          new AlterColumnDefault(name(), flag(), random.nextInt(4) == 0 ? null : value(typeName()));
      case 5 -> new AlterColumnNullability(name(), flag(), flag());
      case 6 -> new RenameTable(name());
      case 7 -> new SetBlockSize(1 + random.nextInt(10_000));
      case 8 -> new SetReplicas(1 + random.nextInt(8));
      case 9 -> new CommentOnTable(comment());
      default -> new CommentOnColumn(name(), comment());
    };
  }

  private CreateTable createTable() {
    TableType type = TableType.values()[random.nextInt(TableType.values().length)];
    boolean edge = type == TableType.EDGE;
    List<ColumnDefinition> columns = new ArrayList<>();
    int count = random.nextInt(edge ? 0 : 1, 5);
    for (int i = 0; i < count; i++) {
      columns.add(column("col" + i));
    }
    int keys = type == TableType.NODE ? 1 : random.nextInt(edge ? 0 : 1, count + 1);
    List<String> key =
        new ArrayList<>(columns.subList(0, keys).stream().map(ColumnDefinition::getName).toList());
    if (edge && (keys > 0 || flag())) {
      key.add(0, "_from");
    }
    List<String> shardKey = key.isEmpty() || flag() ? List.of() : key.subList(0, 1);
    Strategy strategy = flag() ? Strategy.HASH : Strategy.RANGE;
    List<ByteBuffer> splitAt =
        strategy == Strategy.HASH
            ? List.of()
            : splitAt(edge, columns, shardKey.isEmpty() ? key : shardKey);
    int shards = strategy == Strategy.HASH ? 1 + random.nextInt(256) : splitAt.size() + 1;
    return new CreateTable(
        name(),
        flag(),
        columns,
        key,
        shardKey,
        shards,
        1 + random.nextInt(256),
        strategy,
        type,
        edge ? name() : null,
        edge ? name() : null,
        type == TableType.STREAM && flag() ? (Long) random.nextLong(1, 3_153_600_001L) : null,
        1 + random.nextInt(10_000),
        comment(),
        1 + random.nextInt(8),
        splitAt);
  }

  private List<ByteBuffer> splitAt(
      boolean edge, List<ColumnDefinition> columns, List<String> shardKey) {
    Set<byte[]> keys = new TreeSet<>(OrderedKey::compare);
    for (int points = random.nextInt(4); points > 0; points--) {
      List<Object> values = new ArrayList<>();
      int most = edge ? 1 : 1 + random.nextInt(shardKey.size());
      for (ColumnDefinition column : columns) {
        if (!edge && values.size() < most && shardKey.contains(column.getName())) {
          values.add(storedValue(column));
        }
      }
      keys.add(OrderedKey.of(edge ? List.of(random.nextLong()) : values));
    }
    return keys.stream().map(ByteBuffer::wrap).toList();
  }

  private Object storedValue(ColumnDefinition column) {
    Object value = value(column.getType());
    while (ColumnDefinitions.storedDefault(column, value).isEmpty()) {
      value = value(column.getType());
    }
    return value instanceof ByteBuffer blob ? blob.array() : value;
  }

  private CreateIndex createIndex() {
    List<String> columns = List.of("a", "b", "c").subList(0, 1 + random.nextInt(3));
    return new CreateIndex(name(), name(), flag(), columns, flag(), comment());
  }

  private ColumnDefinition column(String name) {
    TypeName type = typeName();
    Object value = flag() ? null : value(type);
    return new ColumnDefinition(name, type, value == null ? length(type) : null, flag(), value);
  }

  private Object value(TypeName type) {
    return switch (type) {
      case INTEGER -> (long) random.nextInt();
      case BIGINT -> random.nextLong();
      case FLOAT -> (double) random.nextFloat();
      case DOUBLE ->
          List.of(-0.0, 1.0, 1e300, Double.MIN_VALUE, Double.POSITIVE_INFINITY, random.nextDouble())
              .get(random.nextInt(6));
      case TEXT, VARCHAR -> TEXTS.get(random.nextInt(TEXTS.size()));
      case BOOLEAN -> (long) random.nextInt(2);
      case DATE -> "1998-08-02";
      case TIMESTAMP -> "1998-08-02 10:15:00.123";
      case BLOB -> {
        byte[] bytes = new byte[random.nextInt(5)];
        random.nextBytes(bytes);
        yield ByteBuffer.wrap(bytes);
      }
    };
  }

  private TypeName typeName() {
    return TypeName.values()[random.nextInt(TypeName.values().length)];
  }

  private @Nullable Integer length(TypeName type) {
    return type == TypeName.VARCHAR && flag() ? (Integer) (1 + random.nextInt(100)) : null;
  }

  private @Nullable TableType type() {
    int type = random.nextInt(TableType.values().length + 1);
    return type == 0 ? null : TableType.values()[type - 1];
  }

  private @Nullable String comment() {
    return flag() ? null : TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private String name() {
    return List.of("users", "Orders", "history", "x1", "a_b").get(random.nextInt(5));
  }

  private boolean flag() {
    return random.nextBoolean();
  }
}
