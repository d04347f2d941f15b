package dev.shardstream.worker.shard;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.Orders.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.decide.LoggedChange;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

class SchemaAdoptionTest {
  private static final String NAME = "\"default-orders-1\"";

  @TempDir Path directory;
  private ShardFile file;

  @BeforeEach
  void create() throws Exception {
    file =
        Orders.shard(
            directory,
            0,
            List.of(
                logged(0, change(Op.INSERT, 1, 1L, 2, "ann", 3, 9.5, 4, "x")),
                logged(1, change(Op.INSERT, 1, 2L, 2, "bob"))));
  }

  @AfterEach
  void close() throws Exception {
    file.close();
  }

  private List<String> columns() throws SQLException {
    return Orders.rows(file.writer(), "SELECT name FROM pragma_table_info('default-orders-1')");
  }

  private List<String> rows(String columns) throws SQLException {
    return Orders.rows(file.writer(), "SELECT " + columns + " FROM " + NAME + " ORDER BY c1");
  }

  private void reopen() throws SQLException {
    file.close();
    file = ShardFile.open(file.path(), Orders.SETTINGS).orElseThrow();
  }

  @Test
  void rows_from_before_an_added_column_read_its_initial_default() throws Exception {
    Table two = Versions.add(Orders.TABLE, "qty", TypeName.INTEGER, 7L);
    assertThat(file.adopt(two)).isTrue();
    assertThat(rows("c1, c6")).containsExactly("1|7", "2|7");
    assertThat(file.definition().table()).isEqualTo(two);
    assertThat(file.shape().table()).isEqualTo(two);
    assertThat(SystemTables.readVersion(file.writer(), "main")).isEqualTo(2);
  }

  @Test
  void every_kind_of_default_is_read_back_exactly() throws Exception {
    Table table = Orders.TABLE;
    List<String> expected = new ArrayList<>();
    Random random = new Random(11);
    List<Object> values =
        new ArrayList<>(
            List.of("it''s", "", "a\0b", "😀", -0.0, 0.1, 1e300, Double.POSITIVE_INFINITY));
    values.addAll(
        List.of(Long.MIN_VALUE, Long.MAX_VALUE, true, ByteBuffer.wrap(new byte[] {0, 1})));
    for (int i = 0; i < 50; i++) {
      values.add(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
    }
    List<String> columns = new ArrayList<>();
    for (Object value : values) {
      columns.add("typeof(c" + table.getNextColumnId() + "), c" + table.getNextColumnId());
      table = Versions.add(table, "d" + table.getNextColumnId(), type(value), value);
      expected.add(shown(value));
    }
    file.adopt(table);
    assertThat(rows(String.join(", ", columns)).get(0)).isEqualTo(String.join("|", expected));
  }

  private static TypeName type(Object value) {
    return value instanceof String
        ? TypeName.TEXT
        : value instanceof Double
            ? TypeName.DOUBLE
            : value instanceof Long
                ? TypeName.BIGINT
                : value instanceof Boolean ? TypeName.BOOLEAN : TypeName.BLOB;
  }

  private static String shown(Object value) {
    return value instanceof String text
        ? "text|" + text
        : value instanceof Double real
            ? "real|" + real
            : value instanceof ByteBuffer
                ? "blob|0001"
                : "integer|" + (value instanceof Boolean ? "1" : value.toString());
  }

  @Test
  void a_dropped_column_that_comes_back_under_its_name_has_none_of_its_values() throws Exception {
    Table dropped = Versions.drop(Orders.TABLE, 4);
    Table again = Versions.add(dropped, "note", TypeName.TEXT, null);
    file.adopt(dropped);
    file.adopt(again);
    assertThat(columns())
        .containsExactly("_virtualShard", "c1", "c2", "c3", "c5", "_version", "_updated", "c6");
    assertThat(rows("c1, c6")).containsExactly("1|null", "2|null");
  }

  @Test
  void several_versions_at_once_are_one_change() throws Exception {
    List<Table> eight = Versions.eight();
    file.adopt(eight.get(7));
    assertThat(columns())
        .containsExactly(
            "_virtualShard", "c1", "c2", "c3", "c5", "_version", "_updated", "c6", "c7", "c8");
    assertThat(rows("c1, c3, c6, c7, c8"))
        .containsExactly("1|9.5|7|two 'words'|-0.0", "2|1.5|7|two 'words'|-0.0");
  }

  @Test
  void a_rename_another_type_or_default_change_nothing_on_disk() throws Exception {
    String before = schema();
    Table table = Versions.column(Orders.TABLE, 2, c -> c.setName("client"));
    table = Versions.column(table, 4, c -> c.setLength(50));
    table = Versions.column(table, 3, c -> c.setDefaultValue(null).setComment("net"));
    table = Versions.next(table).setName("sales").setBlockSize(7).build();
    assertThat(file.adopt(table)).isTrue();
    assertThat(schema()).isEqualTo(before);
    reopen();
    assertThat(file.definition().table()).isEqualTo(table);
  }

  private String schema() throws SQLException {
    return String.join(
        "\n", Orders.rows(file.writer(), "SELECT sql FROM sqlite_schema ORDER BY name"));
  }

  @Test
  void an_older_definition_has_no_effect() throws Exception {
    List<Table> eight = Versions.eight();
    file.adopt(eight.get(5));
    assertThat(file.adopt(eight.get(2))).isFalse();
    assertThat(file.adopt(eight.get(5))).isFalse();
    assertThat(file.definition().table()).isEqualTo(eight.get(5));
    Table indexed = Versions.index(eight.get(5), 2);
    file.adopt(indexed);
    assertThat(file.adopt(eight.get(5))).isFalse();
    assertThat(file.definition().table()).isEqualTo(indexed);
  }

  @Test
  void an_alteration_that_is_cut_off_leaves_the_version_before_it_and_can_be_repeated()
      throws Exception {
    Table last = Versions.eight().get(7);
    Transaction.execute(file.writer(), "CREATE TABLE trap (a)");
    Transaction.execute(
        file.writer(),
        "CREATE TRIGGER fail BEFORE UPDATE ON _shard BEGIN SELECT RAISE(ABORT, 'killed'); END");
    String before = schema();
    assertThatThrownBy(() -> file.adopt(last)).hasMessageContaining("killed");
    assertThat(schema()).isEqualTo(before);
    assertThat(file.definition().table()).isEqualTo(Orders.TABLE);
    reopen();
    assertThat(file.shape().table()).isEqualTo(Orders.TABLE);
    Transaction.execute(file.writer(), "DROP TRIGGER fail");
    assertThat(file.adopt(last)).isTrue();
    assertThat(rows("c1, c6")).containsExactly("1|7", "2|7");
  }

  @Test
  void indexes_are_built_on_what_readers_see_and_used_by_them() throws Exception {
    Table indexed = Versions.index(Versions.index(Orders.TABLE, 3), 2, 3);
    file.adopt(indexed);
    assertThat(file.indexes()).isEmpty();
    assertThat(file.buildIndexes()).isTrue();
    assertThat(file.buildIndexes()).isFalse();
    assertThat(file.indexes()).containsExactly(1, 2);
    try (Connection reader = file.openReader()) {
      Transaction.execute(
          reader,
          "CREATE TEMP VIEW v (price) AS SELECT "
              + file.shape().readExpression(3)
              + " FROM main."
              + NAME);
      assertThat(Orders.rows(reader, "EXPLAIN QUERY PLAN SELECT price FROM v WHERE price > 2"))
          .singleElement()
          .asString()
          .contains("_i1 (<expr>>?)");
    }
  }

  @Test
  void an_index_that_failed_or_is_gone_is_dropped_and_its_id_stays_known() throws Exception {
    Table two = Versions.index(Versions.index(Orders.TABLE, 2), 3);
    file.adopt(two);
    file.buildIndexes();
    file.adopt(Versions.status(two, 1, IndexStatus.FAILED));
    assertThat(file.indexes()).containsExactly(2);
    file.adopt(Versions.dropIndex(two, 2));
    assertThat(file.buildIndexes()).isTrue();
    assertThat(file.indexes()).containsExactly(1);
  }

  @Test
  void a_column_goes_with_the_indexes_that_use_it() throws Exception {
    Table indexed = Versions.index(Orders.TABLE, 4);
    file.adopt(indexed);
    file.buildIndexes();
    file.adopt(Versions.drop(Versions.dropIndex(indexed, 1), 4));
    assertThat(file.indexes()).isEmpty();
    assertThat(columns()).doesNotContain("c4");
  }

  @Test
  void an_index_that_was_not_finished_is_built_after_a_restart() throws Exception {
    file.adopt(Versions.index(Orders.TABLE, 2));
    reopen();
    assertThat(file.indexes()).isEmpty();
    assertThat(file.buildIndexes()).isTrue();
    assertThat(file.indexes()).containsExactly(1);
  }

  @Test
  void a_shard_that_is_made_for_an_indexed_table_has_its_indexes() throws Exception {
    ShardDefinition definition =
        new ShardDefinition(
            new ShardRef(Orders.TABLE.getTableId(), 5),
            Versions.index(Orders.TABLE, 2),
            Orders.ALL,
            ShardState.APPLYING);
    try (ShardFile made =
        ShardFile.create(directory.resolve("5.sqlite"), Orders.SETTINGS, definition)) {
      assertThat(made.indexes()).containsExactly(1);
    }
  }

  @Test
  void a_reader_that_has_begun_keeps_its_snapshot_while_the_table_is_altered() throws Exception {
    List<LoggedChange> more = new ArrayList<>();
    for (long id = 10; id < 5_010; id++) {
      more.add(logged(id, change(Op.INSERT, 1, id, 2, "c" + id, 4, "n")));
    }
    Orders.apply(file, more);
    try (Connection reader = file.openReader()) {
      Transaction.execute(reader, "BEGIN");
      assertThat(SystemTables.readShape(reader, file.shape())).isSameAs(file.shape());
      Table next = Versions.index(Versions.drop(Orders.TABLE, 4), 2);
      file.adopt(next);
      file.buildIndexes();
      assertThat(Orders.rows(reader, "SELECT count(c4) FROM " + NAME)).containsExactly("5001");
      assertThat(SystemTables.readShape(reader, file.shape()).table()).isEqualTo(Orders.TABLE);
      Transaction.execute(reader, "COMMIT");
      assertThat(SystemTables.readShape(reader, file.shape()).table()).isEqualTo(next);
    }
  }

  @Test
  void a_reader_is_not_held_up_by_the_build_of_an_index() throws Exception {
    List<LoggedChange> more = new ArrayList<>();
    for (long id = 10; id < 30_010; id++) {
      more.add(logged(id, change(Op.INSERT, 1, id, 2, "customer " + id * 7919 % 30_011)));
    }
    Orders.apply(file, more);
    file.adopt(Versions.index(Orders.TABLE, 2));
    CountDownLatch built = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    ((SQLiteConnection) file.writer()).addCommitListener(new Holding(built, read));
    try (Connection reader = file.openReader()) {
      CompletableFuture<Boolean> build =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return file.buildIndexes();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      do {
        assertRead(reader);
      } while (built.getCount() > 0 && !build.isDone());
      assertRead(reader);
      assertThat(build).isNotDone();
      read.countDown();
      assertThat(build.get(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      read.countDown();
    }
  }

  private static void assertRead(Connection reader) throws SQLException {
    assertThat(Orders.rows(reader, "SELECT c2 FROM " + NAME + " WHERE c1 = 1"))
        .containsExactly("ann");
  }

  /** Holds a transaction that has written everything, before it is committed. */
  private record Holding(CountDownLatch written, CountDownLatch goOn)
      implements SQLiteCommitListener {
    @Override
    public void onCommit() {
      written.countDown();
      try {
        goOn.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onRollback() {}
  }

  @Test
  void the_build_of_an_index_can_be_stopped_and_leaves_all_of_it_or_nothing() throws Exception {
    List<LoggedChange> more = new ArrayList<>();
    for (long id = 10; id < 30_010; id++) {
      more.add(logged(id, change(Op.INSERT, 1, id, 2, "customer " + id * 7919 % 30_011)));
    }
    Orders.apply(file, more);
    file.adopt(Versions.index(Orders.TABLE, 2));
    CompletableFuture<String> build =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return String.valueOf(file.buildIndexes());
              } catch (SQLException stopped) {
                return String.valueOf(stopped.getMessage());
              }
            });
    while (!build.isDone()) {
      file.stopBuilding();
    }
    if (build.join().contains("interrupt")) {
      assertThat(file.indexes()).isEmpty();
      assertThat(file.buildIndexes()).isTrue();
    }
    assertThat(file.indexes()).containsExactly(1);
    assertThat(Orders.rows(file.writer(), "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void whoever_waits_for_a_version_learns_of_it_or_that_it_did_not_come() throws Exception {
    CompletableFuture<Boolean> third =
        file.schemas().reach(table -> table.getSchemaVersion() >= 3, Duration.ofMinutes(1));
    assertThat(
            file.schemas()
                .reach(table -> table.getSchemaVersion() >= 9, Duration.ofMillis(20))
                .join())
        .isFalse();
    file.adopt(Versions.eight().get(1));
    assertThat(third).isNotDone();
    file.adopt(Versions.eight().get(3));
    assertThat(third).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(true);
    CompletableFuture<Boolean> never =
        file.schemas().reach(table -> table.getSchemaVersion() >= 99, Duration.ofMinutes(1));
    file.close();
    assertThatThrownBy(never::join)
        .hasRootCauseMessage("Shard default-orders-1/0 is not held here");
    reopen();
  }

  @Test
  void the_order_of_columns_in_a_file_is_nobodys_business() throws Exception {
    Table moved =
        Versions.next(Orders.TABLE)
            .setColumns(
                List.of(
                    Orders.TABLE.getColumns().get(1),
                    Orders.TABLE.getColumns().get(0),
                    new Column(6, "qty", TypeName.BIGINT, null, true, null, null, null)))
            .setNextColumnId(7)
            .build();
    file.adopt(moved);
    Orders.apply(
        file,
        List.of(
            logged(
                9,
                change(
                    dev.shardstream.schemas.row.RowVersion.of(moved),
                    Op.UPDATE,
                    null,
                    1,
                    2L,
                    6,
                    5L))));
    assertThat(rows("c1, c2, c6")).containsExactly("1|ann|null", "2|bob|5");
  }
}
