package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts of copies and repairs in any order, again and late, with restarts, under writes. */
class SteeringStormTest {
  private static final int TARGETS = 2;
  private static final int STEPS = 60;

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private final AtomicBoolean writing = new AtomicBoolean(true);
  private final int[] attempts = new int[TARGETS + 1];
  private final int[] repairs = new int[TARGETS + 1];
  private final List<List<Integer>> again = new ArrayList<>();

  private static List<Integer> held(int target) {
    return target == 1 ? Orders.ALL.subList(0, 128) : Orders.ALL.subList(128, 256);
  }

  private CopyShard copy(int target, int repair, Long rate, boolean paused) {
    return new CopyShard(
        target,
        List.of(new CopySource(0, "node-1", "http://x", held(target), null)),
        rate,
        paused,
        repair,
        repair == 0 ? List.of() : again.get(target));
  }

  private static String taskId(int target, int repair) {
    return "copy-" + target + "/" + repair;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void however_copies_are_steered_their_targets_equal_the_source_in_the_end(long seed)
      throws Exception {
    Random random = new Random(seed);
    TestTasks tasks = TestTasks.open(directory, log);
    CompletableFuture<Void> writer = CompletableFuture.completedFuture(null);
    try {
      tasks.source();
      for (int target = 0; target <= TARGETS; target++) {
        again.add(List.of());
        if (target > 0) {
          tasks.give(
              "create-" + target,
              1,
              new CreateShard(target, Orders.TABLE, held(target), false, null, null));
        }
      }
      writer = CompletableFuture.runAsync(this::write);
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(20) == 0) {
          tasks.close();
          tasks = TestTasks.open(directory, log);
        }
        step(tasks, random);
        LockSupport.parkNanos(random.nextInt(30) * 1_000_000L);
      }
      for (int target = 1; target <= TARGETS; target++) {
        int attempt = ++attempts[target];
        String taskId = taskId(target, repairs[target]);
        tasks.give(taskId, attempt, copy(target, repairs[target], null, false));
        tasks.awaitDone(taskId, attempt);
        assertThat(tasks.answers(taskId)).noneMatch(TaskFailed.class::isInstance);
      }
      List<List<Digest>> digests = tasks.digests("end", 0, 1, 2);
      List<Digest> targets = new ArrayList<>(digests.get(1));
      targets.addAll(digests.get(2));
      assertThat(targets).as("seed %d", seed).isEqualTo(digests.get(0));
    } finally {
      writing.set(false);
      writer.get(1, TimeUnit.MINUTES);
      tasks.close();
    }
  }

  private void step(TestTasks tasks, Random random) {
    int target = 1 + random.nextInt(TARGETS);
    Long rate = random.nextBoolean() ? null : (long) (1 + random.nextInt(2_000));
    boolean paused = random.nextInt(3) == 0;
    int what = random.nextInt(10);
    if (what == 0 && repairs[target] < 4) {
      repairs[target]++;
      attempts[target] = 0;
      int from = random.nextInt(128);
      again.set(target, held(target).subList(from, from + random.nextInt(128 - from)));
    }
    if (what == 1 && attempts[target] > 1) {
      int late = 1 + random.nextInt(attempts[target] - 1);
      tasks.give(
          taskId(target, repairs[target]), late, copy(target, repairs[target], rate, paused));
    } else if (what == 2 && repairs[target] > 0) {
      tasks.give(taskId(target, 0), 99, copy(target, 0, rate, paused));
    } else {
      tasks.give(
          taskId(target, repairs[target]),
          ++attempts[target],
          copy(target, repairs[target], rate, paused));
    }
  }

  private void write() {
    for (long id = 0; writing.get(); id = (id + 1) % 600) {
      log.append(id % 7 == 0 ? change(Op.DELETE, 1, id) : change(Op.UPSERT, 1, id, 2, "w" + id));
      LockSupport.parkNanos(200_000);
    }
  }
}
