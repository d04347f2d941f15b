package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.Seeded;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.Owners;
import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.query.KeyPredicates.Predicate;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which shards a plan asks, against the rows that SQLite finds. */
class PruningAgainstSqliteTest {
  private static final int PREDICATES = Integer.getInteger("shardstream.test.predicates", 80);
  private static final List<TypeName> TYPES =
      List.of(
          TypeName.BIGINT,
          TypeName.INTEGER,
          TypeName.DOUBLE,
          TypeName.TEXT,
          TypeName.VARCHAR,
          TypeName.BLOB);

  static LongStream seeds() {
    return LongStream.concat(fixedSeeds(), LongStream.of(System.nanoTime() & 0xffffff));
  }

  /** Of a rare predicate a shard is asked in vain: there is no integer between -1 and 0. */
  static LongStream fixedSeeds() {
    return LongStream.range(1, 16);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void every_row_that_sqlite_finds_is_in_a_shard_that_is_asked(long seed) {
    Seeded.run(seed, () -> lookForRows(new Random(seed)));
  }

  private static void lookForRows(Random random) throws SQLException {
    try (World world = new World(random, PruningAgainstSqliteTest::oddValues)) {
      for (int i = 0; i < PREDICATES; i++) {
        Predicate predicate = random.nextInt(4) == 0 ? world.simple() : world.any();
        List<RowPlace> found = world.found(predicate);
        for (Topology topology : world.topologies()) {
          assertThat(world.unasked(predicate, topology, found))
              .as("%s in %s", predicate, topology)
              .isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixedSeeds")
  void of_simple_predicates_no_shard_is_asked_in_vain(long seed) throws SQLException {
    Random random = new Random(seed);
    try (World world = new World(random, PruningAgainstSqliteTest::denseValues)) {
      Owners owners = Owners.of(world.ranges);
      for (int i = 0; i < PREDICATES; i++) {
        Predicate predicate = world.simple();
        Set<Integer> needed =
            world.found(predicate).stream()
                .map(place -> owners.of(place).orElseThrow().getId())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(world.asked(predicate, world.ranges).keySet())
            .as("seed %d: %s in %s", seed, predicate, world.ranges)
            .isEqualTo(needed);
      }
    }
  }

  /** Values at the edges of a type, and those that look like another type's. */
  private static Values oddValues(TypeName type) {
    List<Object> values =
        switch (type) {
          case INTEGER -> List.of((long) Integer.MIN_VALUE, -1L, 0L, 1L, 5L, 6L, 10L);
          case BIGINT ->
              List.of(
                  Long.MIN_VALUE,
                  -5L,
                  -1L,
                  0L,
                  4L,
                  5L,
                  6L,
                  50L,
                  1L << 53,
                  (1L << 53) + 1,
                  Long.MAX_VALUE - 1,
                  Long.MAX_VALUE);
          case DOUBLE ->
              List.of(
                  Double.NEGATIVE_INFINITY,
                  -1e300,
                  -5.25,
                  0.0,
                  0.1,
                  Double.MIN_VALUE,
                  5.0,
                  5.5,
                  0x1p53,
                  0x1p63,
                  1e300,
                  Double.POSITIVE_INFINITY);
          case BLOB ->
              Stream.of("", "5", "\0", "\0\0", "a", "a\0", "a\0\u0001", "a!", "b", "é", "\u07ff")
                  .map(text -> (Object) text.getBytes(StandardCharsets.UTF_8))
                  .toList();
          default ->
              List.of(
                  "",
                  " 5",
                  "05",
                  "10",
                  "5",
                  "5.0",
                  "5.5",
                  "A",
                  "B",
                  "a",
                  "a!",
                  "ab",
                  "b",
                  "é",
                  "\uffff",
                  "\ud83d\ude00");
        };
    return new Values(values, values);
  }

  /** Values with another between any two of them that a predicate or a split point names. */
  private static Values denseValues(TypeName type) {
    List<String> words = new ArrayList<>(List.of("a", "b"));
    for (int i = 0; i < 6; i++) {
      words.add(words.get(i) + "a");
      words.add(words.get(i) + "b");
    }
    List<String> all = new ArrayList<>(words);
    all.add("");
    words.forEach(word -> all.add(word + "!"));
    return switch (type) {
      case INTEGER, BIGINT ->
          new Values(
              LongStream.rangeClosed(-8, 8).mapToObj(i -> (Object) i).toList(),
              LongStream.rangeClosed(-6, 6).mapToObj(i -> (Object) i).toList());
      case DOUBLE ->
          new Values(
              IntStream.rangeClosed(-28, 28).mapToObj(i -> (Object) (i / 4.0)).toList(),
              IntStream.rangeClosed(-6, 6).mapToObj(i -> (Object) (double) i).toList());
      case BLOB ->
          new Values(
              all.stream().map(PruningAgainstSqliteTest::bytes).toList(),
              words.stream().map(PruningAgainstSqliteTest::bytes).toList());
      default -> new Values(List.copyOf(all), List.copyOf(words));
    };
  }

  private static Object bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Values of one column.
   *
   * @param rows that rows have
   * @param named that split points and predicates name
   */
  private record Values(List<Object> rows, List<Object> named) {}

  /** A table with a shard key of one or two columns, in SQLite and in shards. */
  private static final class World implements AutoCloseable {
    private final Random random;
    private final Table table;
    private final Topology ranges;
    private final KeyPredicates predicates;
    private final PlainSqlite plain = new PlainSqlite();
    private final Planner planner = new Planner("default");

    private World(Random random, Function<TypeName, Values> values) throws SQLException {
      this.random = random;
      List<TypeName> types =
          Stream.generate(() -> TYPES.get(random.nextInt(TYPES.size())))
              .limit(1 + random.nextInt(2))
              .toList();
      List<Integer> key = IntStream.rangeClosed(1, types.size()).boxed().toList();
      Column[] columns =
          key.stream()
              .map(id -> SampleTables.column(id, "k" + id, types.get(id - 1), null, false, null))
              .toArray(Column[]::new);
      table = SampleTables.ranges(SampleTables.table("t", 1, key, key, columns));
      List<List<Object>> named =
          product(types.stream().map(type -> values.apply(type).named()).toList());
      ranges = SampleTables.ranges(table, 1, splitAt(named));
      predicates = new KeyPredicates(random, table, named);
      List<List<Object>> rows =
          product(types.stream().map(type -> values.apply(type).rows()).toList());
      plain.load(table, List.copyOf(rows));
    }

    private static List<List<Object>> product(List<List<Object>> columns) {
      List<List<Object>> rows = List.of(List.of());
      for (List<Object> column : columns) {
        rows =
            rows.stream()
                .flatMap(
                    row ->
                        column.stream()
                            .map(value -> Stream.concat(row.stream(), Stream.of(value)).toList()))
                .toList();
      }
      return rows;
    }

    private List<List<Object>> splitAt(List<List<Object>> keys) {
      Map<byte[], List<Object>> points = new TreeMap<>(OrderedKey::compare);
      for (int i = random.nextInt(9); i > 0; i--) {
        List<Object> key = keys.get(random.nextInt(keys.size()));
        List<Object> point = key.subList(0, 1 + random.nextInt(key.size()));
        points.put(OrderedKey.of(point), point);
      }
      return List.copyOf(points.values());
    }

    Predicate simple() {
      return predicates.simple();
    }

    Predicate any() {
      return predicates.any();
    }

    List<Topology> topologies() {
      return List.of(ranges, SampleTables.topology(table, 1, 5));
    }

    private Table tableOf(Topology topology) {
      return topology == ranges
          ? table
          : Table.newBuilder(table).setStrategy(Strategy.HASH).build();
    }

    /** Places of the rows that SQLite finds. */
    List<RowPlace> found(Predicate predicate) throws SQLException {
      return plain
          .select("SELECT * FROM t WHERE " + predicate.where(), predicate.values())
          .rows()
          .stream()
          .map(row -> RowPlace.of(table, List.copyOf(row)))
          .toList();
    }

    /** The reads of a plan by shard id. */
    Map<Integer, ShardRead> asked(Predicate predicate, Topology topology) {
      Table planned = tableOf(topology);
      MetadataSnapshot metadata =
          new MetadataSnapshot(
              Map.of(planned.getTableId(), planned),
              Map.of(planned.getTableId(), topology),
              Map.of(),
              Map.of());
      SelectStatement select =
          (SelectStatement) SqlParser.parse("SELECT * FROM t WHERE " + predicate.where());
      Map<Integer, ShardRead> asked = new TreeMap<>();
      planner
          .plan(select, predicate.values(), metadata, false)
          .reads()
          .forEach(read -> asked.put(read.shard().getId(), read));
      return asked;
    }

    /** Rows that no read can find. */
    List<RowPlace> unasked(Predicate predicate, Topology topology, List<RowPlace> found) {
      Owners owners = Owners.of(topology);
      Map<Integer, ShardRead> asked = asked(predicate, topology);
      return found.stream()
          .filter(
              place -> {
                ShardRead read = asked.get(owners.of(place).orElseThrow().getId());
                return read == null
                    || read.virtualShards() != null
                        && !read.virtualShards().contains(place.virtualShard());
              })
          .toList();
    }

    @Override
    public void close() throws SQLException {
      plain.close();
    }
  }
}
