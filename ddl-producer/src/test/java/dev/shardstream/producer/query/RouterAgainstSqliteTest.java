package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.Seeded;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.SqlText;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The router over many shards answers as one SQLite over all rows. */
class RouterAgainstSqliteTest {
  private static final QuerySettings SETTINGS =
      new QuerySettings(
          Duration.ofSeconds(60),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          100_000,
          64L << 20,
          4);
  private static final int STATEMENTS = Integer.getInteger("shardstream.test.statements", 300);

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(1, 5), LongStream.of(System.nanoTime() & 0xffffff));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void random_statements_answer_what_one_sqlite_answers(long seed) {
    Seeded.run(seed, () -> compareRandomStatements(seed));
  }

  private static void compareRandomStatements(long seed) throws SQLException {
    Strategy strategy = seed % 2 == 0 ? Strategy.RANGE : Strategy.HASH;
    try (World world = new World(seed, strategy)) {
      RandomSelects selects = new RandomSelects(new Random(seed * 31));
      for (int i = 0; i < STATEMENTS; i++) {
        world.compare(selects.next());
      }
    }
  }

  static Stream<String> corpus() {
    return ShopStatements.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void each_form_of_select_answers_what_one_sqlite_answers(String sql) {
    forms.compare(new RandomSelects.Case(sql, List.of(), sql.contains("ORDER BY")));
  }

  private static World forms;

  @BeforeAll
  static void loadOnce() throws SQLException {
    forms = new World(5, Strategy.HASH);
  }

  @AfterAll
  static void close() throws SQLException {
    forms.close();
  }

  /** Both sides with the same rows. */
  private static final class World implements AutoCloseable {
    private final PlainSqlite plain = new PlainSqlite();
    private final SqliteShards shards = new SqliteShards();
    private final Router router;

    private World(long seed, Strategy strategy) throws SQLException {
      Map<Table, List<List<@Nullable Object>>> all = new ShopRows(new Random(seed)).all();
      MetadataSnapshot metadata = strategy == Strategy.RANGE ? Shop.ranges(all) : Shop.metadata();
      for (var rows : all.entrySet()) {
        plain.load(rows.getKey(), rows.getValue());
        shards.load(rows.getKey(), metadata.requireTopology(rows.getKey()), rows.getValue());
      }
      router =
          new Router(
              new SampleTables.Fixed(metadata),
              new Holders(shards, Duration.ofSeconds(30)),
              "default",
              SETTINGS);
    }

    private void compare(RandomSelects.Case one) {
      String described = "%s with %s".formatted(one.sql(), one.parameters());
      Answer expected = plain(one);
      Answer actual = routed(one);
      assertThat(actual).as(described).isEqualTo(expected);
      assertThat(expected).as(described).isNotEqualTo(Answer.FAILURE);
    }

    private Answer plain(RandomSelects.Case one) {
      try {
        return Answer.of(plain.select(one.sql(), one.parameters()), one.ordered());
      } catch (SQLException e) {
        return Answer.FAILURE;
      }
    }

    private Answer routed(RandomSelects.Case one) {
      try {
        SelectStatement select = (SelectStatement) SqlParser.parse(one.sql());
        return Answer.of(router.select(select, one.parameters(), new Session()), one.ordered());
      } catch (ShardstreamException e) {
        return Answer.FAILURE;
      }
    }

    @Override
    public void close() throws SQLException {
      router.close();
      shards.close();
      plain.close();
    }
  }

  /** A result with its values as literals; in order only where that is certain. */
  private record Answer(List<String> columns, List<String> rows) {
    static final Answer FAILURE = new Answer(List.of("an error"), List.of());

    static Answer of(QueryResult result, boolean ordered) {
      List<String> rows = new ArrayList<>();
      for (List<@Nullable Object> row : result.rows()) {
        rows.add(String.join(", ", row.stream().map(SqlText::literal).toList()));
      }
      if (!ordered) {
        Collections.sort(rows);
      }
      return new Answer(result.columns(), rows);
    }
  }
}
