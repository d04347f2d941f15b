package dev.shardstream.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange.ColumnValues;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.serde.MalformedRecordException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowCodecTest {
  private static final int SCHEMA_ID = 42;

  static Table table(int version, List<Column> columns) {
    return Table.newBuilder()
        .setDatabase("default")
        .setTableId("default-t-1")
        .setName("t")
        .setSchemaVersion(version)
        .setStatus(TableStatus.ACTIVE)
        .setColumns(columns)
        .setPrimaryKey(List.of(1))
        .setShardKey(List.of(1))
        .setStrategy(Strategy.HASH)
        .setPartitions(16)
        .setNextColumnId(100)
        .setCreatedAt(0L)
        .build();
  }

  static Column column(int id, String name, TypeName type, @Nullable Object defaultValue) {
    return new Column(id, name, type, null, true, defaultValue, null);
  }

  private static final Table ALL_TYPES =
      table(
          3,
          List.of(
              column(1, "id", TypeName.BIGINT, null),
              column(2, "i", TypeName.INTEGER, null),
              column(3, "f", TypeName.FLOAT, null),
              column(4, "d", TypeName.DOUBLE, null),
              column(5, "t", TypeName.TEXT, null),
              column(6, "v", TypeName.VARCHAR, null),
              column(7, "b", TypeName.BOOLEAN, null),
              column(8, "day", TypeName.DATE, null),
              column(9, "at", TypeName.TIMESTAMP, null),
              column(10, "x", TypeName.BLOB, null)));

  private static ColumnValues all(@Nullable Object... values) {
    return new ColumnValues(
        ALL_TYPES.getColumns().stream().map(Column::getId).toList(), Arrays.asList(values));
  }

  @Test
  void every_type_comes_back_exactly() {
    RowChange change =
        new RowChange(
            Op.INSERT,
            9_007_199_254_740_993L,
            3,
            all(
                9_007_199_254_740_993L,
                -2_147_483_648L,
                (double) 0.1f,
                -0.0,
                "naïve \uD83D\uDE00 \u0000 text",
                "",
                1L,
                "1969-12-31",
                "1969-12-31 23:59:59.999999",
                "bytes"));
    List<@Nullable Object> values = new ArrayList<>(change.values().values());
    values.set(9, new byte[] {0, -1, 127});
    RowChange given =
        new RowChange(
            change.op(), change.ifVersion(), 3, new ColumnValues(change.values().ids(), values));

    RowChange read = roundTrip(ALL_TYPES, given);

    assertThat(read).usingRecursiveComparison().isEqualTo(given);
    assertThat(Double.doubleToRawLongBits((Double) read.values().get(4)))
        .isEqualTo(Double.doubleToRawLongBits(-0.0));
  }

  @Test
  void an_update_carries_only_what_it_sets() {
    RowChange given =
        new RowChange(Op.UPDATE, null, 3, new ColumnValues(List.of(1, 5), Arrays.asList(7L, null)));

    RowChange read = roundTrip(ALL_TYPES, given);

    assertThat(read).isEqualTo(given);
    assertThat(read.values().has(5)).isTrue();
    assertThat(read.values().has(6)).isFalse();
  }

  @Test
  void bytes_that_are_no_change_are_malformed_and_never_another_error() {
    RowCodec codec = RowCodec.of(ALL_TYPES);
    byte[] good =
        codec.encode(
            SCHEMA_ID,
            new RowChange(Op.DELETE, null, 3, new ColumnValues(List.of(1), List.<Object>of(7L))));
    long seed = 20261121L;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 4));
      for (int flips = random.nextInt(4); flips > 0 && bad.length > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        codec.decode(bad);
      } catch (MalformedRecordException expected) {
        continue;
      } catch (RuntimeException | OutOfMemoryError wrong) {
        throw new AssertionError("seed " + seed + ", round " + i, wrong);
      }
    }
  }

  @Test
  void a_schema_of_something_else_is_no_row_schema() {
    Schema other = Schema.createRecord("Other", null, "x", false, List.of());
    assertThat(RowCodec.describesRows(other)).isFalse();
    assertThat(RowCodec.describesRows(RowSchema.of(ALL_TYPES))).isTrue();
    assertThatThrownBy(() -> RowCodec.of(other)).isInstanceOf(MalformedRecordException.class);
  }

  @Test
  void the_same_table_gives_the_same_schema_byte_for_byte() {
    assertThat(RowSchema.of(ALL_TYPES).toString())
        .isEqualTo(new Schema.Parser().parse(RowSchema.of(ALL_TYPES).toString()).toString());
  }

  @Test
  void projection_follows_column_ids_through_add_drop_rename_and_reorder() {
    Table written =
        table(
            1,
            List.of(
                column(1, "id", TypeName.INTEGER, null),
                column(2, "name", TypeName.TEXT, null),
                column(3, "gone", TypeName.TEXT, null)));
    Table now =
        table(
            4,
            List.of(
                column(2, "title", TypeName.TEXT, null),
                column(1, "id", TypeName.BIGINT, null),
                column(4, "gone", TypeName.TEXT, null),
                column(5, "level", TypeName.INTEGER, 3L)));
    RowChange change =
        roundTrip(
            written,
            new RowChange(
                Op.INSERT,
                null,
                1,
                new ColumnValues(List.of(1, 2, 3), List.<Object>of(7L, "Ada", "secret"))));

    assertThat(Projection.row(now, change.values())).containsExactly("Ada", 7L, null, 3L);
    assertThat(
            Projection.update(
                now,
                List.of("Old", 7L, "kept", 9L),
                new ColumnValues(List.of(1, 2, 3), Arrays.asList(7L, null, "ignored"))))
        .containsExactly(null, 7L, "kept", 9L);
  }

  private static RowChange roundTrip(Table table, RowChange change) {
    RowCodec codec = RowCodec.of(table);
    return RowCodec.of(new Schema.Parser().parse(codec.schema().toString()))
        .decode(codec.encode(SCHEMA_ID, change));
  }
}
