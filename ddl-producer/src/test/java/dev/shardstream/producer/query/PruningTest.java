package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SimpleSelect;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.event.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PruningTest {
  private static final ShardKeys ANY = new ShardKeys.Any();
  private static final Table RANGES = SampleTables.ranges(Shop.USERS);

  private static ShardKeys prune(Table table, String where, @Nullable Object... values) {
    SelectStatement select =
        (SelectStatement) SqlParser.parse("SELECT * FROM " + table.getName() + " t WHERE " + where);
    SimpleSelect simple = Objects.requireNonNull(select.simple());
    return new Pruning(table, new Pushable(table, simple.table()), Arrays.asList(values))
        .shardKeys(simple);
  }

  /** Some one-column keys. */
  private static ShardKeys of(Object... keys) {
    return new ShardKeys.Listed(Arrays.stream(keys).map(key -> List.of(key)).toList());
  }

  private static ShardKeys listed(List<List<Object>> keys) {
    return new ShardKeys.Listed(keys);
  }

  @Test
  void equality_and_in_give_the_keys() {
    assertThat(prune(Shop.USERS, "id = 17")).isEqualTo(of(17L));
    assertThat(prune(Shop.USERS, "-3 = t.id AND age > 4")).isEqualTo(of(-3L));
    assertThat(prune(Shop.USERS, "name = 'x' AND (id IN (1, ?, '3'))", 2L))
        .isEqualTo(of(1L, 2L, 3L));
    assertThat(prune(Shop.TAGS, "tag IN ('a', 5)")).isEqualTo(of("5", "a"));
    assertThat(prune(Shop.ORDERS, "user_id = ? AND no > 3", 5.0)).isEqualTo(of(5L));
  }

  @Test
  void a_constant_that_no_key_equals_asks_nobody() {
    assertThat(prune(Shop.USERS, "id = NULL")).isEqualTo(of());
    assertThat(prune(Shop.USERS, "id IN ()")).isEqualTo(of());
    assertThat(prune(Shop.USERS, "id = 4 AND id IN (?)", (Object) null)).isEqualTo(of());
  }

  @Test
  void conjuncts_leave_what_all_of_them_let_through() {
    assertThat(prune(Shop.USERS, "id IN (1, 2, 3, 4) AND id IN (3, 9) AND id = 3"))
        .isEqualTo(of(3L));
    assertThat(prune(Shop.USERS, "id IN (1, 2, 3) AND id > 1 AND 3 > id")).isEqualTo(of(2L));
    assertThat(prune(Shop.USERS, "id = 3 AND id = 4")).isEqualTo(of());
    assertThat(prune(Shop.PRICES, "rate = ? AND rate = 0 AND day = ''", -0.0))
        .isEqualTo(listed(List.of(List.of(0.0, ""))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id > 5 AND id < 3",
        "id > 5 AND id < 6",
        "id > 5.25 AND id < 5.75",
        "id = 5.5",
        "id > NULL",
        "id BETWEEN 4 AND 3",
        "id BETWEEN NULL AND age",
        "id <= 3 AND id IN (4, 5)",
        "id >= '4' AND 4 > id"
      })
  void a_contradiction_asks_nobody(String where) {
    assertThat(prune(Shop.USERS, where)).isEqualTo(of());
    assertThat(prune(RANGES, where)).isEqualTo(of());
  }

  @Test
  void a_shard_key_of_two_columns_needs_both() {
    assertThat(prune(Shop.PRICES, "rate = 1 AND day = '2024-01-02'"))
        .isEqualTo(listed(List.of(List.of(1.0, "2024-01-02"))));
    assertThat(prune(Shop.PRICES, "rate = 1")).isEqualTo(ANY);
    assertThat(prune(Shop.PRICES, "rate IN (1, 2) AND day IN ('a', 'b')"))
        .isEqualTo(
            listed(
                List.of(
                    List.of(1.0, "a"), List.of(1.0, "b"), List.of(2.0, "a"), List.of(2.0, "b"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id = 3 OR id = 4",
        "NOT id = 3",
        "id NOT IN (3)",
        "+id = 3",
        "id COLLATE NOCASE = 3",
        "id = 3 COLLATE NOCASE",
        "id = '3.0'",
        "id = ' 3'",
        "id = '03'",
        "id = 1 + 2",
        "id = age",
        "id IN (3, age)",
        "id = x'33'",
        "id IS 3",
        "other.id = 3",
        "age = 3",
        "CAST(id AS TEXT) = '3'",
        "(id, age) = (3, 4)",
        "id = 9223372036854775808",
        "id = 0.1e1 + 2",
        "id = 3.0000000000000000001",
        "id LIKE '3%'",
        "id BETWEEN x'00' AND age",
        "NOT id BETWEEN 3 AND 4",
        "id NOT BETWEEN 3 AND 4",
        "id <> 3",
        "id > age",
        "+id > 3",
        "id > 3 COLLATE NOCASE",
        "id > '3.0'",
        "id > 'x'",
        "id > x'33'",
        "3 BETWEEN id AND age"
      })
  void in_doubt_all_shards_are_asked(String where) {
    assertThat(prune(Shop.USERS, where)).isEqualTo(ANY);
    assertThat(prune(RANGES, where)).isEqualTo(ANY);
  }

  @Test
  void a_parameter_of_another_kind_is_compared_as_sqlite_compares_it() {
    assertThat(prune(Shop.USERS, "id = ?", 3.0)).isEqualTo(of(3L));
    assertThat(prune(Shop.USERS, "id = 3.0")).isEqualTo(of(3L));
    assertThat(prune(Shop.USERS, "id = ?", "3")).isEqualTo(of(3L));
    assertThat(prune(Shop.USERS, "id = ?", 0x1p60)).isEqualTo(ANY);
    assertThat(prune(Shop.USERS, "id = ?", 3.5)).isEqualTo(of());
    assertThat(prune(Shop.TAGS, "tag = ?", 3.0)).isEqualTo(ANY);
    assertThat(prune(Shop.TAGS, "tag = ?", "\ud800")).isEqualTo(ANY);
    assertThat(prune(Shop.PRICES, "rate = ? AND day = ''", (1L << 60) + 1)).isEqualTo(ANY);
    assertThat(prune(Shop.PRICES, "rate = ? AND day = ''", -0.0))
        .isEqualTo(listed(List.of(List.of(0.0, ""))));
  }

  @Test
  void very_many_keys_are_all_shards() {
    String list =
        IntStream.range(0, 5000).mapToObj(String::valueOf).collect(Collectors.joining(", "));

    assertThat(prune(Shop.USERS, "id IN (" + list + ")")).isEqualTo(ANY);
  }
}
