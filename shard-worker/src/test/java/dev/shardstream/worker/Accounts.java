package dev.shardstream.worker;

import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A table whose shard key is only part of its primary key, so that rows can be in each other's way,
 * at three schema versions.
 */
public final class Accounts {
  public static final String TABLE_ID = "default-accounts-1";
  public static final int PARTITIONS = 4;

  public static final int TENANT = 1;
  public static final int ID = 2;
  public static final int EMAIL = 3;
  public static final int AMOUNT = 4;
  public static final int RANK = 5;
  public static final int NOTE = 6;

  private static final Column TENANT_COLUMN = column(TENANT, "tenant", TypeName.TEXT, false, null);
  private static final Column ID_COLUMN = column(ID, "id", TypeName.BIGINT, false, null);
  private static final Column EMAIL_COLUMN = column(EMAIL, "email", TypeName.TEXT, true, null);
  private static final Column AMOUNT_COLUMN = column(AMOUNT, "amount", TypeName.DOUBLE, true, 1.0);
  private static final Column RANK_COLUMN =
      new Column(RANK, "rank", TypeName.BIGINT, null, true, null, 7L, null);

  /** tenant, id, email, amount default 1.0. */
  public static final Table FIRST =
      table(1, List.of(TENANT_COLUMN, ID_COLUMN, EMAIL_COLUMN, AMOUNT_COLUMN), 5);

  /** As before, and rank, which older rows have as 7 and newer ones as NULL. */
  public static final Table SECOND =
      table(2, List.of(TENANT_COLUMN, ID_COLUMN, EMAIL_COLUMN, AMOUNT_COLUMN, RANK_COLUMN), 6);

  /** As before, and note NOT NULL default '-'; rank is BIGINT default 3 for its writers. */
  public static final Table THIRD =
      table(
          3,
          List.of(
              TENANT_COLUMN,
              ID_COLUMN,
              EMAIL_COLUMN,
              AMOUNT_COLUMN,
              new Column(RANK, "rank", TypeName.BIGINT, null, true, 3L, 7L, null),
              new Column(NOTE, "note", TypeName.TEXT, null, false, "-", "-", null)),
          7);

  public static final List<RowVersion> VERSIONS =
      List.of(RowVersion.of(FIRST), RowVersion.of(SECOND), RowVersion.of(THIRD));

  private Accounts() {}

  private static Column column(
      int id, String name, TypeName type, boolean nullable, Object byDefault) {
    return new Column(id, name, type, null, nullable, byDefault, byDefault, null);
  }

  private static Table table(int version, List<Column> columns, int nextColumnId) {
    return table(version, columns, nextColumnId, Strategy.HASH);
  }

  private static Table table(
      int version, List<Column> columns, int nextColumnId, Strategy strategy) {
    return new Table(
        "default",
        TABLE_ID,
        "accounts",
        version,
        TableStatus.ACTIVE,
        TableType.REGULAR,
        columns,
        List.of(TENANT, ID),
        List.of(TENANT),
        strategy,
        PARTITIONS,
        nextColumnId,
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
  }

  /** The first version, divided by ranges of tenants. */
  public static Table ranged() {
    return table(1, FIRST.getColumns(), 5, Strategy.RANGE);
  }

  public static Rule notNull(int columnId, boolean initialNull, boolean enforced) {
    return new Rule(
        "n" + columnId,
        TABLE_ID,
        RuleKind.NOT_NULL,
        List.of(columnId),
        "column-" + columnId,
        initialNull,
        enforced);
  }

  public static Rule unique(int indexId, boolean enforced, Integer... columnIds) {
    return new Rule(
        "u" + indexId,
        TABLE_ID,
        RuleKind.UNIQUE,
        List.of(columnIds),
        "index-" + indexId,
        false,
        enforced);
  }

  public static int virtualShard(String tenant) {
    return VirtualShards.of(CanonicalKey.of(List.of(tenant)));
  }

  public static int partition(String tenant) {
    return VirtualShards.partitionOf(virtualShard(tenant), PARTITIONS);
  }

  public static RowKey key(String tenant, long id) {
    List<Object> values = List.of(tenant, id);
    return new RowKey(virtualShard(tenant), values, CanonicalKey.of(values));
  }

  /** Columns beside the key are given as id, value, id, value, …; null values are possible. */
  public static RowChange change(
      RowVersion writer, RowChange.Op op, String tenant, long id, Object... columns) {
    List<Integer> ids = new ArrayList<>(List.of(TENANT, ID));
    List<Object> values = new ArrayList<>(List.of(tenant, id));
    for (int i = 0; i < columns.length; i += 2) {
      ids.add((Integer) columns[i]);
      values.add(columns[i + 1]);
    }
    return new RowChange(op, null, writer, new RowChange.ColumnValues(ids, values));
  }

  public static LoggedChange logged(long offset, RowChange change) {
    String tenant = (String) change.values().get(TENANT);
    long id = (Long) change.values().get(ID);
    return new LoggedChange(key(tenant, id), change, partition(tenant), offset, 1_000 + offset);
  }

  /** An empty shard of every virtual shard. */
  public static ShardFile shard(Path directory, int shardId, Table table)
      throws SQLException, IOException {
    return ShardFile.create(
        directory.resolve("accounts-" + shardId + ".sqlite"),
        Orders.SETTINGS,
        new ShardDefinition(
            new ShardRef(TABLE_ID, shardId), table, Orders.ALL, ShardState.APPLYING));
  }
}
