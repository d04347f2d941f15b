package dev.shardstream.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.replay.ReplayedCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayReportTest {
  static {
    Events.trust(Table.class);
  }

  private static final long NOW = 5_000_000_000L;
  private static final String EVENTS =
      """
      {"id": "c1", "type": "CREATE_TABLE", "table": "orders", "primaryKey": "id",
       "columns": [{"name": "id", "dataType": "BIGINT"}, {"name": "note", "dataType": "TEXT"}]}
      [{"id": "c2", "type": "CREATE_TABLE", "table": "users", "primaryKey": ["id"],
        "columns": [{"name": "id", "columnType": "BIGINT"}], "dependsOn": ["c1"]},
       {"id": "c3", "type": "DROP_TABLE", "table": "orders"}]
      {"id": "c4", "type": "DROP_TABLE", "table": "nothing"}
      """;

  @TempDir private Path directory;

  @Test
  void the_replayed_catalog_is_listed_with_what_was_refused() throws IOException {
    assertThat(ReplayReport.of(commands(), NOW))
        .isEqualTo(
            new ReplayReport(
                List.of(
                    "table default/default-users-2 'users': version 1, 1 columns, 0 indexes",
                    "command c4 (DROP_TABLE nothing): REJECTED TABLE_NOT_FOUND, Table 'nothing' not"
                        + " found",
                    "replayed 4 commands: 1 tables, 0 namespaces"),
                0));
  }

  @Test
  void a_live_catalog_that_follows_from_its_commands_shows_no_difference() throws IOException {
    ReplayedCatalog same = replayed(Map.of());
    LiveCatalog live = new LiveCatalog(same.tables(), new TreeSet<>(), same.results());
    assertThat(ReplayReport.diff(commands(), live, true, NOW))
        .isEqualTo(
            new ReplayReport(
                List.of("replayed 4 commands: 1 tables, 0 namespaces; no difference"), 0));
  }

  @Test
  void what_the_cluster_refused_as_it_was_then_is_noted_and_is_no_difference() throws IOException {
    ReplayedCatalog same = replayed(Map.of("c3", "DROP_DURING_RESHARD"));
    Map<String, DdlResult> results = new HashMap<>(same.results());
    results.put("c3", result("c3", DdlStatus.REJECTED, "DROP_DURING_RESHARD"));
    results.put("c2", result("c2", DdlStatus.ACCEPTED, null));
    results.remove("c1");
    LiveCatalog live = new LiveCatalog(same.tables(), new TreeSet<>(), results);

    assertThat(ReplayReport.diff(commands(), live, true, NOW))
        .isEqualTo(
            new ReplayReport(
                List.of(
                    "note: command c2 (CREATE_TABLE users) is under way (ACCEPTED): run this again"
                        + " when it is done",
                    "note: command c3 (DROP_TABLE orders): refused by the cluster as it was then"
                        + " (DROP_DURING_RESHARD), not by the commands",
                    "note: 1 commands have no result any more: whether the cluster refused one of"
                        + " them is not known",
                    "replayed 4 commands: 2 tables, 0 namespaces; no difference"),
                0));
  }

  @Test
  void each_difference_is_a_line() throws IOException {
    ReplayedCatalog same = replayed(Map.of());
    Map<String, DdlResult> results = new HashMap<>(same.results());
    results.put("c4", result("c4", DdlStatus.APPLIED, null));
    Table other = Table.newBuilder(same.tables().get(0)).setName("people").setCreatedAt(9).build();
    LiveCatalog live = new LiveCatalog(List.of(other), new TreeSet<>(List.of("shop")), results);

    assertThat(ReplayReport.diff(commands(), live, false, NOW))
        .isEqualTo(
            new ReplayReport(
                List.of(
                    "namespace shop: only live",
                    "table default/default-users-2 name: replayed users, live people",
                    "command c4 (DROP_TABLE nothing): replayed REJECTED TABLE_NOT_FOUND, live"
                        + " APPLIED",
                    "replayed 4 commands: 1 tables, 0 namespaces; 3 differences"),
                3));
  }

  @Test
  void answers_to_a_record_are_no_answers_to_its_command() {
    assertThat(LiveCatalog.isAboutItsCommand(result("c1", DdlStatus.REJECTED, "DUPLICATE_COMMAND")))
        .isFalse();
    assertThat(LiveCatalog.isAboutItsCommand(result("c1", DdlStatus.APPLIED, null))).isTrue();
  }

  private ReplayedCatalog replayed(Map<String, String> refusals) throws IOException {
    ReplayedCatalog replayed = new ReplayedCatalog(refusals);
    commands().forEach(c -> replayed.receive(c.key(), c.command(), c.at()));
    replayed.finish(NOW);
    return replayed;
  }

  private List<LoggedCommand> commands() throws IOException {
    Path file = Files.writeString(directory.resolve("events.json"), EVENTS);
    return ReplayDdlCommand.read(
        file,
        ClientConfig.of(
            Map.of(
                "bootstrap.servers", "none:0", "schema.registry.url", "none", "issued.by", "me")));
  }

  private static DdlResult result(String id, DdlStatus status, @Nullable String code) {
    return DdlResult.newBuilder()
        .setCommandId(id)
        .setDatabase("default")
        .setOperation("ANY")
        .setIssuedBy("me")
        .setStatus(status)
        .setAt(1)
        .setCode(code)
        .build();
  }
}
