package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.query.Plan.GatheredColumn;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlannerTest {
  private static final MetadataSnapshot METADATA = Shop.metadata();

  private static Plan plan(MetadataSnapshot metadata, String sql, @Nullable Object... values) {
    return new Planner("default")
        .plan((SelectStatement) SqlParser.parse(sql), Arrays.asList(values), metadata, true);
  }

  /** A plan as a person reads it: which shards are asked what, and what runs over the answers. */
  private static String text(Plan plan) {
    List<String> lines = new ArrayList<>();
    if (plan instanceof Plan.Direct direct) {
      lines.add(text("ask", List.of(direct.read())));
    } else if (plan instanceof Plan.Gather gather) {
      gather.tables().stream()
          .filter(table -> !table.reads().isEmpty())
          .forEach(table -> lines.add(text(columns(table), table.reads())));
      lines.add("then: " + text(gather.query()));
    }
    return String.join("\n", lines);
  }

  private static String columns(Plan.Gathered table) {
    return table.name()
        + table.columns().stream()
            .map((GatheredColumn column) -> column.name() + " " + column.type())
            .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String text(String verb, List<ShardRead> reads) {
    String shards =
        reads.stream()
            .map(
                read ->
                    read.shard().getId()
                        + (read.virtualShards() == null ? "" : read.virtualShards().toString()))
            .collect(Collectors.joining(" "));
    return verb + " <- " + shards + ": " + text(reads.get(0).query());
  }

  private static String text(Query query) {
    return query.parameters().isEmpty() ? query.sql() : query.sql() + " " + query.parameters();
  }

  static Stream<Arguments> plans() {
    return Stream.of(
        Arguments.of("SELECT 1", List.of(), "then: SELECT 1"),
        Arguments.of(
            "SELECT * FROM users WHERE id = ?",
            List.of(17L),
            "ask <- 3[158]: SELECT * FROM users WHERE id = ? [17]"),
        Arguments.of(
            "SELECT id FROM users WHERE id = NULL",
            List.of(),
            "then: SELECT id FROM users WHERE id = NULL"),
        Arguments.of(
            "SELECT * FROM cities ORDER BY people",
            List.of(),
            "ask <- 0: SELECT * FROM cities ORDER BY people"),
        Arguments.of(
            "SELECT a.city FROM cities a JOIN cities b USING (country)",
            List.of(),
            "ask <- 0: SELECT a.city FROM cities a JOIN cities b USING (country)"),
        Arguments.of(
            "SELECT u.name FROM users u WHERE u.age > ? AND random() > 0 AND u.City = 'Oslo'",
            List.of(3L),
            """
            users(name TEXT, City TEXT, age INTEGER) <- 0 1 2 3 4: SELECT "name", "City", "age" FROM "users" AS "u" WHERE (u.age > ?) AND (u.City = 'Oslo') [3]
            then: SELECT u.name FROM users u WHERE u.age > ? AND random() > 0 AND u.City = 'Oslo' [3]"""),
        Arguments.of(
            "SELECT id FROM users WHERE age > 3 ORDER BY name DESC NULLS FIRST, 1 LIMIT ? OFFSET 5",
            List.of(10L),
            """
            users(id INTEGER, name TEXT, age INTEGER) <- 0 1 2 3 4: SELECT "id", "name", "age" FROM "users" AS "users" WHERE (age > 3) ORDER BY (name) DESC NULLS FIRST, (id) LIMIT ? [15]
            then: SELECT id FROM users WHERE age > 3 ORDER BY name DESC NULLS FIRST, 1 LIMIT ? OFFSET 5 [10]"""),
        Arguments.of(
            "SELECT DISTINCT City FROM users LIMIT 3",
            List.of(),
            """
            users(City TEXT) <- 0 1 2 3 4: SELECT DISTINCT "City" FROM "users" AS "users"
            then: SELECT DISTINCT City FROM users LIMIT 3"""),
        Arguments.of(
            "SELECT count(*) FROM users WHERE age < ?",
            List.of(30L),
            """
            users folded(count#0 ANY) <- 0 1 2 3 4: SELECT count(*) FROM "users" AS "users" WHERE (age < ?) [30]
            then: SELECT sum("count#0") FROM "users folded" AS "users" WHERE 1"""),
        Arguments.of(
            "SELECT City AS c, avg(age), max(name) FROM users u WHERE id > ? GROUP BY c HAVING sum(age) > ? ORDER BY count(*) LIMIT 2",
            List.of(1L, 2L),
            """
            users folded(City TEXT, sum#0 ANY, count#1 ANY, max#2 ANY, sum#3 ANY, count#4 ANY) <- 0 1 2 3 4: SELECT "City", sum(age), count(age), max(name), sum(age), count(*) FROM "users" AS "u" WHERE (id > ?) GROUP BY "City" [1]
            then: SELECT City AS c, (CAST(sum("sum#0") AS REAL) / sum("count#1")), max("max#2") FROM "users folded" u WHERE 1 GROUP BY c HAVING sum("sum#3") > ? ORDER BY sum("count#4") LIMIT 2 [2]"""),
        Arguments.of(
            "SELECT sum(score) FROM users",
            List.of(),
            """
            users(score REAL) <- 0 1 2 3 4: SELECT "score" FROM "users" AS "users"
            then: SELECT sum(score) FROM users"""),
        Arguments.of(
            "SELECT name, max(age) FROM users",
            List.of(),
            """
            users(name TEXT, age INTEGER) <- 0 1 2 3 4: SELECT "name", "age" FROM "users" AS "users"
            then: SELECT name, max(age) FROM users"""),
        Arguments.of(
            "SELECT u.name, o.total FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.no = 1 WHERE u.id = 3",
            List.of(),
            """
            users(id INTEGER, name TEXT) <- 0 1 2 3 4: SELECT "id", "name" FROM "users"
            orders(user_id INTEGER, no INTEGER, total INTEGER) <- 0 1 2: SELECT "user_id", "no", "total" FROM "orders"
            then: SELECT u.name, o.total FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.no = 1 WHERE u.id = 3"""),
        Arguments.of(
            "SELECT count(*) FROM \"default\".users u, orders",
            List.of(),
            """
            users@default(id INTEGER) <- 0 1 2 3 4: SELECT "id" FROM "users@default"
            orders@default(user_id INTEGER) <- 0 1 2: SELECT "user_id" FROM "orders@default"
            then: SELECT count(*) FROM "users@default" u, "orders@default" AS "orders\""""));
  }

  @ParameterizedTest
  @MethodSource("plans")
  void a_statement_has_one_plan(String sql, List<Object> values, String expected) {
    assertThat(text(plan(METADATA, sql, values.toArray()))).isEqualTo(expected);
  }

  @Test
  void only_active_shards_are_asked() {
    List<Shard> shards = new ArrayList<>(Shop.shards(0, 2, ShardStatus.ACTIVE));
    shards.addAll(Shop.shards(2, 3, ShardStatus.PENDING));
    shards.addAll(Shop.shards(5, 1, ShardStatus.TO_BE_DELETED));
    Topology all = Shop.topology(Shop.USERS, 1, shards);

    assertThat(
            plan(Shop.with(METADATA, all), "SELECT name FROM users").reads().stream()
                .map(read -> read.shard().getId()))
        .containsExactly(0, 1);
  }

  @Test
  void without_folding_the_rows_are_gathered() {
    Plan plan =
        new Planner("default")
            .plan(
                (SelectStatement) SqlParser.parse("SELECT sum(age) FROM users"),
                List.of(),
                METADATA,
                false);

    assertThat(text(plan))
        .isEqualTo(
            """
            users(age INTEGER) <- 0 1 2 3 4: SELECT "age" FROM "users" AS "users"
            then: SELECT sum(age) FROM users""");
  }

  @Test
  void a_table_without_active_shards_is_not_ready() {
    Topology none = Shop.topology(Shop.USERS, 1, List.of());

    assertError(
        Shop.with(METADATA, none), "SELECT 1 FROM users", ErrorCode.TABLE_NOT_READY, "users");
    MetadataSnapshot unknown =
        new MetadataSnapshot(METADATA.tablesById(), Map.of(), Map.of(), Map.of());
    assertError(unknown, "SELECT 1 FROM users", ErrorCode.TABLE_NOT_READY, "users");
  }

  @Test
  void what_is_missing_is_named() {
    assertError(METADATA, "SELECT 1 FROM nope", ErrorCode.TABLE_NOT_FOUND, "nope");
    assertError(
        METADATA, "SELECT 1 FROM other.users", ErrorCode.NAMESPACE_NOT_FOUND, "other", "other");
    assertError(METADATA, "SELECT ?, ? FROM users", ErrorCode.PARAMETER_COUNT, 2, 0);
  }

  @Test
  void a_topology_that_lacks_a_virtual_shard_is_never_read() {
    Topology half =
        Shop.topology(Shop.USERS, 1, Shop.shards(0, 2, ShardStatus.ACTIVE).subList(0, 1));

    assertThatThrownBy(() -> plan(Shop.with(METADATA, half), "SELECT 1 FROM users"))
        .isInstanceOf(ShardstreamException.class)
        .hasMessageStartingWith("The active shards of table 'users' do not own each row once");
  }

  private static void assertError(
      MetadataSnapshot metadata, String sql, ErrorCode code, Object... parameters) {
    assertThatThrownBy(() -> plan(metadata, sql))
        .isInstanceOf(ShardstreamException.class)
        .hasMessage(code.text(parameters));
  }
}
