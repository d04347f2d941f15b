package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.task.TestTasks.copy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.Versions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

class CopyTasksTest {
  private static final Duration A_MOMENT = Duration.ofMinutes(1);
  private static final List<Integer> LOW = Orders.ALL.subList(0, 128);
  private static final List<Integer> HIGH = Orders.ALL.subList(128, 256);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private TestTasks tasks;

  @BeforeEach
  void open() throws Exception {
    tasks = TestTasks.open(directory, log);
    tasks.source();
    tasks.give("create-1", 1, new CreateShard(1, Orders.TABLE, LOW, false, null, null));
    tasks.give("create-2", 1, new CreateShard(2, Orders.TABLE, HIGH, false, null, null));
  }

  @AfterEach
  void close() throws Exception {
    tasks.close();
  }

  private int copied(int shardId) {
    return tasks.shard(shardId).board().current().held().size();
  }

  @Test
  void a_paused_copy_takes_the_task_on_and_copies_nothing_until_another_attempt_lets_it() {
    tasks.give("copy", 1, copy(1, LOW, null, true));
    await().until(() -> tasks.answers("copy").contains(new TaskProgress(0, 0L, 0L, 0L)));
    assertThat(tasks.answers("copy").get(0)).isEqualTo(new TaskStarted());
    assertThat(tasks.metric("shardstream_worker_copies_paused")).isEqualTo(1);
    assertThat(copied(1)).isZero();
    tasks.give("copy", 2, copy(1, LOW, null, false));
    tasks.awaitDone("copy", 2);
    assertThat(copied(1)).isEqualTo(128);
    assertThat(tasks.metric("shardstream_worker_copies")).isZero();
  }

  @Test
  void a_running_copy_is_paused_and_keeps_what_it_has() {
    tasks.give("copy", 1, copy(1, LOW, 2L, false));
    await().until(() -> copied(1) >= 2);
    tasks.give("copy", 2, copy(1, LOW, 2L, true));
    await()
        .during(Duration.ofMillis(300))
        .until(() -> tasks.metric("shardstream_worker_copies_paused") == 1);
    // There is one thread for copies: with this one it is done with the one that is paused.
    tasks.give("other", 1, copy(2, HIGH));
    tasks.awaitDone("other");
    int before = copied(1);
    await().during(Duration.ofMillis(500)).until(() -> copied(1) == before);
    assertThat(before).isBetween(2, 127);
    tasks.give("copy", 3, copy(1, LOW, null, false));
    tasks.awaitDone("copy", 3);
    List<Object> outcomes = tasks.outcomes("copy");
    TaskDone done = (TaskDone) outcomes.get(outcomes.size() - 1);
    assertThat(done.getProgress().getVirtualShardsCopied()).isEqualTo(128);
    assertThat(done.getProgress().getRowsCopied())
        .isEqualTo(done.getProgress().getRowsCopiedLocally())
        .isEqualTo(tasks.rows(1));
  }

  @Test
  void another_rate_takes_effect_at_once_whatever_the_rate_before_it_still_owed() {
    // So many rows of the first virtual shard that the first rate owes more than a moment for them.
    LongStream.range(400, 1_000_000)
        .filter(id -> Orders.virtualShard(id) == LOW.get(0))
        .limit(100)
        .forEach(id -> log.append(change(Op.INSERT, 1, id, 2, "c" + id)));
    await().until(() -> tasks.rows(0) == 500);
    tasks.give("copy", 1, copy(1, LOW, 1L, false));
    await().until(() -> tasks.rows(1) >= 100);
    assertThat(tasks.metric("shardstream_worker_copy_limit_rows_per_second")).isEqualTo(1);
    tasks.give("copy", 2, copy(1, LOW, 1_000_000L, false));
    await().atMost(A_MOMENT).until(() -> copied(1) == 128);
    tasks.awaitDone("copy", 2);
  }

  @Test
  void an_attempt_that_comes_behind_its_successor_changes_nothing_and_is_not_answered() {
    tasks.give("copy", 2, copy(1, LOW, null, true));
    tasks.give("copy", 1, copy(1, LOW, null, false));
    await().during(Duration.ofMillis(500)).until(() -> copied(1) == 0);
    assertThat(tasks.answered("copy")).extracting(TaskEvent::getAttempt).containsOnly(2);
  }

  @Test
  void a_copy_that_is_paused_or_throttled_leaves_its_thread_to_others() {
    tasks.give("slow", 1, copy(1, LOW, 1L, false));
    tasks.give("copy", 1, copy(2, HIGH));
    tasks.awaitDone("copy");
    tasks.give("slow", 2, copy(1, LOW, 1L, true));
    assertThat(copied(1)).isLessThan(128);
  }

  @Test
  void a_paused_copy_follows_the_catalog() {
    tasks.give("copy", 1, copy(1, LOW, null, true));
    Table next = Versions.add(Orders.TABLE, "qty", TypeName.BIGINT, 7L);
    tasks.node().catalog().put(next);
    await().until(() -> tasks.shard(1).file().definition().table().equals(next));
  }

  @Test
  void a_copy_that_builds_an_index_is_dropped_without_waiting_for_it() throws Exception {
    tasks.node().catalog().put(Versions.index(Orders.TABLE, 2));
    CompletableFuture<Boolean> building = new CompletableFuture<>();
    CompletableFuture<Thread> dropping = new CompletableFuture<>();
    // Only the build of an index takes so many steps of SQLite's machine in one statement.
    ProgressHandler slow =
        new ProgressHandler() {
          @Override
          protected int progress() {
            if (copied(1) == 128) {
              building.complete(true);
              Thread dropper = dropping.join();
              await().until(() -> dropper.getState() == Thread.State.TIMED_WAITING);
            }
            return 0;
          }
        };
    ProgressHandler.setHandler(tasks.shard(1).file().writer(), 500, slow);
    tasks.give("copy", 1, copy(1, LOW));
    assertThat(building).succeedsWithin(Duration.ofMinutes(1));
    Thread dropper = new Thread(() -> tasks.give("drop", 1, new DropShard(1)));
    dropper.start();
    dropping.complete(dropper);
    tasks.awaitDone("drop");
    assertThat(tasks.answers("copy")).containsOnlyOnce(new TaskStarted());
    assertThat(tasks.answers("copy"))
        .as("it neither failed nor was it completed")
        .noneMatch(answer -> answer instanceof TaskDone || answer instanceof TaskFailed);
  }

  @Test
  void a_paused_copy_is_dropped_at_once() {
    tasks.give("copy", 1, copy(1, LOW, null, true));
    tasks.give("drop", 1, new DropShard(1));
    assertThat(tasks.answers("drop")).containsExactly(new TaskDone(null));
    assertThat(tasks.metric("shardstream_worker_copies")).isZero();
  }
}
