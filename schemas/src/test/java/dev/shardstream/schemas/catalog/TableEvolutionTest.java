package dev.shardstream.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.of;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every change of a table, good and bad, on one table that has a column of each kind. */
class TableEvolutionTest {
  private static final Samples.View VIEW = new Samples.View();
  private static final Table ORDERS = orders();

  private static Table orders() {
    Table made =
        Samples.table(
            Samples.create("Orders")
                .setColumns(
                    List.of(
                        Samples.column("region", TypeName.TEXT),
                        Samples.column("id", TypeName.BIGINT),
                        Samples.column("count", TypeName.INTEGER),
                        Samples.column("price", TypeName.FLOAT),
                        varchar("code", 10),
                        Samples.column("name", TypeName.TEXT),
                        Samples.column("age", TypeName.BIGINT),
                        Samples.column("age_group", TypeName.DOUBLE)))
                .setPrimaryKey(List.of("id", "region"))
                .setShardKey(List.of("region"))
                .build());
    List<Index> indexes =
        List.of(index(1, "by_name", 6), index(2, "by_both", 6, 5), index(3, "by_price", 4));
    Table table = Table.newBuilder(made).setIndexes(indexes).setNextIndexId(4).build();
    Table other = Samples.table(Samples.create("items").build());
    VIEW.tables.addAll(List.of(table, Table.newBuilder(other).setTableId("shop-items-2").build()));
    VIEW.liveQueriesByColumn.put(7, 2);
    return table;
  }

  private static ColumnDefinition varchar(String name, int length) {
    return ColumnDefinition.newBuilder()
        .setName(name)
        .setType(TypeName.VARCHAR)
        .setLength(length)
        .build();
  }

  private static Index index(int id, String name, Integer... columns) {
    return new Index(id, name, false, List.of(columns), IndexStatus.READY, null, null, "c" + id);
  }

  private static ColumnDefinition definition(
      String name, TypeName type, boolean nullable, @Nullable Object defaultValue) {
    return new ColumnDefinition(name, type, null, nullable, defaultValue);
  }

  private static AddColumn add(String name, TypeName type) {
    return new AddColumn(Samples.column(name, type), false);
  }

  private static AlterColumnType type(String column, TypeName type) {
    return new AlterColumnType(column, false, type, null, false);
  }

  private static AlterColumnType varcharType(String column, @Nullable Integer length) {
    return new AlterColumnType(column, false, TypeName.VARCHAR, length, false);
  }

  static Stream<Arguments> refused() {
    String key = "Cannot alter primary key column 'id' of table 'Orders'";
    String shardKey = "Cannot alter shard key column 'region' of table 'Orders'";
    String system = "Cannot alter system columns: _updated, _deleted";
    String missing = "Column 'no' not found in table 'Orders'";
    String reserved = "Name '_x' is reserved: names that start with '_' belong to Shardstream";
    return Stream.of(
        of(add("Name", TypeName.TEXT), "Column 'Name' already exists in table 'Orders'"),
        of(add("_updated", TypeName.TEXT), system),
        of(add("_deleted", TypeName.TEXT), system),
        of(
            add("1st", TypeName.TEXT),
            "Invalid name '1st': use letters, digits and '_', at most 100, not a digit first"),
        of(
            new AddColumn(definition("note", TypeName.TEXT, false, null), false),
            "Column 'note' of table 'Orders' is NOT NULL and needs a DEFAULT for the rows that are"
                + " there"),
        of(
            new AddColumn(definition("n", TypeName.INTEGER, true, 1L << 31), false),
            "DEFAULT of column 'n' must be a constant of type INTEGER: 2147483648 cannot be"
                + " evaluated the same way on every replica"),
        of(
            new AddColumn(varchar("v", 0), false),
            "Invalid argument: column 'v': only VARCHAR has a length, of at least 1, not"
                + " VARCHAR(0)"),
        of(new DropColumn("no", false, false), missing),
        of(new DropColumn("region", false, true), shardKey),
        of(new DropColumn("id", true, true), key),
        of(new DropColumn("_updated", true, true), system),
        of(new DropColumn("_from", true, true), system),
        of(
            new DropColumn("NAME", false, false),
            "Cannot drop column 'name' - used by index 'by_name', 'by_both': drop the index first"
                + " or use CASCADE"),
        of(
            new DropColumn("age", false, false),
            "Cannot drop column 'age' - used by 2 active live queries"),
        of(
            new DropColumn("age", false, true),
            "Cannot drop column 'age' - used by 2 active live queries"),
        of(new RenameColumn("no", "yes", false), missing),
        of(new RenameColumn("id", "key", false), key),
        of(new RenameColumn("region", "area", false), shardKey),
        of(new RenameColumn("_updated", "at", false), system),
        of(new RenameColumn("name", "AGE", false), "Column 'AGE' already exists in table 'Orders'"),
        of(new RenameColumn("name", "_x", false), reserved),
        of(type("no", TypeName.TEXT), missing),
        of(type("id", TypeName.BIGINT), key),
        of(type("region", TypeName.TEXT), shardKey),
        of(type("_deleted", TypeName.TEXT), system),
        of(type("age", TypeName.INTEGER), "Type narrowing not supported: BIGINT -> INT"),
        of(type("age_group", TypeName.FLOAT), "Type narrowing not supported: DOUBLE -> FLOAT"),
        of(varcharType("code", 9), "Type narrowing not supported: VARCHAR(10) -> VARCHAR(9)"),
        of(varcharType("name", 9), "Type narrowing not supported: TEXT -> VARCHAR(9)"),
        of(varcharType("name", null), "Type narrowing not supported: TEXT -> VARCHAR"),
        of(type("code", TypeName.INTEGER), "Incompatible type change: VARCHAR -> INT"),
        of(type("count", TypeName.DOUBLE), "Incompatible type change: INT -> DOUBLE"),
        of(varcharType("count", 5), "Incompatible type change: INT -> VARCHAR"),
        of(type("name", TypeName.BLOB), "Incompatible type change: TEXT -> BLOB"),
        of(type("age", TypeName.TIMESTAMP), "Incompatible type change: BIGINT -> TIMESTAMP"),
        of(
            new AlterColumnType("count", false, TypeName.BIGINT, 3, false),
            "Invalid argument: column 'count': only VARCHAR has a length, of at least 1, not"
                + " BIGINT(3)"),
        of(new AlterColumnDefault("no", false, 1L), missing),
        of(new AlterColumnDefault("id", false, 1L), key),
        of(new AlterColumnDefault("region", false, null), shardKey),
        of(new AlterColumnDefault("_updated", false, 1L), system),
        of(
            new AlterColumnDefault("count", false, "x"),
            "DEFAULT of column 'count' must be a constant of type INTEGER: x cannot be evaluated"
                + " the same way on every replica"),
        of(new AlterColumnNullability("no", false, true), missing),
        of(new AlterColumnNullability("id", false, true), key),
        of(new AlterColumnNullability("region", false, false), shardKey),
        of(new AlterColumnNullability("_updated", false, false), system),
        of(new RenameTable("ITEMS"), "Table 'ITEMS' already exists"),
        of(new RenameTable("_x"), reserved),
        of(new SetBlockSize(0), "Invalid block size: 0 (must be 1 to 10000)"),
        of(new SetBlockSize(10_001), "Invalid block size: 10001 (must be 1 to 10000)"),
        of(new CommentOnColumn("no", "x"), missing),
        of(new CommentOnColumn("_updated", "x"), system));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void what_breaks_a_rule_is_refused(Object change, String message) {
    assertThatThrownBy(() -> TableEvolution.next(ORDERS, change, VIEW))
        .isInstanceOf(ShardstreamException.class)
        .hasMessage(message);
  }

  static Stream<Object> withoutEffect() {
    return Stream.of(
        new AddColumn(Samples.column("Name", TypeName.BLOB), true),
        new DropColumn("no", true, false),
        new RenameColumn("no", "yes", true),
        new RenameColumn("name", "name", false),
        new AlterColumnType("no", true, TypeName.TEXT, null, true),
        type("count", TypeName.INTEGER),
        varcharType("code", 10),
        new AlterColumnDefault("no", true, 1L),
        new AlterColumnDefault("count", false, null),
        new AlterColumnNullability("no", true, false),
        new AlterColumnNullability("count", false, true),
        new RenameTable("Orders"),
        new SetBlockSize(500),
        new CommentOnTable(null),
        new CommentOnColumn("name", null));
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void what_changes_nothing_makes_no_version(Object change) {
    assertThat(TableEvolution.next(ORDERS, change, VIEW)).isEmpty();
  }

  private static Column column(String name) {
    return Tables.requireColumn(ORDERS, name);
  }

  private static Arguments changed(
      Object change, String words, String column, UnaryOperator<Column.Builder> expected) {
    Column next = expected.apply(Column.newBuilder(column(column))).build();
    return of(
        change,
        words,
        builder()
            .setColumns(
                ORDERS.getColumns().stream()
                    .map(c -> c.getId() == next.getId() ? next : c)
                    .toList())
            .build());
  }

  private static Arguments added(AddColumn change, String words, Column column) {
    List<Column> columns = new ArrayList<>(ORDERS.getColumns());
    columns.add(column);
    return of(change, words, builder().setColumns(columns).setNextColumnId(10).build());
  }

  private static Arguments dropped(DropColumn change, String words, String column, Index... left) {
    return of(
        change,
        words,
        builder()
            .setColumns(ORDERS.getColumns().stream().filter(c -> c != column(column)).toList())
            .setDroppedColumns(List.of(column(column)))
            .setIndexes(List.of(left))
            .build());
  }

  private static Table.Builder builder() {
    return Table.newBuilder(ORDERS).setSchemaVersion(2);
  }

  static Stream<Arguments> accepted() {
    List<Index> all = ORDERS.getIndexes();
    return Stream.of(
        added(
            add("note", TypeName.TEXT),
            "ADD COLUMN note TEXT",
            new Column(9, "note", TypeName.TEXT, null, true, null, null, null)),
        added(
            new AddColumn(definition("note", TypeName.TEXT, false, "two 'words'"), true),
            "ADD COLUMN note TEXT NOT NULL DEFAULT 'two ''words'''",
            new Column(9, "note", TypeName.TEXT, null, false, "two 'words'", "two 'words'", null)),
        added(
            new AddColumn(definition("open", TypeName.BOOLEAN, true, true), false),
            "ADD COLUMN open BOOLEAN DEFAULT TRUE",
            new Column(9, "open", TypeName.BOOLEAN, null, true, 1L, 1L, null)),
        added(
            new AddColumn(
                definition("raw", TypeName.BLOB, true, ByteBuffer.wrap(new byte[] {1, -1})), false),
            "ADD COLUMN raw BLOB DEFAULT x'01ff'",
            new Column(
                9,
                "raw",
                TypeName.BLOB,
                null,
                true,
                ByteBuffer.wrap(new byte[] {1, -1}),
                ByteBuffer.wrap(new byte[] {1, -1}),
                null)),
        added(
            new AddColumn(varchar("tag", 3), false),
            "ADD COLUMN tag VARCHAR(3)",
            new Column(9, "tag", TypeName.VARCHAR, 3, true, null, null, null)),
        dropped(
            new DropColumn("AGE_GROUP", false, false),
            "DROP COLUMN AGE_GROUP",
            "age_group",
            all.toArray(Index[]::new)),
        dropped(
            new DropColumn("name", false, true), "DROP COLUMN name CASCADE", "name", all.get(2)),
        changed(
            new RenameColumn("Name", "title", false),
            "RENAME COLUMN Name TO title",
            "name",
            c -> c.setName("title")),
        changed(
            new RenameColumn("name", "NAME", false),
            "RENAME COLUMN name TO NAME",
            "name",
            c -> c.setName("NAME")),
        changed(
            type("count", TypeName.BIGINT),
            "ALTER COLUMN count TYPE BIGINT",
            "count",
            c -> c.setType(TypeName.BIGINT)),
        changed(
            new AlterColumnType("count", false, TypeName.BIGINT, null, true),
            "ALTER COLUMN count TYPE BIGINT NOT NULL",
            "count",
            c -> c.setType(TypeName.BIGINT).setNullable(false)),
        changed(
            new AlterColumnType("count", false, TypeName.INTEGER, null, true),
            "ALTER COLUMN count TYPE INTEGER NOT NULL",
            "count",
            c -> c.setNullable(false)),
        changed(
            type("price", TypeName.DOUBLE),
            "ALTER COLUMN price TYPE DOUBLE",
            "price",
            c -> c.setType(TypeName.DOUBLE)),
        changed(
            varcharType("code", 11),
            "ALTER COLUMN code TYPE VARCHAR(11)",
            "code",
            c -> c.setLength(11)),
        changed(
            varcharType("code", null),
            "ALTER COLUMN code TYPE VARCHAR",
            "code",
            c -> c.setLength(null)),
        changed(
            type("code", TypeName.TEXT),
            "ALTER COLUMN code TYPE TEXT",
            "code",
            c -> c.setType(TypeName.TEXT).setLength(null)),
        changed(
            new AlterColumnDefault("price", false, 5L),
            "ALTER COLUMN price SET DEFAULT 5",
            "price",
            c -> c.setDefaultValue(5.0)),
        changed(
            new AlterColumnNullability("count", false, false),
            "ALTER COLUMN count SET NOT NULL",
            "count",
            c -> c.setNullable(false)),
        changed(
            new CommentOnColumn("id", "it's the key"),
            "COMMENT ON COLUMN id 'it''s the key'",
            "id",
            c -> c.setComment("it's the key")),
        of(new RenameTable("orders"), "RENAME TO orders", builder().setName("orders").build()),
        of(new RenameTable("bills"), "RENAME TO bills", builder().setName("bills").build()),
        of(new SetBlockSize(100), "MODIFY BLOCK_SIZE 100", builder().setBlockSize(100).build()),
        of(new CommentOnTable("x"), "COMMENT 'x'", builder().setComment("x").build()));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("accepted")
  void a_change_makes_the_next_version_and_has_words(Object change, String words, Table expected) {
    assertThat(TableEvolution.next(ORDERS, change, VIEW)).contains(expected);
    assertThat(ChangeText.of(change)).isEqualTo(words);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("accepted")
  void the_row_schema_of_the_next_version_reads_what_was_written(
      Object change, String words, Table next) {
    assertThat(
            SchemaCompatibility.checkReaderWriterCompatibility(
                    RowSchema.of(next), RowSchema.of(ORDERS))
                .getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @Test
  void what_was_set_can_be_taken_back() {
    Table changed = ORDERS;
    List<Object> changes =
        List.of(
            new AlterColumnDefault("count", false, 5L),
            new AlterColumnNullability("count", false, false),
            new CommentOnTable("x"),
            new CommentOnColumn("count", "y"),
            new CommentOnColumn("count", null),
            new CommentOnTable(null),
            new AlterColumnNullability("count", false, true),
            new AlterColumnDefault("count", false, null));
    List<String> words = new ArrayList<>();
    for (Object change : changes) {
      changed = TableEvolution.next(changed, change, VIEW).orElseThrow();
      words.add(ChangeText.of(change));
    }

    assertThat(changed).isEqualTo(Table.newBuilder(ORDERS).setSchemaVersion(9).build());
    assertThat(words)
        .endsWith(
            "COMMENT ON COLUMN count NULL",
            "COMMENT NULL",
            "ALTER COLUMN count DROP NOT NULL",
            "ALTER COLUMN count DROP DEFAULT");
  }

  @Test
  void a_dropped_name_that_is_added_again_is_another_column() {
    Table without =
        TableEvolution.next(ORDERS, new DropColumn("name", false, true), VIEW).orElseThrow();
    Table again = TableEvolution.next(without, add("name", TypeName.DATE), VIEW).orElseThrow();

    assertThat(Tables.requireColumn(again, "name"))
        .isEqualTo(new Column(9, "name", TypeName.DATE, null, true, null, null, null));
  }

  @Test
  void another_default_leaves_what_rows_from_before_the_column_have() {
    Table added =
        TableEvolution.next(
                ORDERS, new AddColumn(definition("n", TypeName.BIGINT, true, 1L), false), VIEW)
            .orElseThrow();
    Table changed =
        TableEvolution.next(added, new AlterColumnDefault("n", false, 2L), VIEW).orElseThrow();

    assertThat(Tables.requireColumn(changed, "n"))
        .isEqualTo(new Column(9, "n", TypeName.BIGINT, null, true, 2L, 1L, null));
  }

  @Test
  void the_ends_of_an_edge_table_are_keys_and_no_system_columns() {
    Table edge =
        Table.newBuilder(ORDERS)
            .setType(TableType.EDGE)
            .setColumns(
                List.of(
                    new Column(1, "_from", TypeName.BIGINT, null, false, null, null, null),
                    new Column(2, "_to", TypeName.BIGINT, null, false, null, null, null)))
            .setPrimaryKey(List.of(1, 2))
            .setShardKey(List.of(1))
            .build();

    assertThatThrownBy(() -> TableEvolution.next(edge, new DropColumn("_from", false, true), VIEW))
        .hasMessage("Cannot alter shard key column '_from' of table 'Orders'");
    assertThatThrownBy(() -> TableEvolution.next(edge, new RenameColumn("_to", "t", false), VIEW))
        .hasMessage("Cannot alter primary key column '_to' of table 'Orders'");
    assertThat(TableEvolution.next(edge, new CommentOnColumn("_to", "end"), VIEW)).isPresent();
  }

  @Test
  void a_stream_table_refuses_every_change() {
    Table stream = Table.newBuilder(ORDERS).setType(TableType.STREAM).build();

    accepted()
        .map(a -> a.get()[0])
        .forEach(
            change ->
                assertThatThrownBy(() -> TableEvolution.next(stream, change, VIEW))
                    .hasMessage("Cannot alter stream tables (table_type: Stream)"));
  }

  @Test
  void a_table_has_no_more_than_500_columns() {
    Table full =
        Table.newBuilder(ORDERS)
            .setColumns(
                IntStream.rangeClosed(1, 500)
                    .mapToObj(
                        i -> new Column(i, "c" + i, TypeName.TEXT, null, true, null, null, null))
                    .toList())
            .build();

    assertThatThrownBy(() -> TableEvolution.next(full, add("note", TypeName.TEXT), VIEW))
        .hasMessage("Not supported: a table of more than 500 columns");
  }
}
