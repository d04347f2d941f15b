package dev.shardstream.systemtests.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that come too early, too often or against each other, and what is reported of them. */
class DdlEventsIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static @Nullable Shardstream client;

  @BeforeAll
  static void a_namespace_of_its_own() {
    CLUSTER.client().execute("CREATE NAMESPACE happening");
    client =
        CLUSTER.connect(
            Map.of(
                ClientConfig.DATABASE,
                "happening",
                ClientConfig.TABLE_WAIT,
                Long.toString(Patience.ONE_STEP.toMillis())));
  }

  @AfterAll
  static void nothing_is_left() {
    client().tables().listTables().forEach(table -> client().tables().drop(table.name(), true));
    client().close();
    CLUSTER.client().execute("DROP NAMESPACE happening");
  }

  private static Shardstream client() {
    return java.util.Objects.requireNonNull(client);
  }

  @Test
  void what_came_too_early_waits_for_what_it_depends_on_and_takes_effect_once() {
    String early =
        """
        {"id": "late-2", "type": "ADD_COLUMN", "table": "late", "column": "note",
         "dataType": "TEXT", "default": "none", "dependsOn": "late-1"}
        """;
    for (int times = 0; times < 3; times++) {
      publish(early);
    }
    await("it is pending")
        .atMost(Patience.ONE_STEP)
        .until(() -> first(client().execute("SHOW PENDING DDL").rows()), "late-2"::equals);
    CompletableFuture<Object> written =
        CompletableFuture.supplyAsync(
            () -> client().execute("INSERT INTO late (id) VALUES (1)").rows().get(0).get(0));

    publish(
        """
        {"id": "late-1", "type": "CREATE_TABLE", "table": "late", "primaryKey": "id",
         "columns": [{"name": "id", "dataType": "BIGINT"}]}
        """);

    await("it is applied")
        .atMost(Patience.ONE_STEP)
        .until(() -> status("late-2"), "applied"::equals);
    assertThat(written.join()).isEqualTo(1L);
    await("this client knows of it")
        .atMost(Patience.ONE_STEP)
        .until(() -> client().ddl().getSchemaVersion("late") == 2);
    assertThat(client().execute("SELECT id, note FROM late").rows())
        .isEqualTo(List.of(List.of(1L, "none")));
    assertThat(client().ddl().getSchemaVersion("late")).isEqualTo(2);
    assertThat(client().execute("SHOW PENDING DDL").rows()).isEmpty();
    assertThat(
            client().execute("SHOW DDL 'late-2'").rows().stream()
                .map(row -> row.get(3))
                .distinct()
                .toList())
        .isEqualTo(List.of("pending", "accepted", "applied"));
  }

  @Test
  void a_cycle_a_conflict_and_what_hangs_on_them_are_rejected_with_reasons() {
    publish(
        "{\"id\": \"c-1\", \"type\": \"DROP_TABLE\", \"table\": \"x\", \"dependsOn\": \"c-2\"}");
    publish(
        "{\"id\": \"c-2\", \"type\": \"DROP_TABLE\", \"table\": \"y\", \"dependsOn\": \"c-1\"}");
    client().execute("CREATE TABLE seen (id BIGINT PRIMARY KEY)");
    publish(
        """
        {"id": "c-3", "type": "COMMENT_ON_TABLE", "table": "seen", "comment": "x",
         "expectedSchemaVersion": 7}
        """);
    publish(
        """
        {"id": "c-4", "type": "DROP_TABLE", "table": "seen", "dependsOn": "c-3"}
        """);

    await("all are decided")
        .atMost(Patience.ONE_STEP)
        .until(() -> status("c-4"), "rejected"::equals);
    assertThat(List.of(reason("c-1"), reason("c-2"), reason("c-3"), reason("c-4")))
        .isEqualTo(
            List.of(
                "DEPENDENCY_REJECTED: Command 'c-1' depends on 'c-2', which was rejected: Command"
                    + " 'c-2' depends on itself: c-2 -> c-1 -> c-2",
                "DEPENDENCY_CYCLE: Command 'c-2' depends on itself: c-2 -> c-1 -> c-2",
                "SCHEMA_VERSION_CONFLICT: Table 'seen' is at schema version 1, the command"
                    + " expected 7",
                "DEPENDENCY_REJECTED: Command 'c-4' depends on 'c-3', which was rejected: Table"
                    + " 'seen' is at schema version 1, the command expected 7"));
    assertThat(client().ddl().hasTable("seen")).isTrue();
  }

  @Test
  void a_table_may_be_called_history_and_namespaces_are_told_apart() {
    client().execute("CREATE TABLE happening.history (id BIGINT PRIMARY KEY)");
    client().execute("COMMENT ON TABLE history IS 'told'");

    assertThat(
            client().execute("DESCRIBE happening.history HISTORY").rows().stream()
                .map(row -> List.of(row.get(0), row.get(2), row.get(3)))
                .toList())
        .isEqualTo(List.of(List.of(1L, "CREATE TABLE", 1L), List.of(2L, "COMMENT 'told'", 1L)));
    assertThat(client().execute("DESC history").rows()).isNotEmpty();
    assertThat(client().execute("SHOW TABLES IN happening").rows().stream().map(row -> row.get(0)))
        .contains("history");
    assertThat(CLUSTER.client().execute("SHOW TABLES IN default").rows().stream())
        .noneMatch(row -> "history".equals(row.get(0)));
    assertThat(client().execute("SHOW NAMESPACES").rows().stream().map(row -> row.get(0)))
        .contains("default", "happening");
    assertThat(refusal("CREATE NAMESPACE happening"))
        .isEqualTo("NAMESPACE_EXISTS: Namespace 'happening' already exists");
    assertThat(refusal("CREATE NAMESPACE system"))
        .isEqualTo("RESERVED_NAMESPACE: Namespace 'system' is reserved");
    assertThat(refusal("CREATE TABLE nowhere.t (id BIGINT PRIMARY KEY)"))
        .isEqualTo(
            "NAMESPACE_NOT_FOUND: Namespace 'nowhere' not found: create it with CREATE NAMESPACE"
                + " nowhere");
    assertThat(refusal("DROP NAMESPACE happening"))
        .startsWith("NAMESPACE_NOT_EMPTY: Namespace 'happening' is not empty");
    assertThat(refusal("DROP NAMESPACE nowhere"))
        .isEqualTo(
            "NAMESPACE_NOT_FOUND: Namespace 'nowhere' not found: create it with CREATE NAMESPACE"
                + " nowhere");
    client().execute("CREATE NAMESPACE IF NOT EXISTS happening");
    client().execute("DROP NAMESPACE IF EXISTS nowhere");
  }

  private static void publish(String json) {
    client().ddl().parse(json).forEach(client().ddl()::publish);
  }

  private static @Nullable Object first(List<List<@Nullable Object>> rows) {
    return rows.isEmpty() ? null : rows.get(0).get(0);
  }

  /** The last transition of a command, null before there is one. */
  private static @Nullable List<@Nullable Object> last(String command) {
    return client().execute("SHOW DDL").rows().stream()
        .filter(row -> command.equals(row.get(0)))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Object status(String command) {
    List<@Nullable Object> last = last(command);
    return last == null ? null : last.get(3);
  }

  private static String reason(String command) {
    List<@Nullable Object> last = java.util.Objects.requireNonNull(last(command));
    return last.get(5) + ": " + last.get(6);
  }

  private static String refusal(String statement) {
    ShardstreamException refused =
        catchThrowableOfType(ShardstreamException.class, () -> client().execute(statement));
    return refused == null ? "done" : refused.code() + ": " + refused.getMessage();
  }
}
