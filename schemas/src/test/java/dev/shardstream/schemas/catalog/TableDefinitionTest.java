package dev.shardstream.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TableDefinitionTest {
  private static final Samples.View view = new Samples.View();

  @BeforeAll
  static void trustEvents() {
    Events.trust(Table.class);
    view.tables.add(Samples.table(Samples.node("people", TypeName.BIGINT)));
    view.tables.add(Samples.table(Samples.node("Towns", TypeName.TEXT)));
    view.tables.add(Samples.table(Samples.create("plain").build()));
    view.tables.add(
        Table.newBuilder(Samples.table(Samples.node("fresh", TypeName.BIGINT)))
            .setStatus(TableStatus.CREATING)
            .build());
  }

  private static CreateTable.Builder edge() {
    return Samples.create("lives_in")
        .setType(TableType.EDGE)
        .setFrom("people")
        .setTo("towns")
        .setColumns(List.of(column("since", TypeName.DATE, null)))
        .setPrimaryKey(List.of());
  }

  private static CreateTable.Builder orders() {
    return Samples.create("orders");
  }

  private static ColumnDefinition column(
      String name, TypeName type, @Nullable Object defaultValue) {
    return ColumnDefinition.newBuilder()
        .setName(name)
        .setType(type)
        .setDefaultValue(defaultValue)
        .build();
  }

  private static Table defined(CreateTable create) {
    return TableDefinition.of(create, "shop", 7, 42, view);
  }

  static Stream<Arguments> refused() {
    ColumnDefinition id = column("id", TypeName.BIGINT, null);
    return Stream.of(
        Arguments.of(
            orders().setTable("1st"),
            "Invalid name '1st': use letters, digits and '_', at most 100, not a digit first"),
        Arguments.of(
            orders().setTable("_t"),
            "Name '_t' is reserved: names that start with '_' belong to Shardstream"),
        Arguments.of(
            orders().setTable("sqlite_x"),
            "Name 'sqlite_x' is reserved: names that start with '_' belong to Shardstream"),
        Arguments.of(orders().setShards(0), "Invalid shard count: 0 (must be 1 to 256)"),
        Arguments.of(orders().setShards(257), "Invalid shard count: 257 (must be 1 to 256)"),
        Arguments.of(orders().setPartitions(0), "Invalid partition count: 0 (must be 1 to 256)"),
        Arguments.of(
            orders().setPartitions(257), "Invalid partition count: 257 (must be 1 to 256)"),
        Arguments.of(orders().setPrimaryKey(List.of()), "Table 'orders' needs a PRIMARY KEY"),
        Arguments.of(
            orders().setPrimaryKey(List.of("no")), "Column 'no' not found in table 'orders'"),
        Arguments.of(
            orders().setPrimaryKey(List.of("id", "ID")),
            "Column 'ID' is named twice in table 'orders'"),
        Arguments.of(
            orders().setShardKey(List.of("note")),
            "Shard key column 'note' of table 'orders' must be part of the primary key (id)"),
        Arguments.of(
            orders().setColumns(List.of(id, column("ID", TypeName.TEXT, null))),
            "Column 'ID' is named twice in table 'orders'"),
        Arguments.of(
            orders().setColumns(List.of(id, column("_updated", TypeName.TEXT, null))),
            "Name '_updated' is reserved: names that start with '_' belong to Shardstream"),
        Arguments.of(
            orders().setColumns(List.of(id, column("n", TypeName.INTEGER, 1L << 31))),
            "DEFAULT of column 'n' must be a constant of type INTEGER: 2147483648 cannot be evaluated the same way on every replica"),
        Arguments.of(
            orders().setColumns(List.of(id, column("d", TypeName.DATE, "1998-02-30"))),
            "DEFAULT of column 'd' must be a constant of type DATE: 1998-02-30 cannot be evaluated the same way on every replica"),
        Arguments.of(
            orders().setColumns(List.of(ColumnDefinition.newBuilder(id).setLength(3).build())),
            "Invalid argument: column 'id': only VARCHAR has a length, of at least 1, not BIGINT(3)"),
        Arguments.of(
            orders()
                .setColumns(
                    List.of(
                        id,
                        ColumnDefinition.newBuilder(column("v", TypeName.VARCHAR, "long"))
                            .setLength(3)
                            .build())),
            "DEFAULT of column 'v' must be a constant of type VARCHAR: long cannot be evaluated the same way on every replica"),
        Arguments.of(orders().setBlockSize(0), "Invalid block size: 0 (must be 1 to 10000)"),
        Arguments.of(
            orders().setBlockSize(10_001), "Invalid block size: 10001 (must be 1 to 10000)"),
        Arguments.of(
            orders().setTtlSeconds(5L),
            "Invalid table option TTL_SECONDS: only a stream table has it"),
        Arguments.of(
            orders().setType(TableType.STREAM).setTtlSeconds(0L),
            "Invalid TTL_SECONDS of table 'orders': 0 (must be 1 to 3153600000)"),
        Arguments.of(
            orders().setType(TableType.STREAM).setTtlSeconds(3_153_600_001L),
            "Invalid TTL_SECONDS of table 'orders': 3153600001 (must be 1 to 3153600000)"),
        Arguments.of(
            orders().setFrom("people"),
            "Invalid table option FROM … TO: only an edge table has it"),
        Arguments.of(
            orders().setType(TableType.NODE).setPrimaryKey(List.of("id", "note")),
            "Invalid argument: node table 'orders' must have exactly one primary key column, not 2"),
        Arguments.of(
            edge().setTo(null),
            "Invalid argument: edge table 'lives_in' must say FROM which node table TO which"),
        Arguments.of(
            edge().setTo("nowhere"),
            "Node table 'nowhere' not found: create it before the edge table 'lives_in'"),
        Arguments.of(
            edge().setTo("plain"),
            "Node table 'plain' not found: create it before the edge table 'lives_in'"),
        Arguments.of(
            edge().setTo("fresh"),
            "Node table 'fresh' not found: create it before the edge table 'lives_in'"),
        Arguments.of(
            edge().setPrimaryKey(List.of("_to", "since")),
            "Shard key column '_from' of table 'lives_in' must be part of the primary key (_to, since)"),
        Arguments.of(
            edge().setShardKey(List.of("_to")),
            "Invalid argument: the shard key of edge table 'lives_in' is always _from"),
        Arguments.of(
            edge().setColumns(List.of(column("_from", TypeName.TEXT, null))),
            "Name '_from' is reserved: names that start with '_' belong to Shardstream"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refused")
  void what_breaks_a_rule_is_refused(CreateTable.Builder create, String message) {
    assertThatThrownBy(() -> defined(create.build()))
        .isInstanceOf(ShardstreamException.class)
        .hasMessage(message);
  }

  @Test
  void a_table_of_too_many_columns_is_refused() {
    List<ColumnDefinition> columns =
        Stream.iterate(0, i -> i < 501, i -> i + 1)
            .map(i -> column("c" + i, TypeName.TEXT, null))
            .toList();

    assertThatThrownBy(() -> defined(orders().setColumns(columns).build()))
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
  }

  @Test
  void keys_follow_column_ids_and_defaults_are_as_sqlite_stores_them() {
    Table table =
        defined(
            orders()
                .setTable("Orders")
                .setColumns(
                    List.of(
                        column("region", TypeName.TEXT, null),
                        column("id", TypeName.BIGINT, null),
                        column("open", TypeName.BOOLEAN, true),
                        column("price", TypeName.DOUBLE, 3L),
                        column("at", TypeName.TIMESTAMP, "1998-08-02T10:15"),
                        column("raw", TypeName.BLOB, ByteBuffer.wrap(new byte[] {1, 2}))))
                .setPrimaryKey(List.of("ID", "Region"))
                .setShardKey(List.of("region"))
                .build());

    assertThat(table.getTableId()).isEqualTo("shop-orders-7");
    assertThat(table.getName()).isEqualTo("Orders");
    assertThat(table.getPrimaryKey()).containsExactly(2, 1);
    assertThat(table.getShardKey()).containsExactly(1);
    assertThat(table.getNextColumnId()).isEqualTo(7);
    assertThat(table.getCreatedAt()).isEqualTo(42);
    assertThat(table.getColumns())
        .extracting(Column::getNullable)
        .containsExactly(false, false, true, true, true, true);
    assertThat(table.getColumns())
        .extracting(Column::getDefaultValue)
        .containsExactly(
            null, null, 1L, 3.0, "1998-08-02 10:15:00", ByteBuffer.wrap(new byte[] {1, 2}));
  }

  @Test
  void an_edge_table_begins_with_the_keys_of_its_ends_and_is_sharded_by_the_first() {
    Table table = defined(edge().build());

    assertThat(table.getColumns())
        .containsExactly(
            new Column(1, "_from", TypeName.BIGINT, null, false, null, null, null),
            new Column(2, "_to", TypeName.TEXT, null, false, null, null, null),
            new Column(3, "since", TypeName.DATE, null, true, null, null, null));
    assertThat(table.getPrimaryKey()).containsExactly(1, 2);
    assertThat(table.getShardKey()).containsExactly(1);
    assertThat(table.getFromTable()).isEqualTo("shop-people-1");
    assertThat(table.getToTable()).isEqualTo("shop-towns-1");
    assertThat(defined(edge().setPrimaryKey(List.of("since", "_from")).build()).getPrimaryKey())
        .containsExactly(3, 1);
  }

  @Test
  void a_stream_table_keeps_its_time_to_live_and_every_table_its_comment_and_block_size() {
    Table table =
        defined(
            orders()
                .setType(TableType.STREAM)
                .setTtlSeconds(60L)
                .setBlockSize(7)
                .setComment("said")
                .build());

    assertThat(List.of(table.getType(), table.getTtlSeconds(), table.getBlockSize()))
        .containsExactly(TableType.STREAM, 60L, 7);
    assertThat(table.getComment()).isEqualTo("said");
    assertThat(defined(orders().setType(TableType.STREAM).build()).getTtlSeconds()).isNull();
  }
}
