package dev.shardstream.producer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.Seeded;
import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.query.PlainSelect;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.ColumnValues;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Over {@code SELECT id, n FROM t WHERE open}: needed are id, n and open. */
class LiveResultTest {
  private static final Table TABLE =
      SampleTables.table(
          "t",
          9,
          List.of(1),
          List.of(1),
          SampleTables.column(1, "id", TypeName.BIGINT, null, false, null),
          SampleTables.column(2, "n", TypeName.BIGINT, null, true, 5L),
          SampleTables.column(3, "open", TypeName.BOOLEAN, null, true, null),
          SampleTables.column(4, "note", TypeName.TEXT, null, true, null));
  private static final PlainSelect SELECT =
      PlainSelect.of(
          (SelectStatement) SqlParser.parse("SELECT id, n FROM t WHERE open"), List.of(), TABLE);

  private final LiveResult result = result(3);

  private static LiveResult result(int mostRows) {
    return new LiveResult(SELECT, 1, LiveResultTest::open, mostRows);
  }

  private static boolean open(List<@Nullable Object> row) {
    return Long.valueOf(1).equals(row.get(2));
  }

  @Test
  void a_row_comes_in_changes_and_leaves() {
    assertThat(apply(1, insert(7, 1L, true))).isEqualTo("INSERTED [7, 1] of [7] at 0@1");
    assertThat(apply(2, update(7, 2, 2L))).isEqualTo("UPDATED [7, 2] of [7] at 0@2");
    assertThat(apply(3, update(7, 3, 0L))).isEqualTo("DELETED [7, 2] of [7] at 0@3");
    assertThat(apply(4, update(7, 2, 3L))).isEqualTo("nothing");
    assertThat(apply(5, update(7, 3, 1L))).isEqualTo("INSERTED [7, 3] of [7] at 0@5");
    assertThat(apply(6, upsert(7, 4L, true))).isEqualTo("UPDATED [7, 4] of [7] at 0@6");
    assertThat(apply(7, delete(7))).isEqualTo("DELETED [7, 4] of [7] at 0@7");
    assertThat(apply(8, delete(7))).isEqualTo("nothing");
  }

  @Test
  void a_change_of_what_is_not_selected_is_no_change_of_the_result() {
    result.start(key(7), row(7, 1L, true, 0));
    assertThat(apply(1, update(7, 4, "note"))).isEqualTo("nothing");
    assertThat(apply(2, update(7, 3, 1L))).isEqualTo("nothing");
  }

  @Test
  void what_a_row_of_the_beginning_holds_already_counts_once() {
    result.start(key(7), row(7, 5L, true, 10));
    assertThat(apply(9, update(7, 2, 4L))).isEqualTo("nothing");
    assertThat(apply(10, update(7, 2, 5L))).isEqualTo("nothing");
    assertThat(apply(11, update(7, 2, 6L))).isEqualTo("UPDATED [7, 6] of [7] at 0@11");
  }

  @Test
  void only_an_update_of_the_condition_asks_for_a_row_that_is_not_known() {
    assertThat(result.unknown(logged(1, update(7, 2, 2L)))).isFalse();
    assertThat(result.unknown(logged(1, delete(7)))).isFalse();
    assertThat(result.unknown(logged(1, insert(7, 1L, false)))).isFalse();
    assertThat(result.unknown(logged(1, update(7, 3, 1L)))).isTrue();
    assertThat(result.unknown(logged(1, change(Op.UPDATE, List.of(1, 3, 2), 7L, 1L, 2L))))
        .isFalse();
    apply(1, insert(7, 1L, false));
    assertThat(result.unknown(logged(2, update(7, 3, 1L)))).isFalse();
  }

  @Test
  void a_row_that_was_read_ahead_of_the_log_holds_the_changes_up_to_its_version() {
    assertThat(apply(4, update(7, 3, 1L), row(7, 9L, true, 6)))
        .isEqualTo("INSERTED [7, 9] of [7] at 0@4");
    assertThat(apply(5, update(7, 2, 8L))).isEqualTo("nothing");
    assertThat(apply(6, update(7, 2, 9L))).isEqualTo("nothing");
    assertThat(apply(7, update(7, 2, 10L))).isEqualTo("UPDATED [7, 10] of [7] at 0@7");
  }

  @Test
  void a_row_that_was_deleted_before_it_could_be_read_never_comes_in() {
    assertThat(apply(4, update(7, 3, 1L), null)).isEqualTo("nothing");
    assertThat(apply(5, delete(7))).isEqualTo("nothing");
  }

  @Test
  void an_older_writer_gets_the_initial_default_of_a_column_that_it_does_not_know() {
    Table later =
        Table.newBuilder(TABLE)
            .setSchemaVersion(2)
            .setNextColumnId(6)
            .setColumns(
                List.of(
                    TABLE.getColumns().get(0),
                    new dev.shardstream.schemas.event.Column(
                        5, "level", TypeName.BIGINT, null, true, 2L, 1L, null)))
            .build();
    PlainSelect select =
        PlainSelect.of((SelectStatement) SqlParser.parse("SELECT level FROM t"), List.of(), later);
    LiveResult levels = new LiveResult(select, 1, row -> true, 3);
    RowChange old = change(Op.INSERT, List.of(1), 7L);
    RowChange known =
        new RowChange(
            Op.INSERT, null, RowVersion.of(later), new ColumnValues(List.of(1), Arrays.asList(8L)));
    assertThat(levels.apply(logged(1, old), later, null).orElseThrow().values())
        .isEqualTo(List.of(1L));
    assertThat(levels.apply(logged(2, known), later, null).orElseThrow().values())
        .isEqualTo(List.of(2L));
  }

  @Test
  void a_column_that_is_gone_and_a_result_that_is_too_large_end_it() {
    Table without = Table.newBuilder(TABLE).setColumns(TABLE.getColumns().subList(0, 2)).build();
    assertThatThrownBy(() -> result.requireColumns(without))
        .hasMessage("Column 'open' not found in table 't'");
    LiveResult small = result(1);
    small.start(key(1), row(1, 1L, true, 0));
    assertThatThrownBy(() -> small.start(key(2), row(2, 1L, true, 0)))
        .hasMessage("The result has more than 1 rows: add a LIMIT or raise the row limit");
  }

  @Test
  void a_row_that_was_known_when_its_batch_came_is_known_until_the_batch_is_applied() {
    LiveResult small = new LiveResult(SELECT, 1, LiveResultTest::open, 3, 1);
    small.apply(logged(1, insert(7, 1L, false)), TABLE, null);
    small.forgetOldest();
    LoggedChange opens = logged(3, update(7, 3, 1L));
    assertThat(small.unknown(opens)).isFalse();
    small.apply(logged(2, insert(8, 1L, false)), TABLE, null);
    assertThat(small.apply(opens, TABLE, null)).isPresent();
  }

  @Test
  void no_more_rows_outside_are_remembered_than_the_bound_and_the_oldest_go_first() {
    LiveResult small = new LiveResult(SELECT, 1, LiveResultTest::open, 3, 2);
    for (long id = 0; id < 5; id++) {
      small.apply(logged(id, insert(id, 1L, false)), TABLE, null);
    }
    small.apply(logged(5, update(1, 2, 2L)), TABLE, null);
    small.forgetOldest();
    for (long id = 0; id < 5; id++) {
      assertThat(small.unknown(logged(6, update(id, 3, 1L)))).isEqualTo(id != 1 && id != 4);
    }
  }

  /**
   * Random changes, of which some are in the beginning, and rows that are read at a random later
   * moment; in batches of any size, with room for anything from no row outside to all of them. The
   * changes that are told lead from the beginning to the end, and each is possible.
   */
  @Test
  void whatever_is_read_whenever_the_told_changes_end_in_the_result() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Seeded.run(seed, () -> simulate(random));
    }
  }

  private static void simulate(Random random) {
    List<LoggedChange> log = new ArrayList<>();
    List<Map<Long, LiveResult.Row>> states = new ArrayList<>();
    Map<Long, LiveResult.Row> state = new LinkedHashMap<>();
    states.add(Map.of());
    while (log.size() < 60) {
      long id = random.nextInt(4);
      long n = log.size();
      boolean there = state.containsKey(id);
      LiveResult.Row before = state.get(id);
      RowChange change;
      int dice = random.nextInt(10);
      if (!there || dice == 0) {
        boolean open = random.nextBoolean();
        change = there ? upsert(id, n, open) : insert(id, n, open);
        state.put(id, row(id, n, open, n));
      } else if (dice == 1) {
        change = delete(id);
        state.remove(id);
      } else {
        boolean sets = random.nextBoolean();
        long value = sets ? random.nextInt(2) : n;
        change = update(id, sets ? 3 : 2, value);
        List<@Nullable Object> values = new ArrayList<>(before.values());
        values.set(sets ? 2 : 1, value);
        state.put(id, new LiveResult.Row(values, n));
      }
      log.add(logged(n, change));
      states.add(Map.copyOf(state));
    }
    int begin = random.nextInt(log.size());
    LiveResult result = new LiveResult(SELECT, 1, LiveResultTest::open, 100, random.nextInt(5));
    states
        .get(begin)
        .forEach(
            (id, row) -> {
              if (open(row.values())) {
                result.start(key(id), row);
              }
            });
    Map<Object, List<@Nullable Object>> told = new HashMap<>();
    result.shown().forEach(row -> told.put(row.get(0), row));
    for (int from = begin; from < log.size(); ) {
      int to = from + 1 + random.nextInt(Math.min(10, log.size() - from));
      List<LoggedChange> batch = log.subList(from, to);
      Map<Long, LiveResult.Row> later = states.get(to + random.nextInt(log.size() + 1 - to));
      Map<ByteBuffer, LiveResult.Row> read = new HashMap<>();
      batch.stream()
          .filter(result::unknown)
          .map(change -> (Long) change.change().values().get(1))
          .filter(later::containsKey)
          .forEach(id -> read.put(key(id), later.get(id)));
      for (LoggedChange change : batch) {
        result.apply(change, TABLE, read.get(change.key())).ifPresent(one -> follow(told, one));
      }
      result.forgetOldest();
      from = to;
    }
    Map<Object, List<@Nullable Object>> expected = new HashMap<>();
    state.forEach(
        (id, row) -> {
          if (open(row.values())) {
            expected.put(id, row.values().subList(0, 2));
          }
        });
    assertThat(told).isEqualTo(expected);
  }

  private static void follow(Map<Object, List<@Nullable Object>> told, LiveChange change) {
    Object id = change.key().get(0);
    assertThat(told.containsKey(id)).isEqualTo(change.kind() != LiveChange.Kind.INSERTED);
    if (change.kind() == LiveChange.Kind.DELETED) {
      assertThat(told.remove(id)).isEqualTo(change.values());
    } else {
      told.put(id, change.values());
    }
  }

  private String apply(long offset, RowChange change) {
    return apply(offset, change, null);
  }

  private String apply(long offset, RowChange change, LiveResult.@Nullable Row read) {
    Optional<LiveChange> told = result.apply(logged(offset, change), TABLE, read);
    return told.map(
            one -> one.kind() + " " + one.values() + " of " + one.key() + " at " + one.position())
        .orElse("nothing");
  }

  private static LoggedChange logged(long offset, RowChange change) {
    return new LoggedChange(
        key((Long) change.values().get(1)),
        RowPlace.ofVirtualShard(0),
        new Position(0, offset),
        change);
  }

  private static ByteBuffer key(long id) {
    return ByteBuffer.wrap(CanonicalKey.of(List.of(id)));
  }

  private static LiveResult.Row row(long id, long n, boolean open, long version) {
    return new LiveResult.Row(List.of(id, n, open ? 1L : 0L), version);
  }

  private static RowChange insert(long id, long n, boolean open) {
    return change(Op.INSERT, List.of(1, 2, 3), id, n, open ? 1L : 0L);
  }

  private static RowChange upsert(long id, long n, boolean open) {
    return change(Op.UPSERT, List.of(1, 2, 3), id, n, open ? 1L : 0L);
  }

  private static RowChange update(long id, int column, Object value) {
    return change(Op.UPDATE, List.of(1, column), id, value);
  }

  private static RowChange delete(long id) {
    return change(Op.DELETE, List.of(1), id);
  }

  private static RowChange change(Op op, List<Integer> ids, @Nullable Object... values) {
    return new RowChange(
        op, null, RowVersion.of(TABLE), new ColumnValues(ids, Arrays.asList(values)));
  }
}
