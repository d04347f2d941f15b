package dev.shardstream.producer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.ColumnValues;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowChangesTest {
  private final RowChanges events = new RowChanges(SampleTables.EVENTS);

  @Test
  void a_row_keeps_what_was_set_and_gets_the_default_of_its_key() {
    PreparedChange change = insert(List.of("ID", "note", "day"), 17, "x", LocalDate.of(1998, 8, 2));

    assertThat(change.change())
        .isEqualTo(
            new RowChange(
                Op.INSERT,
                null,
                RowVersion.of(SampleTables.EVENTS),
                new ColumnValues(List.of(1, 10, 7, 2), List.of(17L, "x", "1998-08-02", "eu"))));
    assertThat(change.key()).isEqualTo(CanonicalKey.of(List.of(17L, "eu")));
    int virtualShard = VirtualShards.of(CanonicalKey.of(List.of(17L)));
    assertThat(change.place().virtualShard()).isEqualTo(virtualShard);
    assertThat(change.partition()).isEqualTo(virtualShard * 16 / 256);
  }

  static Stream<Arguments> refusedRows() {
    return Stream.of(
        refused(ErrorCode.COLUMN_NOT_FOUND, "Column 'nope' not found in table 'events'", "nope", 1),
        refused(
            ErrorCode.DUPLICATE_COLUMN, "Column 'ID' is named twice in table 'events'", "ID", 1),
        refused(
            ErrorCode.TYPE,
            "Column 'count' of table 'events' is INTEGER and cannot hold 'five'",
            "count",
            "five"),
        refused(
            ErrorCode.TYPE,
            "Column 'count' of table 'events' is INTEGER and cannot hold 2147483648",
            "count",
            2147483648L),
        refused(
            ErrorCode.TYPE,
            "Column 'region' of table 'events' is VARCHAR(3) and cannot hold 'long'",
            "region",
            "long"),
        refused(
            ErrorCode.TYPE,
            "Column 'day' of table 'events' is DATE and cannot hold '1998-02-30'",
            "day",
            "1998-02-30"),
        refused(
            ErrorCode.NOT_NULL, "Column 'done' of table 'events' must not be NULL", "done", null),
        refused(
            ErrorCode.NOT_NULL,
            "Column 'region' of table 'events' must not be NULL",
            "region",
            null));
  }

  private static Arguments refused(
      ErrorCode code, String message, String column, @Nullable Object value) {
    return Arguments.of(code, message, column, value);
  }

  @ParameterizedTest
  @MethodSource("refusedRows")
  void a_row_that_breaks_the_definition_is_refused(
      ErrorCode code, String message, String column, @Nullable Object value) {
    assertThatThrownBy(() -> insert(List.of("id", "note", column), 1L, "n", value))
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
  }

  @Test
  void a_not_null_column_without_default_must_be_set() {
    assertThatThrownBy(() -> insert(List.of("id"), 1L))
        .hasMessage("Column 'note' of table 'events' must not be NULL");
    assertThatThrownBy(() -> insert(List.of("note"), "n"))
        .hasMessage("Column 'id' of table 'events' must not be NULL");
  }

  @Test
  void an_update_has_the_key_and_what_it_sets() {
    PreparedChange change =
        events.update(
            List.of(17L, "us"), events.columns(List.of("count")), Arrays.asList((Object) null));
    assertThat(change.change())
        .isEqualTo(
            new RowChange(
                Op.UPDATE,
                null,
                RowVersion.of(SampleTables.EVENTS),
                new ColumnValues(List.of(1, 2, 3), Arrays.asList(17L, "us", null))));
  }

  @Test
  void an_update_never_changes_a_key() {
    assertThatThrownBy(
            () -> events.update(List.of(17L, "us"), events.columns(List.of("id")), List.of(18L)))
        .hasMessage(
            "Key column 'id' of table 'events' cannot be changed: delete the row and insert it"
                + " again");
  }

  @Test
  void a_deletion_has_the_key_only() {
    PreparedChange change = events.delete(List.of(17, "us"));
    assertThat(change.change())
        .isEqualTo(
            new RowChange(
                Op.DELETE,
                null,
                RowVersion.of(SampleTables.EVENTS),
                new ColumnValues(List.of(1, 2), List.of(17L, "us"))));
    assertThatThrownBy(() -> events.delete(Arrays.asList(17L, null)))
        .hasMessage("Column 'region' of table 'events' must not be NULL");
    assertThatThrownBy(() -> events.delete(List.of(17L)))
        .hasMessage("Invalid argument: 1 values for 2 columns of table 'events'");
  }

  private PreparedChange insert(List<String> columns, @Nullable Object... values) {
    return events.row(Op.INSERT, events.columns(columns), Arrays.asList(values));
  }

  @Test
  void a_stream_table_takes_insert_only() {
    Table ticks = Table.newBuilder(SampleTables.USERS).setType(TableType.STREAM).build();
    RowChanges changes = new RowChanges(ticks);
    List<Column> columns = ticks.getColumns();
    assertThat(changes.row(Op.INSERT, columns, List.of(1, "a")).change().op()).isEqualTo(Op.INSERT);
    assertThatThrownBy(() -> changes.row(Op.UPSERT, columns, List.of(1, "a")))
        .hasMessage("Stream table 'Users' is append-only: UPSERT is not possible");
    assertThatThrownBy(() -> changes.update(List.of(1), columns.subList(1, 2), List.of("a")))
        .hasMessage("Stream table 'Users' is append-only: UPDATE is not possible");
    assertThatThrownBy(() -> changes.delete(List.of(1)))
        .hasMessage("Stream table 'Users' is append-only: DELETE is not possible");
  }
}
