package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.RegisterSchema;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of an ALTER TABLE: rule, registration, catalog, shards. */
class AlterationTest {
  private static final AddColumn ADD =
      new AddColumn(new ColumnDefinition("size", TypeName.INTEGER, null, true, 3L), false);
  private static final AlterColumnNullability NOT_NULL =
      new AlterColumnNullability("note", false, false);
  private static final AlterColumnNullability NULLABLE =
      new AlterColumnNullability("note", false, true);

  private final Scenario scenario = new Scenario("a", "b");
  private Table before;

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
    before = table();
  }

  private Table table() {
    return scenario.state().table(Scenario.TABLE).orElseThrow();
  }

  private String message(String commandId) {
    return scenario.state().result(commandId).orElseThrow().getMessage();
  }

  private static Rule rule(boolean enforced) {
    return new Rule("n2", Scenario.TABLE, RuleKind.NOT_NULL, List.of(2), "note", true, enforced);
  }

  private void assertIdle() {
    assertThat(scenario.state().tasks()).isEmpty();
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void a_version_is_registered_then_accepted_then_on_every_shard() {
    scenario.nodes().follow("b", false);
    scenario.send(Commands.alter("c2", "Orders", ADD));
    assertThat(message("c2")).isEqualTo("its row schema is being registered");
    long at = scenario.now();
    scenario.run(1_000);

    Table next =
        Table.newBuilder(before)
            .setSchemaVersion(2)
            .setNextColumnId(4)
            .setColumns(
                List.of(
                    before.getColumns().get(0),
                    before.getColumns().get(1),
                    new Column(3, "size", TypeName.INTEGER, null, true, 3L, 3L, null)))
            .build();
    assertThat(Issued.works(scenario)).containsExactly(new RegisterSchema(next));
    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED");
    assertThat(table()).isEqualTo(next);
    assertThat(scenario.journal())
        .contains(
            new Decision.VersionRecorded(
                new SchemaVersion(
                    "shop",
                    Scenario.TABLE,
                    2,
                    "c2",
                    at,
                    "ADD COLUMN size INTEGER DEFAULT 3",
                    next)));

    scenario.nodes().follow("b", true).forEach(scenario::report);
    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
    assertThat(scenario.state().result("c2").orElseThrow().getSchemaVersion()).isEqualTo(2);
    assertIdle();
  }

  @Test
  void a_heartbeat_tells_what_a_lost_report_did_not() {
    scenario.loseWhatShardsTell();
    scenario.send(Commands.alter("c2", "orders", ADD));
    scenario.run(1_000);

    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
  }

  @Test
  void later_versions_do_not_wait_for_the_shards_and_each_is_applied_as_itself() {
    scenario.nodes().follow("a", false);
    scenario.send(Commands.alter("c2", "orders", ADD));
    scenario.send(Commands.alter("c3", "orders", new RenameTable("bills")));
    scenario.send(Commands.alter("c4", "bills", new RenameColumn("size", "width", false)));
    scenario.send(Commands.alter("c5", "orders", new CommentOnTable("?")));
    scenario.run(2_000);

    assertThat(scenario.results("c4")).containsExactly("PENDING", "PENDING", "ACCEPTED");
    assertThat(scenario.results("c5")).containsExactly("PENDING", "REJECTED TABLE_NOT_FOUND");
    assertThat(table().getSchemaVersion()).isEqualTo(4);
    scenario.nodes().follow("a", true);
    scenario.run(400);
    Map<String, Integer> applied = new TreeMap<>();
    for (String id : List.of("c2", "c3", "c4")) {
      assertThat(scenario.results(id)).endsWith("APPLIED");
      applied.put(id, scenario.state().result(id).orElseThrow().getSchemaVersion());
    }
    assertThat(applied).isEqualTo(Map.of("c2", 2, "c3", 3, "c4", 4));
    assertIdle();
  }

  @Test
  void what_changes_nothing_is_applied_at_once() {
    List<Decision> decisions =
        scenario.send(Commands.alter("c2", "orders", new RenameColumn("note", "note", false)));
    scenario.send(Commands.of("c3", new AlterTable("nothing", true, ADD)));

    assertThat(decisions)
        .noneMatch(d -> d instanceof Decision.TableStored || d instanceof Decision.TaskStored);
    assertThat(scenario.results("c2")).containsExactly("APPLIED");
    assertThat(scenario.results("c3")).containsExactly("APPLIED");
    assertThat(table()).isEqualTo(before);
  }

  @Test
  void impossible_alterations_are_refused() {
    scenario.send(Commands.alter("c2", "nothing", ADD));
    scenario.send(Commands.alter("c3", "orders", new DropColumn("id", false, false)));
    scenario.send(
        DdlCommand.newBuilder(Commands.alter("c4", "orders", ADD))
            .setExpectedSchemaVersion(2)
            .build());

    assertThat(message("c2")).isEqualTo("Table 'nothing' not found");
    assertThat(message("c3")).isEqualTo("Cannot alter shard key column 'id' of table 'orders'");
    assertThat(message("c4"))
        .isEqualTo("Table 'orders' is at schema version 1, the command expected 2");
    assertThat(table()).isEqualTo(before);
  }

  @Test
  void a_column_that_live_queries_use_stays() {
    for (String id : List.of("q1", "q2")) {
      scenario.hear(
          new LiveQuery(
              id,
              "shop",
              Scenario.TABLE,
              "orders",
              "SELECT note FROM orders",
              List.of(2),
              LiveQueryState.ACTIVE,
              "test",
              1L,
              1L));
    }
    scenario.send(Commands.alter("c2", "orders", new DropColumn("note", false, true)));

    assertThat(message("c2"))
        .isEqualTo("Cannot drop column 'note' - used by 2 active live queries");
  }

  @Test
  void a_registry_that_refuses_changes_nothing_and_lets_the_next_one_go() {
    scenario.nodes().refuseSchemas("it is down");
    scenario.send(Commands.alter("c2", "orders", ADD));
    scenario.send(Commands.alter("c3", "orders", new CommentOnTable("x")));
    scenario.run(400);
    assertThat(message("c2"))
        .isEqualTo("Version 2 of table 'orders' was not registered: it is down");
    assertThat(table()).isEqualTo(before);

    scenario.nodes().refuseSchemas(null);
    scenario.run(1_000);
    assertThat(scenario.results("c2")).containsExactly("PENDING", "REJECTED SCHEMA_REFUSED");
    scenario.send(Commands.alter("c4", "orders", ADD));
    scenario.run(1_000);
    assertThat(scenario.results("c4")).endsWith("APPLIED");
    assertIdle();
  }

  @Test
  void a_registration_is_asked_for_again_late_and_the_failure_of_any_attempt_is_the_answer() {
    scenario.hold(t -> t instanceof ProvisionTask p && p.getTask() instanceof RegisterSchema);
    scenario.send(Commands.alter("c2", "orders", ADD));
    scenario.run(55_000);
    assertThat(Issued.works(scenario)).hasSize(1);
    scenario.run(10_000);
    assertThat(Issued.works(scenario)).hasSize(2);

    scenario.report(
        new TaskEvent(
            Scenario.TABLE + "/c2/register",
            1,
            Tasks.PROVISIONER,
            "p-1",
            "shop",
            Scenario.TABLE,
            0L,
            new TaskFailed("REGISTRY_UNREACHABLE", "it is down", false)));
    assertThat(scenario.results("c2")).containsExactly("PENDING", "REJECTED SCHEMA_REFUSED");
    assertIdle();
  }

  @Test
  void set_not_null_begins_as_a_rule_that_every_active_shard_finds_kept() {
    scenario.send(Commands.alter("c2", "orders", NOT_NULL));
    assertThat(message("c2")).isEqualTo("the shards look for NULL in the column");
    scenario.run(2_000);

    assertThat(Issued.works(scenario))
        .extracting(Issued::words)
        .containsExactly(
            "WRITE n2 enforced",
            "CHECK n2 enforced in 0 at [110, 110, 110, 110]",
            "CHECK n2 enforced in 1 at [110, 110, 110, 110]",
            "REGISTER 2");
    assertThat(Issued.rules(scenario)).containsExactly(rule(true));
    assertThat(scenario.results("c2")).containsExactly("PENDING", "PENDING", "ACCEPTED", "APPLIED");
    assertThat(table().getColumns().get(1).getNullable()).isFalse();
    assertIdle();
  }

  @Test
  void a_type_and_not_null_are_one_version() {
    scenario.send(Commands.alter("c2", "orders", ADD));
    scenario.send(
        Commands.alter(
            "c3", "orders", new AlterColumnType("size", false, TypeName.BIGINT, null, true)));
    scenario.run(2_000);

    assertThat(scenario.results("c3")).endsWith("APPLIED");
    assertThat(table().getSchemaVersion()).isEqualTo(3);
    assertThat(table().getColumns().get(2))
        .isEqualTo(new Column(3, "size", TypeName.BIGINT, null, false, 3L, 3L, null));
    assertThat(Issued.rules(scenario))
        .containsExactly(
            new Rule("n3", Scenario.TABLE, RuleKind.NOT_NULL, List.of(3), "size", false, true));
  }

  @Test
  void null_in_a_shard_ends_the_rule_and_rejects_with_what_the_shard_says() {
    scenario.nodes().breakRules(Scenario.TABLE, 1, "NULLS_PRESENT", "NULL in (17)");
    scenario.send(Commands.alter("c2", "orders", NOT_NULL));
    scenario.run(2_000);

    assertThat(scenario.results("c2")).containsExactly("PENDING", "REJECTED NULLS_PRESENT");
    assertThat(message("c2")).isEqualTo("NULL in (17)");
    assertThat(Issued.rules(scenario)).containsExactly(rule(true), rule(false));
    assertThat(Issued.works(scenario)).noneMatch(w -> w instanceof RegisterSchema);
    assertThat(table()).isEqualTo(before);
    assertIdle();
  }

  @Test
  void a_registry_that_refuses_ends_the_rule_again() {
    scenario.nodes().refuseSchemas("no");
    scenario.send(Commands.alter("c2", "orders", NOT_NULL));
    scenario.run(2_000);

    assertThat(scenario.results("c2"))
        .containsExactly("PENDING", "PENDING", "REJECTED SCHEMA_REFUSED");
    assertThat(Issued.rules(scenario)).containsExactly(rule(true), rule(false));
    assertIdle();
  }

  @Test
  void a_node_that_is_lost_while_it_should_look_ends_the_rule_and_rejects() {
    scenario.nodes().kill("b");
    scenario.send(Commands.alter("c2", "orders", NOT_NULL));
    scenario.run(40_000);

    assertThat(scenario.results("c2")).containsExactly("PENDING", "REJECTED NODE_LOST");
    assertThat(Issued.rules(scenario)).containsExactly(rule(true), rule(false));
    assertIdle();
  }

  @Test
  void drop_not_null_is_registered_before_the_rule_ends() {
    scenario.send(Commands.alter("c2", "orders", NOT_NULL));
    scenario.send(Commands.alter("c3", "orders", NULLABLE));
    scenario.run(3_000);

    assertThat(scenario.results("c3")).endsWith("ACCEPTED", "APPLIED");
    assertThat(Issued.works(scenario))
        .extracting(Issued::words)
        .endsWith("REGISTER 2", "REGISTER 3", "WRITE n2 lifted");
    assertThat(table()).isEqualTo(Table.newBuilder(before).setSchemaVersion(3).build());
    assertIdle();
  }

  @Test
  void after_a_cutover_the_shards_that_are_active_then_count() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof DropShard);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.hold(
        t ->
            t instanceof ShardTask s
                && (s.getTask() instanceof DropShard
                    || s.getTask() instanceof CheckRule check && check.getShardId() < 2));
    scenario.send(Commands.alter("c3", "orders", NOT_NULL));
    scenario.run(600);
    assertThat(scenario.status("shop-r1")).isNotEqualTo(ReshardStatus.SWITCHING);
    assertThat(scenario.results("c3")).containsExactly("PENDING");
    scenario.run(8_000);

    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.SWITCHING);
    assertThat(scenario.results("c3")).endsWith("ACCEPTED", "APPLIED");
    assertThat(Issued.works(scenario))
        .filteredOn(w -> w instanceof CheckRule)
        .extracting(w -> ((CheckRule) w).getShardId())
        .contains(0, 1, 2, 3, 4);
  }

  @Test
  void a_restart_between_any_two_steps_changes_nothing() {
    scenario.nodes().breakRules(Scenario.TABLE, 1, "NULLS_PRESENT", "NULL in (17)");
    scenario.send(Commands.alter("c2", "orders", NOT_NULL));
    runWithRestarts();
    assertThat(scenario.results("c2")).containsExactly("PENDING", "REJECTED NULLS_PRESENT");

    scenario.nodes().mendRules();
    scenario.send(Commands.alter("c3", "orders", NOT_NULL));
    runWithRestarts();
    scenario.send(Commands.alter("c4", "orders", NULLABLE));
    runWithRestarts();

    assertThat(scenario.results("c3")).containsExactly("PENDING", "PENDING", "ACCEPTED", "APPLIED");
    assertThat(scenario.results("c4")).containsExactly("PENDING", "PENDING", "ACCEPTED", "APPLIED");
    assertThat(Issued.rules(scenario))
        .containsExactly(rule(true), rule(false), rule(true), rule(false));
    assertIdle();
  }

  private void runWithRestarts() {
    for (int step = 0; step < 12; step++) {
      scenario.restart();
      scenario.run(200);
    }
  }

  @Test
  void a_table_that_is_dropped_before_the_shards_followed_had_the_version() {
    scenario.nodes().follow("a", false);
    scenario.send(Commands.alter("c2", "orders", ADD));
    scenario.run(600);
    scenario.send(Commands.drop("c3", "orders"));
    scenario.run(2_000);

    assertThat(scenario.results("c2")).endsWith("ACCEPTED", "APPLIED");
    assertThat(scenario.results("c3")).endsWith("ACCEPTED", "APPLIED");
    assertThat(scenario.state().tables()).isEmpty();
    assertIdle();
  }

  @Test
  void shards_that_are_gone_are_forgotten() {
    scenario.send(Commands.alter("c2", "orders", ADD));
    scenario.run(1_000);
    assertThat(scenario.state().shardVersion(Scenario.TABLE, 0)).isPresent();
    scenario.send(Commands.drop("c3", "orders"));
    scenario.run(1_000);

    assertThat(scenario.state().shardVersion(Scenario.TABLE, 0)).isEmpty();
    assertThat(scenario.journal()).contains(new Decision.ShardVersionGone(Scenario.TABLE, 0));
  }
}
