package dev.shardstream.worker.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {
  private static final int PARTITION = Orders.partition(1);

  @TempDir Path directory;
  private final Verifier verifier = new Verifier(1, new SimpleMeterRegistry());
  private final List<ShardDigests> answers = new CopyOnWriteArrayList<>();
  private final AtomicInteger progress = new AtomicInteger();
  private final List<Exception> failures = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    verifier.close();
  }

  private ArmedFence fence(Set<Integer> virtualShards, boolean listKeys) {
    return new ArmedFence(
        "f",
        virtualShards,
        listKeys,
        TraceScope.none(),
        progress::incrementAndGet,
        answers::add,
        failures::add);
  }

  private static List<LoggedChange> log(int rows) {
    List<LoggedChange> log = new ArrayList<>();
    LongStream.rangeClosed(1, rows).forEach(id -> log.add(Orders.upsert(id, id, "c" + id)));
    return log;
  }

  /** All of a partition's virtual shards stand behind a fence at this offset. */
  private static Positions at(ShardFile shard, long fence) throws Exception {
    return PositionTable.read(shard.writer()).advanced(Map.of(PARTITION, fence + 1), Map.of());
  }

  @Test
  void the_digest_is_of_the_fence_while_applying_goes_on() throws Exception {
    try (ShardFile shard = Orders.shard(directory, 0, log(300))) {
      Positions positions = at(shard, 1_000);
      List<Digest> expected = new ArrayList<>();
      TableDigest digest = new TableDigest(shard.writer(), shard.shape(), KeyRanges.ALL);
      for (Positions.Held held : positions.held()) {
        if (held.partition() == PARTITION) {
          expected.add(digest.of(held.virtualShard()));
        }
      }
      verifier.arm(shard.ref(), fence(Set.copyOf(Orders.ALL), false));
      assertThat(verifier.isArmed(shard.ref(), "f")).isTrue();
      verifier.reached(shard, "f", Map.of(PARTITION, 1_000L), positions);
      Orders.apply(shard, List.of(Orders.upsert(2_000, 1, "later")));
      await().until(() -> !answers.isEmpty());
      assertThat(answers)
          .containsExactly(new ShardDigests(0, "f", PARTITION, 1_000L, 1, expected, List.of()));
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void only_virtual_shards_that_stand_at_the_fence_are_digested() throws Exception {
    try (ShardFile shard = Orders.shard(directory, 0, log(50))) {
      int ahead = Orders.virtualShard(1);
      List<Positions.Held> held = new ArrayList<>();
      for (Positions.Held one : at(shard, 1_000).held()) {
        held.add(
            one.virtualShard() == ahead
                ? new Positions.Held(ahead, one.partition(), 1_500, one.rows())
                : one);
      }
      int other =
          held.stream()
              .filter(one -> one.partition() == PARTITION && one.virtualShard() != ahead)
              .findFirst()
              .orElseThrow()
              .virtualShard();
      verifier.arm(shard.ref(), fence(Set.of(ahead, other), false));
      verifier.reached(shard, "f", Map.of(PARTITION, 1_000L), new Positions(held));
      await().until(() -> !answers.isEmpty());
      assertThat(answers.get(0).getDigests())
          .extracting(Digest::getVirtualShard)
          .containsExactly(other);
    }
  }

  @Test
  void keys_come_in_events_of_bounded_size_and_the_digest_last() throws Exception {
    List<LoggedChange> log = new ArrayList<>();
    for (long id = 0, offset = 0; log.size() < 4_500; id++) {
      if (Orders.virtualShard(id) == 3) {
        log.add(Orders.upsert(offset++, id, "c"));
      }
    }
    try (ShardFile shard = Orders.shard(directory, 0, log)) {
      int partition = log.get(0).partition();
      Positions positions =
          PositionTable.read(shard.writer()).advanced(Map.of(partition, 9_001L), Map.of());
      verifier.arm(shard.ref(), fence(Set.of(3), true));
      verifier.reached(shard, "f", Map.of(partition, 9_000L), positions);
      await().until(() -> answers.stream().anyMatch(answer -> !answer.getDigests().isEmpty()));
      assertThat(answers)
          .extracting(answer -> answer.getKeys().size())
          .containsExactly(2_000, 2_000, 500);
      assertThat(answers).extracting(answer -> answer.getDigests().size()).containsExactly(0, 0, 1);
    }
  }

  /** One snapshot at a time. */
  private static Verifier narrow(Duration wait) {
    return new Verifier(
        1, new SnapshotPlaces(1, wait), Duration.ofHours(1), new SimpleMeterRegistry());
  }

  @Test
  void a_snapshot_that_cannot_be_opened_is_a_failure_of_the_fence_and_keeps_nobody_waiting()
      throws Exception {
    try (Verifier narrow = narrow(Duration.ofMinutes(1));
        ShardFile shard = Orders.shard(directory, 0, log(5))) {
      Positions positions = at(shard, 1_000);
      narrow.arm(shard.ref(), fence(Set.copyOf(Orders.ALL), false));
      Path away = directory.resolve("away");
      Files.move(shard.path(), away);
      narrow.reached(shard, "f", Map.of(PARTITION, 1_000L), positions);
      narrow.reached(shard, "f", Map.of(PARTITION, 1_000L), positions);
      assertThat(failures).hasSize(2).allMatch(SQLException.class::isInstance);
      Files.move(away, shard.path());
      narrow.reached(shard, "f", Map.of(PARTITION, 1_000L), positions);
      await().until(() -> !answers.isEmpty());
      assertThat(failures).hasSize(2);
    }
  }

  /** Holds the only snapshot from now on until the future completes. */
  private void hold(Verifier narrow, ShardFile shard, CompletableFuture<Boolean> until)
      throws Exception {
    CompletableFuture<Boolean> held = new CompletableFuture<>();
    narrow.arm(
        shard.ref(),
        new ArmedFence(
            "held",
            Set.copyOf(Orders.ALL),
            false,
            TraceScope.none(),
            () -> {},
            answer -> {
              held.complete(true);
              until.join();
            },
            failures::add));
    narrow.reached(shard, "held", Map.of(PARTITION, 999L), at(shard, 999));
    assertThat(held).succeedsWithin(Duration.ofMinutes(1));
    narrow.arm(shard.ref(), fence(Set.copyOf(Orders.ALL), false));
  }

  @Test
  void a_shard_waits_for_a_snapshot_no_longer_than_the_limit() throws Exception {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    try (Verifier narrow = narrow(Duration.ofMillis(100));
        ShardFile shard = Orders.shard(directory, 0, log(5))) {
      hold(narrow, shard, end);
      narrow.reached(shard, "f", Map.of(PARTITION, 1_000L), at(shard, 1_000));
      assertThat(failures)
          .extracting(Exception::getMessage)
          .containsExactly(
              "no snapshot could be opened for a digest of default-orders-1/0: none"
                  + " of those that are open was given back in PT0.1S");
      end.complete(true);
    }
  }

  @Test
  void a_shard_that_is_dropped_or_closed_with_its_node_waits_for_no_snapshot() throws Exception {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    try (Verifier narrow = narrow(Duration.ofDays(1));
        ShardFile shard = Orders.shard(directory, 0, log(5))) {
      hold(narrow, shard, end);
      Positions positions = at(shard, 1_000);
      List<CompletableFuture<Void>> stopping = new ArrayList<>();
      for (Runnable stop : List.<Runnable>of(() -> narrow.disarm(shard.ref()), narrow::close)) {
        narrow.arm(shard.ref(), fence(Set.copyOf(Orders.ALL), false));
        CompletableFuture<Void> waits =
            CompletableFuture.runAsync(
                () -> narrow.reached(shard, "f", Map.of(PARTITION, 1_000L), positions));
        await().during(Duration.ofMillis(200)).until(() -> !waits.isDone());
        stopping.add(CompletableFuture.runAsync(stop));
        assertThat(waits).succeedsWithin(Duration.ofMinutes(1));
      }
      assertThat(failures).isEmpty();
      end.complete(true);
      assertThat(stopping)
          .allSatisfy(stop -> assertThat(stop).succeedsWithin(Duration.ofMinutes(1)));
    }
  }

  @Test
  void a_verifier_that_has_closed_leaves_no_snapshot_open() throws Exception {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    try (ShardFile shard = Orders.shard(directory, 0, log(5))) {
      hold(verifier, shard, end);
      verifier.reached(shard, "f", Map.of(PARTITION, 1_000L), at(shard, 1_000));
      CompletableFuture<Void> closing = CompletableFuture.runAsync(verifier::close);
      await().during(Duration.ofMillis(200)).until(() -> !closing.isDone());
      end.complete(true);
      assertThat(closing).succeedsWithin(Duration.ofMinutes(1));
      assertThat(Orders.rows(shard.writer(), "PRAGMA wal_checkpoint(TRUNCATE)"))
          .as("a snapshot would be in the way")
          .containsExactly("0|0|0");
      assertThat(answers).as("of the one that waited").isEmpty();
      assertThat(failures).isEmpty();
    } finally {
      end.complete(true);
    }
  }

  @Test
  void a_fence_that_nobody_armed_is_none() throws Exception {
    try (ShardFile shard = Orders.shard(directory, 0, log(5))) {
      verifier.reached(shard, "f", Map.of(PARTITION, 1_000L), at(shard, 1_000));
      verifier.arm(shard.ref(), fence(Set.of(1), false));
      verifier.disarm(shard.ref());
      assertThat(verifier.isArmed(shard.ref(), "f")).isFalse();
      assertThat(answers).isEmpty();
    }
  }

  private static ArmedFence fence(
      String id, Runnable progress, Consumer<ShardDigests> answers, List<Exception> failures) {
    return new ArmedFence(
        id, Set.copyOf(Orders.ALL), false, TraceScope.none(), progress, answers, failures::add);
  }

  @Test
  void a_digest_that_waits_for_another_says_so_and_gives_way_to_one_of_a_later_fence()
      throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Verifier busy =
            new Verifier(
                1,
                new SnapshotPlaces(9, Duration.ofMinutes(1)),
                Duration.ofMillis(10),
                new SimpleMeterRegistry());
        ShardFile other = Orders.shard(directory, 0, log(5));
        ShardFile shard = Orders.shard(directory, 1, log(5))) {
      busy.arm(other.ref(), fence("f", () -> {}, digests -> awaitUninterrupted(go), failures));
      busy.reached(other, "f", Map.of(PARTITION, 1_000L), at(other, 1_000));
      busy.arm(shard.ref(), fence("f1", progress::incrementAndGet, answers::add, failures));
      busy.reached(shard, "f1", Map.of(PARTITION, 1_000L), at(shard, 1_000));
      await().until(() -> progress.get() > 1);

      busy.arm(shard.ref(), fence("f2", () -> {}, answers::add, failures));
      busy.arm(shard.ref(), fence("f1", () -> {}, answers::add, failures));
      busy.reached(shard, "f2", Map.of(PARTITION, 2_000L), at(shard, 2_000));
      busy.reached(shard, "f1", Map.of(PARTITION, 2_000L), at(shard, 2_000));
      go.countDown();
      await().until(() -> !answers.isEmpty());
      assertThat(answers).extracting(ShardDigests::getFenceId).containsExactly("f2");
      assertThat(failures).isEmpty();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
