package dev.shardstream.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange.ColumnValues;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowCodecTest {
  static {
    Events.trust(Table.class);
  }

  private static final int SCHEMA_ID = 42;

  static Table table(int version, List<Column> columns) {
    return Table.newBuilder()
        .setDatabase("default")
        .setTableId("default-t-1")
        .setName("t")
        .setSchemaVersion(version)
        .setStatus(TableStatus.ACTIVE)
        .setType(TableType.REGULAR)
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
    return new Column(id, name, type, null, true, defaultValue, null, null);
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

  private static final RowVersion VERSION = RowVersion.of(ALL_TYPES);

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
            VERSION,
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
            change.op(),
            change.ifVersion(),
            VERSION,
            new ColumnValues(change.values().ids(), values));

    RowChange read = roundTrip(ALL_TYPES, given);

    assertThat(read).usingRecursiveComparison().isEqualTo(given);
    assertThat(Double.doubleToRawLongBits((Double) read.values().get(4)))
        .isEqualTo(Double.doubleToRawLongBits(-0.0));
  }

  @Test
  void an_update_carries_only_what_it_sets() {
    RowChange given =
        new RowChange(
            Op.UPDATE, null, VERSION, new ColumnValues(List.of(1, 5), Arrays.asList(7L, null)));

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
            new RowChange(
                Op.DELETE, null, VERSION, new ColumnValues(List.of(1), List.<Object>of(7L))));
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
  void a_row_schema_says_everything_that_decides_on_a_change() {
    Table table =
        Table.newBuilder(
                table(
                    7,
                    List.of(
                        new Column(1, "id", TypeName.BIGINT, null, false, null, null, null),
                        new Column(2, "v", TypeName.VARCHAR, 20, true, "two words", "told", null),
                        new Column(3, "d", TypeName.DOUBLE, null, false, -0.0, 1.5, null),
                        new Column(5, "b", TypeName.BOOLEAN, null, true, 1L, null, null),
                        new Column(
                            9,
                            "x",
                            TypeName.BLOB,
                            null,
                            true,
                            ByteBuffer.wrap(new byte[] {0, -1}),
                            null,
                            null))))
            .setNextColumnId(12)
            .build();

    assertThat(roundTrip(table).version())
        .isEqualTo(
            new RowVersion(
                "default-t-1",
                7,
                12,
                List.of(
                    new Column(1, "id", TypeName.BIGINT, null, false, null, null, null),
                    new Column(2, "v", TypeName.VARCHAR, 20, true, "two words", null, null),
                    new Column(3, "d", TypeName.DOUBLE, null, false, -0.0, null, null),
                    new Column(5, "b", TypeName.BOOLEAN, null, true, 1L, null, null),
                    new Column(
                        9,
                        "x",
                        TypeName.BLOB,
                        null,
                        true,
                        ByteBuffer.wrap(new byte[] {0, -1}),
                        null,
                        null))))
        .isEqualTo(RowVersion.of(table));
  }

  @Test
  void projection_follows_column_ids_through_add_drop_rename_and_reorder() {
    Table written =
        Table.newBuilder(
                table(
                    1,
                    List.of(
                        column(1, "id", TypeName.INTEGER, null),
                        column(2, "name", TypeName.TEXT, null),
                        column(3, "gone", TypeName.TEXT, null))))
            .setNextColumnId(4)
            .build();
    Table now =
        table(
            4,
            List.of(
                column(2, "title", TypeName.TEXT, null),
                column(1, "id", TypeName.BIGINT, null),
                column(4, "gone", TypeName.TEXT, null),
                new Column(5, "level", TypeName.INTEGER, null, true, 4L, 3L, null)));
    RowChange change =
        roundTrip(
            written,
            new RowChange(
                Op.INSERT,
                null,
                RowVersion.of(written),
                new ColumnValues(List.of(1, 2, 3), List.<Object>of(7L, "Ada", "secret"))));

    assertThat(Projection.row(now, change)).containsExactly("Ada", 7L, null, 3L);
    assertThat(
            Projection.update(
                now,
                List.of("Old", 7L, "kept", 9L),
                new ColumnValues(List.of(1, 2, 3), Arrays.asList(7L, null, "ignored"))))
        .containsExactly(null, 7L, "kept", 9L);
  }

  @Test
  void a_default_is_that_of_the_writers_version_whatever_it_is_now() {
    Table written = table(1, List.of(column(1, "id", TypeName.INTEGER, null), level(5L)));
    Table now = table(2, List.of(column(1, "id", TypeName.INTEGER, null), level(7L)));
    ColumnValues onlyKey = new ColumnValues(List.of(1), List.<Object>of(1L));

    assertThat(Projection.row(now, new RowChange(Op.INSERT, null, RowVersion.of(written), onlyKey)))
        .containsExactly(1L, 5L);
    assertThat(Projection.row(now, new RowChange(Op.INSERT, null, RowVersion.of(now), onlyKey)))
        .containsExactly(1L, 7L);
  }

  private static Column level(long byDefault) {
    return column(2, "level", TypeName.INTEGER, byDefault);
  }

  private static RowCodec roundTrip(Table table) {
    return RowCodec.of(new Schema.Parser().parse(RowCodec.of(table).schema().toString()));
  }

  private static RowChange roundTrip(Table table, RowChange change) {
    RowCodec codec = RowCodec.of(table);
    return RowCodec.of(new Schema.Parser().parse(codec.schema().toString()))
        .decode(codec.encode(SCHEMA_ID, change));
  }
}
