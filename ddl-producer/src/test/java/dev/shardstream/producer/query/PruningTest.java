package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SimpleSelect;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PruningTest {
  private static Optional<Set<Integer>> prune(
      Table table, String where, @Nullable Object... values) {
    SelectStatement select =
        (SelectStatement) SqlParser.parse("SELECT * FROM " + table.getName() + " t WHERE " + where);
    SimpleSelect simple = Objects.requireNonNull(select.simple());
    return new Pruning(table, new Pushable(table, simple.table()), Arrays.asList(values))
        .virtualShards(simple);
  }

  /** The virtual shards of some one-column keys. */
  private static Optional<Set<Integer>> of(Object... keys) {
    return Optional.of(
        Arrays.stream(keys)
            .map(key -> VirtualShards.of(CanonicalKey.of(List.of(key))))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void equality_and_in_give_the_virtual_shards_of_the_keys() {
    assertThat(prune(Shop.USERS, "id = 17")).isEqualTo(of(17L));
    assertThat(prune(Shop.USERS, "-3 = t.id AND age > 4")).isEqualTo(of(-3L));
    assertThat(prune(Shop.USERS, "name = 'x' AND (id IN (1, ?, '3'))", 2L))
        .isEqualTo(of(1L, 2L, 3L));
    assertThat(prune(Shop.TAGS, "tag IN ('a', 5)")).isEqualTo(of("a", "5"));
    assertThat(prune(Shop.ORDERS, "user_id = ? AND no > 3", 5.0)).isEqualTo(of(5L));
  }

  @Test
  void a_constant_that_no_key_equals_asks_nobody() {
    assertThat(prune(Shop.USERS, "id = NULL")).isEqualTo(Optional.of(Set.of()));
    assertThat(prune(Shop.USERS, "id IN ()")).isEqualTo(Optional.of(Set.of()));
    assertThat(prune(Shop.USERS, "id = 4 AND id IN (?)", (Object) null))
        .isEqualTo(Optional.of(Set.of()));
  }

  @Test
  void the_narrowest_conjunct_counts() {
    assertThat(prune(Shop.USERS, "id IN (1, 2, 3, 4) AND id IN (3, 9) AND id = 3"))
        .isEqualTo(of(3L));
  }

  @Test
  void a_shard_key_of_two_columns_needs_both() {
    assertThat(prune(Shop.PRICES, "rate = 1 AND day = '2024-01-02'"))
        .isEqualTo(
            Optional.of(Set.of(VirtualShards.of(CanonicalKey.of(List.of(1.0, "2024-01-02"))))));
    assertThat(prune(Shop.PRICES, "rate = 1")).isEmpty();
    assertThat(prune(Shop.PRICES, "rate IN (1, 2) AND day IN ('a', 'b')"))
        .isEqualTo(
            Optional.of(
                Set.of(
                    VirtualShards.of(CanonicalKey.of(List.of(1.0, "a"))),
                    VirtualShards.of(CanonicalKey.of(List.of(1.0, "b"))),
                    VirtualShards.of(CanonicalKey.of(List.of(2.0, "a"))),
                    VirtualShards.of(CanonicalKey.of(List.of(2.0, "b"))))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id > 3",
        "id = 3 OR id = 4",
        "NOT id = 3",
        "id NOT IN (3)",
        "+id = 3",
        "id COLLATE NOCASE = 3",
        "id = 3 COLLATE NOCASE",
        "id = 3.0",
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
        "(id, age) = (3, 4)"
      })
  void in_doubt_all_shards_are_asked(String where) {
    assertThat(prune(Shop.USERS, where)).isEmpty();
  }

  @Test
  void a_parameter_of_another_kind_is_compared_as_sqlite_compares_it() {
    assertThat(prune(Shop.USERS, "id = ?", 3.0)).isEqualTo(of(3L));
    assertThat(prune(Shop.USERS, "id = ?", "3")).isEqualTo(of(3L));
    assertThat(prune(Shop.USERS, "id = ?", 0x1p60)).isEmpty();
    assertThat(prune(Shop.USERS, "id = ?", 3.5)).isEmpty();
    assertThat(prune(Shop.TAGS, "tag = ?", 3.0)).isEmpty();
    assertThat(prune(Shop.TAGS, "tag = ?", "\ud800")).isEmpty();
    assertThat(prune(Shop.PRICES, "rate = ? AND day = ''", (1L << 60) + 1)).isEmpty();
    assertThat(prune(Shop.PRICES, "rate = ? AND day = ''", -0.0))
        .isEqualTo(Optional.of(Set.of(VirtualShards.of(CanonicalKey.of(List.of(0.0, ""))))));
  }

  @Test
  void very_many_keys_are_all_shards() {
    String list =
        IntStream.range(0, 5000).mapToObj(String::valueOf).collect(Collectors.joining(", "));

    assertThat(prune(Shop.USERS, "id IN (" + list + ")")).isEmpty();
  }
}
