package dev.shardstream.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.shard.Positions;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Shards of ranges copied from shards of other ranges, by file and over HTTP, in any order, again
 * and late, with repairs and restarts, while changes of every kind are written.
 */
class RangeStormTest {
  private static final int KEYS = 2_400;

  /** Some, so that a copy takes less time; the lowest of each partition among them. */
  private static final List<Integer> HELD = Orders.ALL.stream().filter(v -> v % 8 == 0).toList();

  private static final List<Long> IDS =
      LongStream.range(0, KEYS)
          .filter(id -> HELD.contains(Orders.virtualShard(id)))
          .boxed()
          .toList();
  private static final int STEPS = 40;
  private static final int MODEL = 99;

  /** So many that some are refused for each of the reasons. */
  private static final long RECORDS = 2_000;

  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private final StormWriter writer = new StormWriter(log, IDS);

  private final Map<Integer, KeyRange> sources = new TreeMap<>();
  private final Map<Integer, Target> targets = new TreeMap<>();

  private static final class Target {
    final KeyRange range;
    final Map<Integer, Integer> attempts = new TreeMap<>(Map.of(0, 0));
    List<Integer> again = List.of();
    int repair;

    Target(KeyRange range) {
      this.range = range;
    }
  }

  private static List<KeyRange> ranges(Random random) {
    TreeSet<Long> splitAt = new TreeSet<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      splitAt.add((long) (1 + random.nextInt(KEYS - 1)));
    }
    return Orders.ranges(splitAt.toArray(Long[]::new));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void however_shards_are_divided_anew_they_have_together_what_one_shard_would_have(long seed)
      throws Exception {
    Random random = new Random(seed);
    TestTasks tasks = TestTasks.open(directory, log);
    try (SliceServer slices = new SliceServer(directory)) {
      slices.serve(tasks);
      make(tasks, random);
      writer.start(new Random(seed + 1_000));
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(12) == 0) {
          tasks.close();
          tasks = TestTasks.open(directory, log);
          slices.serve(tasks);
        }
        step(tasks, slices, random);
        LockSupport.parkNanos(random.nextInt(30) * 1_000_000L);
      }
      finish(tasks, slices, random);
      assertThat(sums(tasks, "end", targets.keySet()))
          .as("seed %d", seed)
          .isEqualTo(sums(tasks, "end", sources.keySet()));
      await().until(() -> log.ends().stream().mapToLong(end -> end).sum() >= RECORDS);
      writer.stop();
      assertEqual(tasks, seed);
    } finally {
      writer.stop();
      tasks.close();
    }
  }

  private void make(TestTasks tasks, Random random) {
    for (KeyRange range : ranges(random)) {
      sources.put(sources.size(), range);
    }
    for (KeyRange range : ranges(random)) {
      targets.put(sources.size() + targets.size(), new Target(range));
    }
    sources.forEach(
        (id, range) ->
            tasks.give(
                "create-" + id, 1, new CreateShard(id, Orders.RANGED, HELD, true, range, "i-1")));
    targets.forEach(
        (id, target) ->
            tasks.give(
                "create-" + id,
                1,
                new CreateShard(id, Orders.RANGED, HELD, false, target.range, null)));
  }

  private CopyShard copy(
      int id, SliceServer slices, Random random, int repair, Long rate, boolean paused) {
    List<CopySource> from = new ArrayList<>();
    sources.forEach(
        (source, range) -> {
          Optional<KeyRange> shared = KeyRanges.intersection(range, targets.get(id).range);
          if (shared.isPresent()) {
            String node = random.nextInt(3) == 0 ? "node-2" : "node-1";
            from.add(new CopySource(source, node, slices.endpoint(), HELD, shared.get()));
          }
        });
    return new CopyShard(
        id, from, rate, paused, repair, repair == 0 ? List.of() : targets.get(id).again);
  }

  private void step(TestTasks tasks, SliceServer slices, Random random) {
    int id = sources.size() + random.nextInt(targets.size());
    Target target = targets.get(id);
    int what = random.nextInt(10);
    if (what == 0 && target.repair < 3) {
      target.repair++;
      target.attempts.put(target.repair, 0);
      int from = random.nextInt(HELD.size());
      target.again = HELD.subList(from, from + random.nextInt(HELD.size() - from));
    }
    // Now and then an attempt of an earlier repair comes late.
    int repair = what == 1 ? random.nextInt(target.repair + 1) : target.repair;
    Long rate = random.nextBoolean() ? null : (long) (1 + random.nextInt(3_000));
    give(tasks, id, copy(id, slices, random, repair, rate, random.nextInt(4) == 0));
  }

  private void give(TestTasks tasks, int id, CopyShard copy) {
    int attempt = targets.get(id).attempts.merge(copy.getRepair(), 1, Integer::sum);
    tasks.give("copy-" + id + "/" + copy.getRepair(), attempt, copy);
  }

  private void finish(TestTasks tasks, SliceServer slices, Random random) {
    targets.forEach(
        (id, target) -> {
          String taskId = "copy-" + id + "/" + target.repair;
          boolean done = false;
          while (!done) {
            give(tasks, id, copy(id, slices, random, target.repair, null, false));
            int attempt = target.attempts.get(target.repair);
            await().atMost(LONG).until(() -> end(tasks, taskId, attempt).isPresent());
            done = end(tasks, taskId, attempt).get() instanceof TaskDone;
          }
        });
  }

  /** What ended an attempt; that it could not reach the other node is no more than a delay. */
  private static Optional<Object> end(TestTasks tasks, String taskId, int attempt) {
    return tasks.answered(taskId).stream()
        .filter(answer -> answer.getAttempt() == attempt)
        .map(TaskEvent::getEvent)
        .filter(event -> event instanceof TaskDone || isUnreachable(event))
        .findFirst();
  }

  private static boolean isUnreachable(Object event) {
    return event instanceof TaskFailed failed
        && failed.getCode().equals(ErrorCode.SHARD_UNREACHABLE.name());
  }

  /** By virtual shard, what shards hold of it together: rows, and the sum of the digests. */
  private Map<Integer, String> sums(TestTasks tasks, String fence, Iterable<Integer> shards) {
    List<Integer> all = new ArrayList<>(sources.keySet());
    all.addAll(targets.keySet());
    if (tasks.answers(fence + "/0").isEmpty()) {
      tasks.digests(fence, all.stream().mapToInt(id -> id).toArray());
    }
    Map<Integer, Long> rows = new TreeMap<>();
    Map<Integer, BigInteger> sums = new TreeMap<>();
    for (int shard : shards) {
      for (Digest digest : tasks.digestsOf(fence + "/" + shard)) {
        rows.merge(digest.getVirtualShard(), digest.getRows(), Long::sum);
        sums.merge(
            digest.getVirtualShard(),
            new BigInteger(1, KeyRanges.bytes(digest.getSum())),
            (a, b) -> a.add(b).mod(BigInteger.ONE.shiftLeft(128)));
      }
    }
    Map<Integer, String> together = new TreeMap<>();
    rows.forEach((v, count) -> together.put(v, count + " " + sums.get(v)));
    assertThat(together).hasSize(HELD.size());
    return together;
  }

  /** When everything is applied, all targets together are what one shard makes of the same log. */
  private void assertEqual(TestTasks tasks, long seed) throws Exception {
    tasks.give("model", 1, new CreateShard(MODEL, Orders.RANGED, HELD, true, KeyRanges.ALL, "i-1"));
    List<String> rows = new ArrayList<>();
    TreeSet<String> rejections = new TreeSet<>();
    Positions model = applied(tasks, MODEL);
    for (int id : targets.keySet()) {
      Positions positions = applied(tasks, id);
      assertThat(positions.leastByPartition()).isEqualTo(model.leastByPartition());
      assertThat(positions.held())
          .hasSize(HELD.size())
          .allMatch(held -> held.range().equals(targets.get(id).range));
      List<String> held = read(tasks, id, ROWS);
      assertThat(positions.rows()).isEqualTo(held.size());
      rows.addAll(held);
      List<String> refused = read(tasks, id, REJECTIONS);
      rejections.addAll(refused);
      for (String rejection : read(tasks, MODEL, REJECTIONS)) {
        if (isOf(rejection, targets.get(id).range)) {
          assertThat(refused).contains(rejection);
        }
      }
    }
    rows.sort(null);
    List<String> expected = new ArrayList<>(read(tasks, MODEL, ROWS));
    expected.sort(null);
    assertThat(rows).as("seed %d", seed).isEqualTo(expected);
    assertThat(rejections)
        .as("seed %d", seed)
        .isEqualTo(new TreeSet<>(read(tasks, MODEL, REJECTIONS)));
    assertThat(codes(rejections)).contains("DUPLICATE_KEY", "NOT_FOUND", "NOT_NULL", "POISON");
  }

  private static final String ROWS = "SELECT * FROM \"default-orders-1\"";
  private static final String REJECTIONS =
      "SELECT partition, \"offset\", virtual_shard, code, message FROM _rejections";

  private static TreeSet<String> codes(Iterable<String> rejections) {
    TreeSet<String> codes = new TreeSet<>();
    rejections.forEach(rejection -> codes.add(rejection.split("\\|")[3]));
    return codes;
  }

  /** Whether the row that was refused is known and in a range. */
  private boolean isOf(String rejection, KeyRange range) {
    String[] parts = rejection.split("\\|");
    Optional<Long> id = writer.written(parts[0] + "|" + parts[1]);
    return id.isPresent() && KeyRanges.contains(range, OrderedKey.of(List.of(id.get())));
  }

  private Positions applied(TestTasks tasks, int shardId) {
    List<Long> ends = log.ends();
    await()
        .atMost(LONG)
        .until(
            () ->
                List.copyOf(tasks.shard(shardId).board().current().leastByPartition().values())
                    .equals(ends));
    return tasks.shard(shardId).board().current();
  }

  private static List<String> read(TestTasks tasks, int shardId, String sql) throws Exception {
    return tasks
        .shard(shardId)
        .readers()
        .read(Duration.ofSeconds(5), reader -> Orders.rows(reader, sql));
  }
}
