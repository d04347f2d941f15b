package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainSelectTest {
  private static final String FORM =
      " in SUBSCRIBE: a live query is SELECT columns FROM one table [WHERE condition on its rows]";

  @Test
  void columns_keep_their_order_and_keys_come_first_among_those_that_are_needed() {
    PlainSelect select =
        select("SELECT note AS n, e.count FROM events e WHERE e.done AND weight > ?", 1.5);
    assertThat(select.names()).containsExactly("n", "count");
    assertThat(select.view()).isEqualTo("e");
    assertThat(ids(select.selected())).containsExactly(10, 3);
    assertThat(ids(select.predicate())).containsExactly(6, 4);
    assertThat(ids(select.needed())).containsExactly(1, 2, 10, 3, 6, 4);
    assertThat(select.where()).isEqualTo(new Query("e.done AND weight > ?", List.of(1.5)));
  }

  @Test
  void a_star_is_every_column_of_now() {
    PlainSelect select = select("SELECT * FROM events");
    assertThat(ids(select.selected())).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(select.where()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT DISTINCT note FROM events | DISTINCT
          SELECT note FROM events GROUP BY note | GROUP BY
          SELECT count(*) FROM events | an aggregate
          SELECT max(id) FROM events | an aggregate
          SELECT id FROM events ORDER BY id | ORDER BY
          SELECT id FROM events LIMIT 3 | LIMIT
          SELECT row_number() OVER () FROM events | a window function
          SELECT a.id FROM events a JOIN events b ON a.id = b.id | WITH, a join, UNION or a subquery
          SELECT id FROM events WHERE id IN (SELECT 1) | WITH, a join, UNION or a subquery
          SELECT id + 1 FROM events | the expression id + 1 as a column
          SELECT id FROM events WHERE random() > 0 | random(), which changes while its row does not,
          SELECT id FROM events WHERE day < date('now') | date('now'), which changes while its row does not,
          SELECT id FROM events WHERE day < CURRENT_DATE | CURRENT_DATE, which changes while its row does not,
          """)
  void any_other_form_is_refused_by_name(String sql, String what) {
    assertThatThrownBy(() -> select(sql))
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessage("Not supported: " + what + FORM);
  }

  @ParameterizedTest
  @CsvSource({"SELECT nope FROM events", "SELECT id FROM events WHERE nope = 1"})
  void a_column_that_is_not_there_is_named(String sql) {
    assertThatThrownBy(() -> select(sql)).hasMessage("Column 'nope' not found in table 'events'");
  }

  @Test
  void sqlite_compares_a_row_as_a_shard_does() {
    PlainSelect select =
        select(
            "SELECT id FROM events WHERE id = '7' AND weight = 1 AND note LIKE ? AND date(day) ="
                + " '2026-11-21'",
            "A%");
    try (RowFilter filter = new RowFilter(select)) {
      // needed: id, region, weight, note, day
      assertThat(ids(select.needed())).containsExactly(1, 2, 4, 10, 7);
      assertThat(filter.matches(List.of(7L, "eu", 1.0, "abc", "2026-11-21"))).isTrue();
      assertThat(filter.matches(List.of(7L, "eu", 1.0, "bc", "2026-11-21"))).isFalse();
      assertThat(filter.matches(Arrays.asList(7L, "eu", null, "abc", "2026-11-21"))).isFalse();
      assertThat(filter.matches(List.of(8L, "eu", 1.0, "abc", "2026-11-21"))).isFalse();
      assertThat(filter.matches(List.of(7L, "eu", 1.0, "abc", "2026-11-21"))).isTrue();
    }
  }

  @Test
  void a_condition_that_could_end_the_process_is_refused() {
    PlainSelect select = select("SELECT id FROM events WHERE padc(note, 2) = 'x'");
    assertThatThrownBy(() -> new RowFilter(select)).hasMessage("no such function: padc");
  }

  private static PlainSelect select(String sql, @Nullable Object... values) {
    return PlainSelect.of(
        (SelectStatement) SqlParser.parse(sql), Arrays.asList(values), SampleTables.EVENTS);
  }

  private static List<Integer> ids(List<Column> columns) {
    return columns.stream().map(Column::getId).toList();
  }
}
