package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.AnsweringControlPlane;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Statements about shards from their text to their answer. */
class ShardStatementsTest {
  static {
    Events.trust(Table.class);
  }

  private static final Reshard R1 =
      Reshard.newBuilder()
          .setDatabase("default")
          .setChangeLogId("default-r1")
          .setCommandId("c")
          .setTableId(SampleTables.USERS.getTableId())
          .setTable("Users")
          .setStatus(ReshardStatus.QUEUED)
          .setSourceShards(List.of(0, 1))
          .setTargetShards(List.of(2, 3, 4))
          .setStartedAt(1)
          .setUpdatedAt(1)
          .setPhases(List.of())
          .setTargets(List.of())
          .build();

  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "bootstrap.servers", "x:1",
              "schema.registry.url", "mock://shard-statements",
              "issued.by", "ada",
              "command.timeout.ms", "200"));
  private final List<Object> asked = new ArrayList<>();

  @Test
  void a_reshard_answers_that_it_is_queued_and_its_explanation_the_plan() {
    assertThat(
            lines(
                "PRAGMA reshardTable('users', 3)",
                command -> accepted(command).setChangeLogId("default-r1").build()))
        .containsExactly(
            "change_log_id|status|message|table_name|source_shard_count|target_shard_count",
            "default-r1|queued|Table 'Users' will go from 2 to 3 shards; SHOW RESHARDS tells how far"
                + " it is|Users|2|3");
    assertThat(
            lines(
                "EXPLAIN PRAGMA reshardTable('users', 3)",
                command ->
                    applied(command)
                        .setPlan(
                            new ReshardPlan("Users", List.of(0), List.of(), List.of(), 1L, 2L, 3L))
                        .build()))
        .containsExactly(
            "item|name|node|virtual_shards|rows|bytes|rows_attached|bytes_free|estimated_seconds|role"
                + "|note",
            "total|Users|null|0|1|2|0|null|0.003|null|null");
    assertThat(asked)
        .containsExactly(
            new ReshardTable("users", 3, null, false), new ReshardTable("users", 3, null, true));
  }

  @Test
  void controls_answer_a_row_in_one_form() {
    Function<DdlCommand, DdlResult> done = command -> applied(command).build();
    assertThat(lines("PRAGMA resumeReshard('default-r1')", done))
        .containsExactly(
            "change_log_id|verb|status|message",
            "default-r1|resume|applied|Reshard 'default-r1' of table 'Users' is queued");
    assertThat(lines("PRAGMA throttleReshard('default-r1', 10, 2)", done))
        .containsExactly(
            "change_log_id|verb|status|message",
            "default-r1|throttle|applied|Reshard 'default-r1' copies at most 10 rows per second for"
                + " 2 s");
    assertThat(asked)
        .containsExactly(
            new ControlReshard("default-r1", ReshardVerb.RESUME),
            new ThrottleReshard("default-r1", 10L, 2_000L));
  }

  @Test
  void moves_drains_and_verifies_answer_that_they_have_begun() {
    Function<DdlCommand, DdlResult> begun =
        command -> accepted(command).setMessage("2 moves").build();
    List<String> columns = List.of("command_id|change_log_id|status|message");
    for (String sql :
        List.of(
            "MOVE SHARD users 1 TO n0",
            "DRAIN NODE n1",
            "REBALANCE",
            "REBALANCE TABLE users",
            "VERIFY TABLE users AGAINST LOG",
            "VERIFY TABLE users")) {
      List<String> lines = lines(sql, begun);
      assertThat(lines.subList(0, 1)).isEqualTo(columns);
      assertThat(lines.get(1)).endsWith("|null|accepted|2 moves");
    }
    assertThat(lines("UNDRAIN NODE n1", command -> applied(command).build()).get(1))
        .endsWith("|null|applied|null");
    assertThat(asked)
        .containsExactly(
            new MoveShard("users", 1, "n0", null),
            new DrainNode("n1"),
            new Rebalance(null, false),
            new Rebalance("users", false),
            new VerifyTable("users", null, true),
            new VerifyTable("users", null, false),
            new UndrainNode("n1"));
  }

  @Test
  void reports_find_what_they_are_asked_for() {
    assertThat(lines("SHOW RESHARDS LIKE '%-r1'")).hasSize(2);
    assertThat(lines("SHOW RESHARDS LIKE 'r1'")).hasSize(1);
    assertThat(lines("SHOW RESHARD default-r1")).contains("status|queued", "source_shards|0, 1");
    assertThatThrownBy(() -> lines("SHOW RESHARD default-r2"))
        .hasMessage("Reshard 'default-r2' not found: SHOW RESHARDS lists them");
    assertThat(lines("SHOW SHARDS FROM users"))
        .contains("0|n0|active|null|0-127|null|null|null|null|null|owner|null");
    assertThat(lines("SHOW NODES")).hasSize(3);
  }

  private List<String> lines(String sql) {
    return lines(
        sql,
        command -> {
          throw new AssertionError("no command: " + command);
        });
  }

  private List<String> lines(String sql, Function<DdlCommand, DdlResult> answer) {
    Result result = statements(answer).execute(SqlParser.parse(sql), List.of());
    List<String> lines = new ArrayList<>(List.of(String.join("|", result.columns())));
    result
        .rows()
        .forEach(
            row ->
                lines.add(
                    String.join("|", Arrays.stream(row.toArray()).map(String::valueOf).toList())));
    return lines;
  }

  /** Nothing but what these statements need. */
  private StatementExecution statements(Function<DdlCommand, DdlResult> answer) {
    MetadataSnapshot tables = SampleTables.snapshot(2);
    SampleTables.Fixed metadata =
        new SampleTables.Fixed(
            new MetadataSnapshot(
                tables.tablesById(),
                tables.topologies(),
                Map.of("default/default-r1", R1),
                tables.nodes()));
    Definitions definitions =
        new Definitions(
            config,
            metadata,
            AnsweringControlPlane.publisher(
                config,
                command -> {
                  asked.add(command.getOperation());
                  return List.of(answer.apply(command));
                }));
    return new StatementExecution(
        config,
        new TableOperations(config, metadata, definitions, null),
        new ReshardOperations(config, metadata, definitions),
        new NodeOperations(config, metadata, definitions),
        null,
        definitions,
        null,
        null,
        null,
        null);
  }

  private static DdlResult.Builder accepted(DdlCommand command) {
    return result(command, DdlStatus.ACCEPTED);
  }

  private static DdlResult.Builder applied(DdlCommand command) {
    return result(command, DdlStatus.APPLIED);
  }

  private static DdlResult.Builder result(DdlCommand command, DdlStatus status) {
    return DdlResult.newBuilder(
        AnsweringControlPlane.result(command, status, SampleTables.USERS.getTableId(), 1));
  }
}
