package dev.shardstream.systemtests.fuzz;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table with a column of each kind, and its rows. */
final class FuzzTable {
  static final int PARTITIONS = 4;
  static final String ID = "default-fuzzed-1";
  static final ShardFile.Settings SETTINGS = new ShardFile.Settings(1 << 20, 4 << 20, 1 << 20);

  static final Table TABLE =
      new Table(
          "default",
          ID,
          "fuzzed",
          1,
          TableStatus.ACTIVE,
          TableType.REGULAR,
          List.of(
              column(1, "id", TypeName.BIGINT, null, false),
              column(2, "name", TypeName.TEXT, null, false),
              column(3, "price", TypeName.DOUBLE, null, true),
              column(4, "note", TypeName.VARCHAR, 40, true),
              column(5, "data", TypeName.BLOB, null, true),
              column(6, "day", TypeName.DATE, null, true),
              column(7, "at", TypeName.TIMESTAMP, null, true),
              column(8, "small", TypeName.INTEGER, null, true),
              column(9, "rate", TypeName.FLOAT, null, true)),
          List.of(1),
          List.of(1),
          Strategy.HASH,
          PARTITIONS,
          10,
          List.of(),
          1,
          500,
          null,
          null,
          null,
          0L,
          null,
          1,
          List.of());

  private static final List<Integer> COLUMNS =
      TABLE.getColumns().stream().map(Column::getId).toList();

  private FuzzTable() {}

  private static Column column(
      int id, String name, TypeName type, @Nullable Integer length, boolean nullable) {
    return new Column(id, name, type, length, nullable, null, null, null);
  }

  /** A shard that holds all of the table. */
  static ShardDefinition shard() {
    return new ShardDefinition(
        new ShardRef(ID, 0),
        TABLE,
        IntStream.range(0, VirtualShards.COUNT).boxed().toList(),
        KeyRanges.ALL,
        ShardState.APPLYING);
  }

  static int partition(long id) {
    return VirtualShards.partitionOf(VirtualShards.of(CanonicalKey.of(List.of(id))), PARTITIONS);
  }

  static byte[] key(long id) {
    return Tables.primaryKeyBytes(TABLE, new RowChange.ColumnValues(List.of(1), List.of(id)));
  }

  /**
   * Sets every column, none of them to NULL, to values that no other row and no other call has: no
   * rule about columns that there are can be against it.
   */
  static RowChange upsert(long id, Random random) {
    long unique = (id << 40) + (random.nextLong() >>> 30);
    int days = (int) (id % 100_000);
    List<Object> values =
        List.of(
            id,
            "n" + unique,
            (double) unique,
            "v" + unique,
            ("d" + unique).getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.time.LocalDate.ofEpochDay(days).toString(),
            java.time.LocalDate.ofEpochDay(days) + " 01:02:03",
            id,
            (double) (float) id);
    return new RowChange(
        RowChange.Op.UPSERT,
        null,
        RowVersion.of(TABLE),
        new RowChange.ColumnValues(COLUMNS, values));
  }

  static RowChange delete(long id) {
    return new RowChange(
        RowChange.Op.DELETE,
        null,
        RowVersion.of(TABLE),
        new RowChange.ColumnValues(List.of(1), List.of(id)));
  }
}
