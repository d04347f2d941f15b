package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.task.TestTasks.copy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.shard.ShardRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that come twice, late, or behind what overtook them. */
class RepeatedTaskTest {
  private static final CreateShard CREATE =
      new CreateShard(1, Orders.TABLE, Orders.ALL, false, null, null);
  private static final CopyShard COPY = copy(1, Orders.ALL);
  private static final Object HELD_NO_MORE =
      new TaskFailed("STALE_TOPOLOGY", "Shard default-orders-1/1 is not held here", true);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private TestTasks tasks;

  @BeforeEach
  void open() throws Exception {
    tasks = TestTasks.open(directory, log);
    tasks.source();
    tasks.give("create", 1, CREATE);
    tasks.give("copy", 1, COPY);
    tasks.awaitDone("copy");
  }

  @AfterEach
  void close() throws Exception {
    tasks.close();
  }

  private Object last(String taskId) {
    List<Object> outcomes = tasks.outcomes(taskId);
    return outcomes.get(outcomes.size() - 1);
  }

  @Test
  void tasks_that_come_again_when_they_are_long_done_change_nothing() {
    log.append(change(Op.INSERT, 1, 400L, 2, "later"));
    await().until(() -> tasks.rows(1) == 401);
    tasks.give("create", 1, CREATE);
    tasks.give("copy", 1, COPY);
    tasks.give("copy", 1, copy(1, Orders.ALL, 1L, true));
    assertThat(tasks.shard(1).isCopying()).isFalse();
    assertThat(tasks.shard(1).applier()).isPresent();
    assertThat(tasks.rows(1)).isEqualTo(401);
    List<?> digests = tasks.digests("f", 0, 1);
    assertThat(digests.get(1)).isEqualTo(digests.get(0));
  }

  @Test
  void nothing_that_comes_behind_a_drop_brings_the_shard_back() {
    tasks.give("drop", 1, new DropShard(1));
    tasks.give("create", 2, CREATE);
    tasks.give("copy", 2, COPY);
    tasks.give("verify", 1, new VerifyShard(1, "f", Orders.ALL, false));
    tasks.give("drop", 2, new DropShard(1));
    assertThat(last("create")).isEqualTo(HELD_NO_MORE);
    assertThat(last("copy")).isEqualTo(HELD_NO_MORE);
    assertThat(last("verify")).isEqualTo(HELD_NO_MORE);
    assertThat(tasks.answers("drop")).containsExactly(new TaskDone(null), new TaskDone(null));
    assertThat(tasks.node().shards().find(new ShardRef("default-orders-1", 1))).isEmpty();
    assertThat(tasks.rows(0)).isEqualTo(400);
  }

  @Test
  void a_verify_whose_fence_is_long_past_answers_nothing_and_the_next_one_is_right() {
    List<?> first = tasks.digests("f-1", 0, 1);
    int outcomes = tasks.outcomes("f-1/1").size();
    tasks.give("f-1/1", 1, new VerifyShard(1, "f-1", Orders.ALL, false));
    log.append(change(Op.INSERT, 1, 400L, 2, "later"));
    List<?> second = tasks.digests("f-2", 0, 1);
    assertThat(second.get(1)).isEqualTo(second.get(0)).isNotEqualTo(first.get(1));
    await()
        .during(Duration.ofMillis(300))
        .until(() -> tasks.outcomes("f-1/1").size() == outcomes + 1);
  }
}
