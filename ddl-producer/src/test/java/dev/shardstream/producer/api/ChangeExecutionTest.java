package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.query.Holders;
import dev.shardstream.producer.query.QuerySettings;
import dev.shardstream.producer.query.Router;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.query.StoredParameters;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.producer.write.AppliedChanges;
import dev.shardstream.producer.write.ChangeLogs;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeExecutionTest {
  private static final Table STOCK =
      SampleTables.table(
          "stock",
          3,
          List.of(1, 2),
          List.of(1),
          SampleTables.column(1, "shop", TypeName.INTEGER, null, false, null),
          SampleTables.column(2, "item", TypeName.TEXT, null, false, null),
          SampleTables.column(3, "n", TypeName.BIGINT, null, false, 0L),
          SampleTables.column(4, "seen", TypeName.TIMESTAMP, null, true, null));

  private static final ClientConfig CONFIG =
      ClientConfig.of(
          Map.of(
              "cluster.name", "t",
              "bootstrap.servers", "unused:1",
              "schema.registry.url", "mock://changes"));

  private final MockProducer<byte[], byte[]> producer =
      ChangeLogs.producer("t.log." + STOCK.getTableId());
  private final OneShard shard = new OneShard(STOCK, producer);
  private final SampleTables.Fixed metadata =
      new SampleTables.Fixed(
          new MetadataSnapshot(
              Map.of(STOCK.getTableId(), STOCK),
              Map.of(STOCK.getTableId(), SampleTables.topology(STOCK, 1, 1)),
              Map.of(),
              Map.of("n0", SampleTables.node("n0"))));
  private final Session session = new Session();
  private final Holders holders = new Holders(shard, CONFIG.nodeTimeout());
  private final Router router = new Router(metadata, holders, "default", QuerySettings.of(CONFIG));
  private final ChangeExecution execution =
      new ChangeExecution(
          "default",
          metadata,
          router,
          session,
          new ChangeSender(
              ChangeLogs.over(CONFIG, producer, session),
              new AppliedChanges(metadata, holders, Runnable::run),
              true,
              Duration.ofSeconds(5)),
          Duration.ZERO,
          Duration.ofSeconds(30),
          Clock.fixed(Instant.parse("2026-11-21T07:44:00.5Z"), ZoneOffset.UTC));

  @BeforeEach
  void stock() {
    execute("INSERT INTO stock (shop, item, n) VALUES (1, 'a', 10), (1, 'b', 20), (2, 'a', 30)");
    shard.queries = 0;
  }

  @AfterEach
  void close() {
    router.close();
  }

  @Test
  void insert_takes_parameters_the_clock_and_whatever_sqlite_can_compute() {
    assertThat(
            execute(
                "INSERT INTO Stock VALUES (?, upper(?2) || 'x', 1 + ?1, CURRENT_TIMESTAMP)",
                7,
                "q"))
        .isEqualTo(1);
    assertThat(shard.rows())
        .contains(List.of(7L, "Qx", 8L, "2026-11-21 07:44:00"), row(1, "a", 10L, null));
  }

  @Test
  void insert_of_a_row_that_is_there_is_an_error_and_upsert_is_none() {
    assertThatThrownBy(() -> execute("INSERT INTO stock (shop, item) VALUES (1, 'a')"))
        .hasMessage("DUPLICATE_KEY");
    assertThat(execute("UPSERT INTO stock (shop, item) VALUES (1, 'a')")).isEqualTo(1);
    assertThat(shard.rows()).contains(row(1, "a", 0L, null));
  }

  @Test
  void no_row_is_written_when_one_of_them_is_wrong() {
    assertThatThrownBy(
            () -> execute("INSERT INTO stock VALUES (8, 'x', 1, NULL), (8, 'y', 'no', NULL)"))
        .hasMessage("Column 'n' of table 'stock' is BIGINT and cannot hold 'no'");
    assertThat(shard.rows()).hasSize(3);
  }

  @Test
  void no_row_is_written_when_one_of_them_is_too_large() {
    String large = "x".repeat(CONFIG.writeMaxBytes());
    assertThatThrownBy(
            () -> execute("INSERT INTO stock (shop, item) VALUES (8, 'x'), (8, ?)", large))
        .hasMessageStartingWith("The change is ");
    assertThat(shard.rows()).hasSize(3);
  }

  @Test
  void update_by_key_needs_no_read() {
    assertThat(execute("UPDATE stock SET n = 5 WHERE shop = 1 AND item IN ('a', 'b', 'a', 'no')"))
        .isEqualTo(2);
    assertThat(shard.queries).isZero();
    assertThat(shard.rows()).contains(row(1, "a", 5L, null), row(1, "b", 5L, null));
  }

  @Test
  void update_reads_the_rows_when_it_must() {
    assertThat(
            execute(
                "UPDATE stock AS s SET n = s.n + ?, seen = ? WHERE n >= ?", 1, "2026-01-01", 20))
        .isEqualTo(2);
    assertThat(shard.queries).isEqualTo(1);
    assertThat(shard.rows())
        .containsExactly(
            row(1, "a", 10L, null),
            row(1, "b", 21L, "2026-01-01 00:00:00"),
            row(2, "a", 31L, "2026-01-01 00:00:00"));
  }

  @Test
  void a_key_of_another_type_is_compared_by_sqlite() {
    assertThat(execute("UPDATE stock SET n = 5 WHERE shop = '1' AND item = 'a'")).isEqualTo(1);
    assertThat(execute("DELETE FROM stock WHERE shop = 1.5 AND item = 'a'")).isZero();
    assertThat(execute("DELETE FROM stock WHERE shop = NULL AND item = 'a'")).isZero();
    assertThat(execute("DELETE FROM stock WHERE shop = 2.0 AND item = 'a'")).isEqualTo(1);
    assertThat(shard.rows()).containsExactly(row(1, "a", 5L, null), row(1, "b", 20L, null));
  }

  @Test
  void delete_by_key_of_no_row_changes_nothing() {
    assertThat(execute("DELETE FROM stock WHERE item = 'zz' AND 1 = shop")).isZero();
    assertThat(shard.queries).isZero();
    assertThat(shard.rows()).hasSize(3);
  }

  @Test
  void delete_takes_any_condition_or_none() {
    assertThat(execute("DELETE FROM stock WHERE n = (SELECT max(n) FROM stock) OR item LIKE 'B'"))
        .isEqualTo(2);
    assertThat(execute("DELETE FROM stock")).isEqualTo(1);
    assertThat(shard.rows()).isEmpty();
  }

  @Test
  void a_key_column_is_never_set() {
    assertThatThrownBy(() -> execute("UPDATE stock SET shop = 3 WHERE shop = 1 AND item = 'a'"))
        .hasMessage(
            "Key column 'shop' of table 'stock' cannot be changed: delete the row and insert it"
                + " again");
    assertThatThrownBy(() -> execute("UPDATE stock SET nope = 3"))
        .hasMessage("Column 'nope' not found in table 'stock'");
  }

  @Test
  void values_that_read_rows_are_refused() {
    assertThatThrownBy(() -> execute("INSERT INTO stock (shop, item) VALUES (n, 'x')"))
        .hasMessage("Column 'n' not found in table 'stock'");
    assertThatThrownBy(() -> execute("INSERT INTO stock (shop, item) VALUES ((SELECT 1), 'x')"))
        .hasMessageStartingWith("Not supported: a subquery as a value");
    assertThatThrownBy(() -> execute("INSERT INTO stock (shop, item) VALUES (count(1), 'x')"))
        .hasMessage("Not supported: an aggregate as a value: count(1)");
    assertThatThrownBy(() -> execute("INSERT INTO stock (shop, item) VALUES (nope(1), 'x')"))
        .hasMessageContaining("no such function: nope");
    assertThatThrownBy(
            () ->
                execute(
                    "INSERT INTO stock (shop, item) VALUES (stdev(1 ORDER BY (SELECT 1)), 'x')"))
        .hasMessageStartingWith("Not supported: an aggregate as a value: stdev(1");
  }

  @Test
  void values_that_could_end_the_process_or_take_all_time_are_refused() {
    assertThatThrownBy(
            () -> execute("INSERT INTO stock (shop, item) VALUES (9, replicate('x', 2))"))
        .hasMessage("no such function: replicate");
    String many = ", 1".repeat(1_000);
    assertThatThrownBy(
            () ->
                execute("INSERT INTO stock (shop, item, n) VALUES (9, 'x', 1 IN (1" + many + "))"))
        .hasMessage("Not supported: a value of more than 1000 operands and operators");
    assertThat(shard.rows()).hasSize(3);
  }

  private long execute(String sql, @Nullable Object... parameters) {
    Statement.Change statement = (Statement.Change) SqlParser.parse(sql);
    Result result = execution.execute(statement, StoredParameters.of(Arrays.asList(parameters)));
    assertThat(result.rows()).isEqualTo(List.of(List.of(result.affected())));
    return result.affected();
  }

  private static List<@Nullable Object> row(long shop, String item, long n, @Nullable String seen) {
    return Arrays.asList(shop, item, n, seen);
  }
}
