package dev.shardstream.systemtests.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.WorkerProcess;
import dev.shardstream.systemtests.cluster.HeldProcess;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Processes die by SIGKILL while a schema change is accepted and not yet applied; afterwards every
 * shard has the newest version, and the history ends with it.
 */
@Order(RunningCluster.KILLED)
class DdlKilledIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final int ROWS = 500;

  @AfterEach
  void whatever_was_killed_runs_again() {
    CLUSTER.cluster().processes().stream()
        .filter(process -> !process.isAlive())
        .forEach(JavaProcess::start);
  }

  @Test
  void streams_app_is_killed_between_accepted_and_applied() {
    createAndFill("streams_dies");
    // The held worker takes no schema, so the change cannot be applied before the kill.
    HeldProcess.during(
        CLUSTER.cluster().worker(2),
        () -> {
          awaitAccepted(addColumn("streams_dies"));
          CLUSTER.cluster().streams().kill();
          return true;
        });
    CLUSTER.cluster().streams().start();

    mustReach("streams_dies", 2, "killed");
  }

  @Test
  void a_worker_is_killed_between_accepted_and_applied() {
    createAndFill("worker_dies");
    WorkerProcess worker = CLUSTER.cluster().worker(2);
    HeldProcess.during(
        worker,
        () -> {
          awaitAccepted(addColumn("worker_dies"));
          worker.kill();
          return true;
        });
    worker.start();

    mustReach("worker_dies", 2, "killed");
  }

  @Test
  void an_index_is_ready_although_its_worker_died_while_it_was_built() {
    createAndFill("index_dies");
    WorkerProcess worker = CLUSTER.cluster().worker(1);
    DdlCommand command =
        event(
            """
            {"type": "CREATE_INDEX", "table": "index_dies", "index": "by_note", "columns": "note"}
            """);
    HeldProcess.during(
        worker,
        () -> {
          awaitAccepted(command);
          worker.kill();
          return true;
        });
    worker.start();

    await("the index is ready")
        .atMost(Patience.ONE_STEP)
        .until(
            () -> client().execute("SHOW INDEXES FROM index_dies").rows().get(0).get(3),
            "ready"::equals);
  }

  @Test
  void a_registry_that_is_down_rejects_the_change_and_nothing_changes() {
    createAndFill("registry_dies");
    JavaProcess registry = CLUSTER.cluster().registry();
    registry.kill();
    ShardstreamException refused;
    try {
      refused =
          catchThrowableOfType(
              ShardstreamException.class,
              () -> client().execute("ALTER TABLE registry_dies ADD COLUMN more TEXT"));
    } finally {
      CLUSTER.cluster().registry().start();
    }

    assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_REFUSED);
    assertThat(refused.getMessage())
        .startsWith("Version 2 of table 'registry_dies' was not registered: Schema registry");
    assertThat(history("registry_dies")).isEqualTo(List.of(1L));
    client().execute("ALTER TABLE registry_dies ADD COLUMN killed TEXT DEFAULT 'not yet'");
    mustReach("registry_dies", 2, "killed");
  }

  private static Shardstream client() {
    return CLUSTER.client();
  }

  private static void createAndFill(String table) {
    client()
        .execute(
            "CREATE TABLE %s (id BIGINT PRIMARY KEY, note TEXT) WITH (SHARDS=4)".formatted(table));
    var writer = client().writer(table);
    writer.awaitApplied(
        LongStream.range(0, ROWS)
            .mapToObj(id -> writer.insert(java.util.Map.of("id", id, "note", "n" + id)))
            .toList()
            .stream()
            .map(java.util.concurrent.CompletableFuture::join)
            .toList());
  }

  private static DdlCommand addColumn(String table) {
    return event(
        """
        {"type": "ADD_COLUMN", "table": "%s", "column": "killed", "dataType": "TEXT",
         "default": "not yet"}
        """
            .formatted(table));
  }

  private static DdlCommand event(String json) {
    return client().ddl().parse(json).get(0);
  }

  private static void awaitAccepted(DdlCommand command) {
    client().ddl().publish(command);
    await("command is accepted")
        .atMost(Patience.ONE_STEP)
        .until(
            () ->
                client().execute("SHOW DDL").rows().stream()
                    .filter(row -> command.getId().equals(row.get(0)))
                    .anyMatch(
                        row -> DdlStatus.ACCEPTED.name().equalsIgnoreCase((String) row.get(3))));
  }

  /** Every shard, the catalog and the history are at that version, and no row was lost. */
  private static void mustReach(String table, long version, String column) {
    await("every shard of " + table + " is at version " + version)
        .atMost(Patience.ONE_STEP)
        .until(
            () ->
                client().tables().getStats(table).stream()
                    .map(shard -> Objects.requireNonNullElse(shard.schemaVersion(), 0))
                    .allMatch(reached -> reached == version));
    List<Long> history = history(table);
    assertThat(history).isEqualTo(LongStream.rangeClosed(1, version).boxed().toList());
    assertThat(client().tables().describe(table).info().schemaVersion()).isEqualTo((int) version);
    assertThat(client().execute("SELECT count(*), min(%s) FROM %s".formatted(column, table)).rows())
        .isEqualTo(List.of(List.of((long) ROWS, "not yet")));
    await("the command is applied")
        .atMost(Patience.ONE_STEP)
        .until(
            () ->
                client().execute("SHOW DDL").rows().stream()
                    .filter(row -> table.equals(row.get(2)))
                    .allMatch(row -> !"accepted".equals(row.get(3))));
  }

  private static List<Long> history(String table) {
    return client().execute("DESCRIBE " + table + " HISTORY").rows().stream()
        .map(row -> (Long) row.get(0))
        .toList();
  }
}
