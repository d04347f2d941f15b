package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.task.TestTasks.copy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskHandlerTest {
  private static final List<Integer> LOW = Orders.ALL.subList(0, 128);
  private static final List<Integer> HIGH = Orders.ALL.subList(128, 256);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private TestTasks tasks;
  private TestNode node;
  private MockProducer<String, TaskEvent> producer;

  @BeforeEach
  void open() throws Exception {
    tasks = TestTasks.open(directory, log);
    node = tasks.node();
    producer = tasks.producer();
  }

  @AfterEach
  void close() throws Exception {
    tasks.close();
  }

  private void give(String taskId, int attempt, Object work) {
    tasks.give(taskId, attempt, work);
  }

  private List<Object> answers(String taskId) {
    return tasks.answers(taskId);
  }

  private void source() {
    tasks.source();
  }

  private long rows(int shardId) {
    return tasks.rows(shardId);
  }

  private void awaitDone(String taskId) {
    tasks.awaitDone(taskId);
  }

  @Test
  void a_created_shard_is_done_and_being_asked_again_is_too() {
    CreateShard create = new CreateShard(0, Orders.TABLE, Orders.ALL, true, null, "i-1");
    give("t", 1, create);
    give("t", 2, create);
    assertThat(producer.history())
        .extracting(ProducerRecord::value)
        .containsExactly(event("t", 1, new TaskDone(null)), event("t", 2, new TaskDone(null)));
    assertThat(producer.history()).extracting(ProducerRecord::key).containsOnly("default");
  }

  @Test
  void a_shard_that_was_asked_of_another_process_serves_when_it_has_caught_up() throws Exception {
    source();
    log.hold();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, Orders.ALL, true, null, "i-0"));
    assertThat(answers("create-1")).containsExactly(new TaskDone(null));
    assertThat(tasks.shard(1).report().getState()).isEqualTo(ShardState.FAILED);
    assertThatThrownBy(() -> tasks.shard(1).requireReadable())
        .hasMessageContaining("it is being made anew from its log");

    log.release();
    await().until(() -> tasks.shard(1).report().getState() == ShardState.APPLYING);
    assertThat(rows(1)).isEqualTo(400);
  }

  @Test
  void a_shard_that_waits_for_copies_is_made_anew_when_nobody_will_bring_them() throws Exception {
    source();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, Orders.ALL, false, null, null));
    give("create-1", 2, new CreateShard(1, Orders.TABLE, Orders.ALL, true, null, null));

    await().until(() -> tasks.shard(1).report().getState() == ShardState.APPLYING);
    assertThat(rows(1)).isEqualTo(400);
    assertThat(tasks.shard(1).requireReadable().isCopying()).isFalse();
  }

  private static TaskEvent event(String taskId, int attempt, Object event) {
    return new TaskEvent(
        taskId, attempt, "node-1", "i-1", "default", Orders.TABLE.getTableId(), 77L, event);
  }

  @Test
  void a_copied_shard_follows_the_log_and_agrees_with_its_source_at_a_fence() {
    source();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    give("create-2", 1, new CreateShard(2, Orders.TABLE, HIGH, false, null, null));
    give("copy-1", 1, copy(1, LOW));
    give("copy-2", 1, copy(2, HIGH));
    awaitDone("copy-1");
    awaitDone("copy-2");
    for (long id = 0; id < 400; id += 3) {
      log.append(change(Op.UPDATE, 1, id, 2, "later"));
    }
    give("verify-0", 1, new VerifyShard(0, "f", Orders.ALL, false));
    give("verify-1", 1, new VerifyShard(1, "f", LOW, false));
    give("verify-2", 1, new VerifyShard(2, "f", HIGH, false));
    for (int partition = 0; partition < Orders.PARTITIONS; partition++) {
      log.fence(partition, "f");
    }
    log.append(change(Op.UPDATE, 1, 1L, 2, "behind the fence"));
    await()
        .untilAsserted(
            () -> {
              assertThat(digests("verify-0")).hasSize(256);
              assertThat(digests("verify-1", "verify-2")).isEqualTo(digests("verify-0"));
            });
    assertThat(answers("verify-1").get(0)).isEqualTo(new TaskStarted());
  }

  private List<Digest> digests(String... taskIds) {
    List<Digest> digests = new ArrayList<>();
    for (String taskId : taskIds) {
      digests.addAll(tasks.digestsOf(taskId));
    }
    digests.sort((a, b) -> Integer.compare(a.getVirtualShard(), b.getVirtualShard()));
    return digests;
  }

  @Test
  void a_copy_that_is_asked_for_again_answers_with_its_totals() {
    source();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, Orders.ALL, false, null, null));
    give("copy-1", 1, copy(1, Orders.ALL));
    awaitDone("copy-1");
    give("copy-1", 2, copy(1, Orders.ALL));
    assertThat(tasks.outcomes("copy-1"))
        .last()
        .isEqualTo(new TaskDone(new TaskProgress(256, 400L, 0L, 0L)));
    assertThat(rows(1)).isEqualTo(400);
  }

  @Test
  void a_copy_that_leaves_virtual_shards_out_does_not_start_the_shard() {
    source();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    give("copy-1", 1, copy(1, LOW.subList(0, 100)));
    await().until(() -> answers("copy-1").stream().anyMatch(TaskFailed.class::isInstance));
    assertThat(tasks.outcomes("copy-1"))
        .last()
        .isEqualTo(
            new TaskFailed(
                "INVALID_ARGUMENT",
                "Invalid argument: the copy names no source for virtual shards 100-127 of shard"
                    + " default-orders-1/1",
                false));
    assertThat(node.shards().require(new ShardRef("default-orders-1", 1)).isCopying()).isTrue();
  }

  @Test
  void what_is_not_here_is_a_retriable_failure() {
    TaskFailed stale =
        new TaskFailed("STALE_TOPOLOGY", "Shard default-orders-1/5 is not held here", true);
    give("c", 1, copy(5, LOW));
    give("v", 1, new VerifyShard(5, "f", LOW, false));
    assertThat(answers("c")).containsExactly(stale);
    assertThat(answers("v")).containsExactly(stale);
    source();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    give(
        "copy-1",
        1,
        new CopyShard(
            1,
            List.of(new CopySource(5, "node-1", "http://x", LOW, null)),
            null,
            false,
            0,
            List.of()));
    await().until(() -> answers("copy-1").contains(stale));
  }

  @Test
  void a_shard_is_dropped_once_and_for_all_even_while_it_is_copied() {
    source();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    give("copy-1", 1, new CopyShard(1, copy(1, LOW).getSources(), 1L, false, 0, List.of()));
    give("drop-1", 1, new DropShard(1));
    give("drop-1", 2, new DropShard(1));
    give("create-1", 2, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    assertThat(answers("drop-1")).containsExactly(new TaskDone(null), new TaskDone(null));
    assertThat(answers("create-1"))
        .last()
        .isEqualTo(
            new TaskFailed("STALE_TOPOLOGY", "Shard default-orders-1/1 is not held here", true));
    assertThat(node.shards().find(new ShardRef("default-orders-1", 1))).isEmpty();
  }

  private static Rule rule(int columnId, String column, boolean enforced) {
    return new Rule(
        "n" + columnId,
        Orders.TABLE.getTableId(),
        RuleKind.NOT_NULL,
        List.of(columnId),
        column,
        true,
        enforced);
  }

  private List<Object> outcomes(String taskId) {
    return answers(taskId).stream().filter(a -> !(a instanceof TaskStarted)).toList();
  }

  @Test
  void a_rule_is_checked_behind_its_place_in_the_log_and_rows_that_break_it_are_named() {
    source();
    log.append(change(Op.UPDATE, 1, 7L, 4, "here"));
    Rule rule = rule(4, "note", true);
    List<Long> offsets = log.ends();
    give("check", 1, new CheckRule(0, rule, offsets));
    await().during(Duration.ofMillis(300)).until(() -> outcomes("check").isEmpty());
    assertThat(log.rule(rule)).isEqualTo(offsets);
    await().until(() -> !outcomes("check").isEmpty());
    assertThat(outcomes("check"))
        .singleElement()
        .satisfies(
            answer -> {
              TaskFailed failed = (TaskFailed) answer;
              assertThat(failed.getCode()).isEqualTo("NULLS_PRESENT");
              assertThat(failed.getRetriable()).isFalse();
              assertThat(failed.getMessage())
                  .startsWith("Column 'note' of table 'orders' holds NULL: 399 rows, for example (")
                  .endsWith("). Give these rows a value first");
            });
  }

  @Test
  void a_rule_that_all_rows_keep_is_done_and_another_attempt_joins_the_check() {
    source();
    Rule rule = rule(2, "customer", true);
    CheckRule check = new CheckRule(0, rule, log.ends());
    give("check", 1, check);
    give("check", 2, check);
    log.rule(rule);
    await().until(() -> outcomes("check").equals(List.of(new TaskDone(null))));
    assertThat(producer.history())
        .extracting(ProducerRecord::value)
        .contains(event("check", 2, new TaskDone(null)));
    give("check", 3, check);
    await().until(() -> outcomes("check").size() == 2);
  }

  @Test
  void a_check_waits_for_a_column_that_the_shard_does_not_know_yet() {
    source();
    Rule rule = rule(6, "qty", true);
    CheckRule check = new CheckRule(0, rule, log.ends());
    log.rule(rule);
    give("check", 1, check);
    await().during(Duration.ofMillis(300)).until(() -> outcomes("check").isEmpty());
    node.catalog().put(Versions.add(Orders.TABLE, "qty", TypeName.BIGINT, null));
    await().until(() -> !outcomes("check").isEmpty());
    assertThat(((TaskFailed) outcomes("check").get(0)).getMessage())
        .startsWith("Column 'qty' of table 'orders' holds NULL: 400 rows, for example (");
  }

  @Test
  void a_shard_that_has_stopped_does_not_keep_a_rule_waiting_for_ever() {
    log.append(change(Op.UPSERT, 1, 1L, 2, "lost"));
    log.append(change(Op.UPSERT, 1, 1L, 2, "kept"));
    log.truncate(Orders.partition(1), 1);
    give("create-0", 1, new CreateShard(0, Orders.TABLE, Orders.ALL, true, null, "i-1"));
    ShardTask task =
        new ShardTask(
            "check",
            1,
            "node-1",
            "default",
            Orders.TABLE.getTableId(),
            null,
            5L,
            new CheckRule(0, rule(4, "note", true), log.ends()));
    TaskReporter reporter =
        new TaskReporter(
            TestTasks.IDENTITY,
            producer,
            "task-events",
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    try (RuleChecks checks = new RuleChecks(node.shards(), reporter, Duration.ofMillis(100))) {
      checks.submit(task, (CheckRule) task.getTask());
      await().until(() -> !outcomes("check").isEmpty());
    }
    TaskFailed failed = (TaskFailed) outcomes("check").get(0);
    assertThat(failed.getCode()).isEqualTo("SHARD_FAILED");
    assertThat(failed.getMessage())
        .startsWith("Shard default-orders-1/0 has stopped: Log ")
        .contains(" no longer holds offset 0 ");
    assertThat(failed.getRetriable()).isFalse();
  }

  @Test
  void the_end_of_a_rule_is_passed_by_a_shard_that_is_copied_when_it_follows_the_log() {
    source();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    CheckRule check = new CheckRule(1, rule(4, "note", false), log.ends());
    log.rule(rule(4, "note", false));
    give("check", 1, check);
    await().during(Duration.ofMillis(500)).until(() -> outcomes("check").isEmpty());
    give("copy-1", 1, copy(1, LOW));
    await().until(() -> outcomes("check").equals(List.of(new TaskDone(null))));
    assertThat(node.shards().require(new ShardRef("default-orders-1", 1)).isCopying()).isFalse();
  }

  @Test
  void the_check_of_a_shard_that_is_dropped_before_it_was_copied_ends() {
    source();
    give("create-1", 1, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    give("check", 1, new CheckRule(1, rule(4, "note", false), log.ends()));
    await().during(Duration.ofMillis(500)).until(() -> outcomes("check").isEmpty());
    give("drop", 1, new DropShard(1));
    await().until(() -> !outcomes("check").isEmpty());
    assertThat(((TaskFailed) outcomes("check").get(0)).getCode()).isEqualTo("STALE_TOPOLOGY");
  }

  @Test
  void a_shard_whose_copy_does_not_run_follows_the_catalog_too() {
    give("create-1", 1, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    Table next = Versions.index(Versions.eight().get(2), 2);
    node.catalog().put(next);
    HostedShard shard = node.shards().require(new ShardRef("default-orders-1", 1));
    await().until(() -> shard.file().definition().table().equals(next));
    assertThat(shard.file().indexes()).isEmpty();
  }
}
