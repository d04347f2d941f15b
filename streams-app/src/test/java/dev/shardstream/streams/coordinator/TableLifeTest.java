package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.CreateLog;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.record.Counters;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableLifeTest {
  private static final String TABLE = Scenario.TABLE;

  private final Scenario scenario = new Scenario("a", "b");

  @Test
  void a_creation_enters_the_catalog_and_asks_for_the_log() {
    DdlCommand command = Commands.create("c1", "orders", 2);

    List<Decision> decisions = scenario.send(command);

    Table table = table(TableStatus.CREATING);
    assertThat(decisions)
        .containsExactly(
            new Decision.CountersStored(new Counters(1L, 1L, 0L)),
            new Decision.CommandStored(command),
            new Decision.ProgressStored(progress(CommandStage.WAITING, null)),
            new Decision.ProgressStored(progress(CommandStage.RUNNING, TABLE)),
            new Decision.TableStored(table),
            new Decision.VersionRecorded(
                new SchemaVersion("shop", TABLE, 1, "c1", scenario.now(), "CREATE TABLE", table)),
            new Decision.TaskStored(logTask()),
            new Decision.ProvisionTaskIssued(
                new ProvisionTask(
                    TABLE + "/log/create", 1, "shop", TABLE, scenario.now(), new CreateLog(table))),
            new Decision.ResultStored(
                DdlResult.newBuilder()
                    .setCommandId("c1")
                    .setDatabase("shop")
                    .setStatus(DdlStatus.PENDING)
                    .setAt(scenario.now())
                    .setOperation("CREATE_TABLE")
                    .setIssuedBy("test")
                    .setTable("orders")
                    .setTableId(TABLE)
                    .setMessage("its log is being created")
                    .build()));
  }

  private Table table(TableStatus status) {
    return Table.newBuilder()
        .setDatabase("shop")
        .setTableId(TABLE)
        .setName("orders")
        .setSchemaVersion(1)
        .setStatus(status)
        .setType(TableType.REGULAR)
        .setColumns(
            List.of(
                Column.newBuilder()
                    .setId(1)
                    .setName("id")
                    .setType(TypeName.BIGINT)
                    .setNullable(false)
                    .build(),
                Column.newBuilder()
                    .setId(2)
                    .setName("note")
                    .setType(TypeName.TEXT)
                    .setNullable(true)
                    .build()))
        .setPrimaryKey(List.of(1))
        .setShardKey(List.of(1))
        .setStrategy(Strategy.HASH)
        .setPartitions(4)
        .setNextColumnId(3)
        .setCreatedAt(scenario.now())
        .build();
  }

  private CommandProgress progress(CommandStage stage, @Nullable String tableId) {
    return CommandProgress.newBuilder()
        .setCommandId("c1")
        .setSequence(1)
        .setNumber(1)
        .setAt(scenario.now())
        .setReceivedAt(scenario.now())
        .setStage(stage)
        .setRank(1)
        .setTableId(tableId)
        .build();
  }

  private OpenTask logTask() {
    return OpenTask.newBuilder()
        .setTaskId(TABLE + "/log/create")
        .setKind(TaskKind.CREATE_LOG)
        .setTableId(TABLE)
        .setAttempt(1)
        .setFailures(0)
        .setStatus(TaskStatus.ISSUED)
        .setIssuedAt(scenario.now())
        .setHeardAt(scenario.now())
        .setVirtualShardsCopied(0)
        .setRowsCopied(0)
        .setRowsCopiedLocally(0)
        .setCopyMillis(0)
        .build();
  }

  @Test
  void a_table_waits_for_a_node_and_says_so() {
    Scenario empty = new Scenario();
    empty.send(Commands.create("c1", "orders", 2));
    empty.run(2_000);

    assertThat(empty.results("c1")).containsExactly("PENDING", "PENDING");
    assertThat(empty.state().result("c1").orElseThrow().getMessage())
        .isEqualTo("No shard worker is alive to hold the shards of table 'orders'");
  }

  @Test
  void shards_of_a_node_that_was_lost_before_it_answered_are_made_elsewhere() {
    scenario.hold(t -> t instanceof ShardTask s && s.getNodeId().equals("b"));
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
    scenario.nodes().kill("b");
    scenario.run(32_000);

    assertThat(scenario.topology().getShards())
        .containsExactly(
            new Shard(
                0,
                "a",
                ShardStatus.ACTIVE,
                new ShardRange(0, 127).virtualShards(),
                ShardRole.OWNER,
                null),
            new Shard(
                2,
                "a",
                ShardStatus.ACTIVE,
                new ShardRange(128, 255).virtualShards(),
                ShardRole.OWNER,
                null));
    assertThat(scenario.results("c1")).endsWith("ACCEPTED", "APPLIED");
    assertThat(scenario.waiting())
        .as("b is told to drop what it may have made")
        .anyMatch(t -> t.getTask().equals(new DropShard(1)));
  }

  @Test
  void a_shard_that_cannot_be_made_rejects_the_command_and_takes_everything_back() {
    scenario.hold(
        t ->
            t instanceof ShardTask s
                && s.getTask() instanceof CreateShard c
                && c.getShardId() == 1);
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
    ShardTask task = scenario.waiting().get(0);
    scenario.report(
        new TaskEvent(
            task.getTaskId(),
            task.getAttempt(),
            task.getNodeId(),
            "b-1",
            "shop",
            TABLE,
            0L,
            new TaskFailed("FILE_ERROR", "the disk is full", false)));
    scenario.hold(t -> false);
    scenario.run(1_000);

    assertThat(scenario.results("c1")).endsWith("ACCEPTED", "REJECTED TASK_FAILED");
    assertThat(scenario.state().tables()).isEmpty();
    assertThat(scenario.state().topologies()).isEmpty();
    assertThat(scenario.state().isInMotion()).isFalse();
    assertThat(scenario.nodes().shards()).isEmpty();
  }

  @Test
  void a_log_that_cannot_be_made_yet_says_why_and_is_made_when_it_can_be() {
    scenario.nodes().failLogs(new TaskFailed("WRITE_FAILED", "2 brokers are too few", true));
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(300_000);

    assertThat(scenario.results("c1")).containsExactly("PENDING", "PENDING");
    assertThat(scenario.message("c1"))
        .isEqualTo("its log is being created; the last try failed: 2 brokers are too few");
    scenario.nodes().failLogs(null);
    scenario.run(60_000);
    assertThat(scenario.results("c1")).endsWith("ACCEPTED", "APPLIED");
  }

  @Test
  void a_log_that_is_refused_rejects_the_command_with_the_reason() {
    scenario.nodes().failLogs(new TaskFailed("WRITE_FAILED", "Authorization failed.", false));
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);

    assertThat(scenario.results("c1")).endsWith("REJECTED TASK_FAILED");
    assertThat(scenario.message("c1"))
        .isEqualTo("Task " + TABLE + "/log/create failed after 1 attempts: Authorization failed.");
    scenario.nodes().failLogs(null);
    scenario.run(60_000);
    assertThat(scenario.state().tables()).isEmpty();
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void a_log_that_cannot_be_deleted_yet_says_why() {
    create();
    scenario.nodes().failLogs(new TaskFailed("WRITE_FAILED", "Authorization failed.", true));
    scenario.send(Commands.drop("c2", "orders"));
    scenario.run(100_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "ACCEPTED");
    assertThat(scenario.message("c2"))
        .isEqualTo("its log is being deleted; the last try failed: Authorization failed.");
    scenario.nodes().failLogs(null);
    scenario.run(60_000);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }

  @Test
  void the_name_is_free_as_soon_as_the_drop_is_accepted() {
    create();
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof DropShard);
    scenario.send(Commands.drop("c2", "orders"));
    scenario.send(Commands.create("c3", "ORDERS", 1));
    scenario.run(1_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED");
    assertThat(scenario.results("c3")).endsWith("APPLIED");
    assertThat(scenario.state().tables())
        .extracting(Table::getTableId)
        .containsExactly(TABLE, "shop-orders-2");
    scenario.hold(t -> false);
    scenario.run(1_000);
    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.state().tables())
        .extracting(Table::getTableId)
        .containsExactly("shop-orders-2");
  }

  @Test
  void a_lost_node_does_not_hold_up_a_drop() {
    create();
    scenario.nodes().kill("b");
    scenario.send(Commands.drop("c2", "orders"));
    scenario.run(20_000);
    assertThat(scenario.results("c2")).containsExactly("ACCEPTED");
    scenario.run(12_000);
    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
  }

  @Test
  void if_exists_and_if_not_exists_have_no_effect_but_success() {
    create();
    List<Decision> again =
        scenario.send(Commands.of("c2", Commands.table("Orders", 3).setIfNotExists(true).build()));
    scenario.send(Commands.of("c3", new DropTable("nothing", true, false, null)));

    assertThat(again).noneMatch(d -> d instanceof Decision.TableStored);
    assertThat(scenario.results("c2")).containsExactly("APPLIED");
    assertThat(scenario.results("c3")).containsExactly("APPLIED");
  }

  private void create() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
    assertThat(scenario.results("c1")).endsWith("APPLIED");
  }
}
