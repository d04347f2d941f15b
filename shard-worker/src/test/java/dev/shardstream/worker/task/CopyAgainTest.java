package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.task.TestTasks.copy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.RuleTable;
import dev.shardstream.worker.shard.Transaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyAgainTest {
  private static final long WRONG = 7;
  private static final long MISSING = 8;
  private static final long EXTRA = 1_000_000;
  private static final List<Integer> DIFFERING =
      Stream.of(WRONG, MISSING, EXTRA).map(Orders::virtualShard).distinct().sorted().toList();

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private final AtomicBoolean writing = new AtomicBoolean(true);
  private TestTasks tasks;

  @BeforeEach
  void open() throws Exception {
    tasks = TestTasks.open(directory, log);
    log.rule(
        new Rule(
            "n4", Orders.TABLE.getTableId(), RuleKind.UNIQUE, List.of(1, 4), "'n'", true, true));
    tasks.node().catalog().put(Versions.index(Orders.TABLE, 3));
    tasks.source();
    long refused = log.append(change(Op.INSERT, 1, WRONG, 2, "refused"));
    awaitPosition(0, refused);
    tasks.give("create-1", 1, new CreateShard(1, Orders.TABLE, Orders.ALL, false, null, null));
    tasks.give("copy", 1, copy(1, Orders.ALL));
    tasks.awaitDone("copy");
  }

  @AfterEach
  void close() throws Exception {
    writing.set(false);
    tasks.close();
  }

  private void awaitPosition(int shardId, long offset) {
    Position behind = new Position(Orders.partition(WRONG), offset + 1);
    await().until(() -> tasks.shard(shardId).board().current().reached(List.of(behind)));
  }

  /** What no change of the log did. */
  private void plant() throws Exception {
    inTarget("UPDATE \"default-orders-1\" SET c2 = 'wrong', _version = 9 WHERE c1 = " + WRONG);
    inTarget("DELETE FROM \"default-orders-1\" WHERE c1 = " + MISSING);
    inTarget(
        "INSERT INTO \"default-orders-1\" (_virtualShard, c1, c2, _version, _updated) VALUES ("
            + Orders.virtualShard(EXTRA)
            + ", "
            + EXTRA
            + ", 'extra', 1, 1)");
  }

  private void inTarget(String sql) throws Exception {
    HostedShard target = tasks.shard(1);
    target
        .applier()
        .orElseThrow()
        .requests()
        .submit(() -> Transaction.execute(target.file().writer(), sql))
        .get(1, TimeUnit.MINUTES);
  }

  private static CopyShard again(int repair, Long rowsPerSecond) {
    return again(repair, rowsPerSecond, DIFFERING);
  }

  private static CopyShard again(int repair, Long rowsPerSecond, List<Integer> virtualShards) {
    return new CopyShard(
        1,
        List.of(new CopySource(0, "node-1", "http://x", Orders.ALL, null)),
        rowsPerSecond,
        false,
        repair,
        virtualShards);
  }

  private CompletableFuture<Void> writeOn() {
    return CompletableFuture.runAsync(
        () -> {
          for (long id = 0; writing.get(); id = (id + 1) % 500) {
            if (id != WRONG && id != MISSING) {
              log.append(change(Op.UPSERT, 1, id, 2, "w" + id, 4, "n" + id));
            }
            LockSupport.parkNanos(100_000);
          }
        });
  }

  private static List<Integer> differing(List<List<Digest>> digests) {
    List<Integer> differing = new ArrayList<>();
    for (Digest one : digests.get(0)) {
      if (!digests.get(1).contains(one)) {
        differing.add(one.getVirtualShard());
      }
    }
    return differing;
  }

  @Test
  void what_a_verify_finds_different_is_copied_again_while_changes_are_applied() throws Exception {
    CompletableFuture<Void> writer = writeOn();
    plant();
    assertThat(differing(tasks.digests("before", 0, 1))).isEqualTo(DIFFERING);
    tasks.give("copy", 2, again(1, null));
    tasks.awaitDone("copy", 2);
    assertThat(differing(tasks.digests("after", 0, 1))).isEmpty();
    writing.set(false);
    writer.get(1, TimeUnit.MINUTES);
    await()
        .untilAsserted(
            () ->
                assertThat(tasks.shard(1).board().current())
                    .isEqualTo(tasks.shard(0).board().current()));
    assertThat(dump(1)).isEqualTo(dump(0));
    assertThat(tasks.shard(1).file().indexes()).containsExactly(1);
    assertThat(tasks.metric("shardstream_worker_repairs_total")).isEqualTo(1);
  }

  /** Everything that a shard knows, apart from which rejections are published. */
  private List<List<String>> dump(int shardId) throws Exception {
    return tasks
        .shard(shardId)
        .readers()
        .read(
            Duration.ofSeconds(5),
            reader ->
                List.of(
                    Orders.dump(reader),
                    RuleTable.read(reader, "t").entrySet().stream().map(String::valueOf).toList(),
                    Orders.rows(
                        reader,
                        "SELECT partition, \"offset\", virtual_shard, code FROM _rejections"
                            + " ORDER BY 1, 2")));
  }

  @Test
  void a_repair_is_done_once_however_often_it_is_asked_for() throws Exception {
    plant();
    tasks.give("copy", 2, again(1, null));
    tasks.give("copy", 3, again(1, null));
    tasks.awaitDone("copy", 3);
    plant();
    tasks.give("copy", 4, again(1, null));
    tasks.awaitDone("copy", 4);
    tasks.give("copy", 1, copy(1, Orders.ALL));
    assertThat(differing(tasks.digests("once", 0, 1))).isEqualTo(DIFFERING);
    tasks.give("copy", 5, again(2, null));
    tasks.awaitDone("copy", 5);
    assertThat(differing(tasks.digests("twice", 0, 1))).isEmpty();
  }

  @Test
  void a_copy_from_before_a_repair_does_not_take_its_place() throws Exception {
    plant();
    tasks.give("again", 1, again(1, 1L, Orders.ALL));
    await().until(() -> tasks.shard(1).file().repair() == 1);
    int answers = tasks.answers("copy").size();
    tasks.give("copy", 9, copy(1, Orders.ALL, null, true));
    assertThat(tasks.metric("shardstream_worker_copies_paused")).isZero();
    assertThat(tasks.answers("copy")).hasSize(answers);
    tasks.give("again", 2, again(1, null, Orders.ALL));
    tasks.awaitDone("again", 2);
    assertThat(differing(tasks.digests("after", 0, 1))).isEmpty();
  }

  @Test
  void a_repair_that_was_cut_off_goes_on_after_a_restart() throws Exception {
    plant();
    tasks.give("copy", 2, again(1, 1L, Orders.ALL));
    await().until(() -> tasks.shard(1).file().repair() == 1);
    tasks.close();
    tasks = TestTasks.open(directory, log);
    assertThat(tasks.shard(1).isCopying()).isTrue();
    assertThat(tasks.shard(1).file().repair()).isEqualTo(1);
    tasks.give("copy", 3, again(1, null, Orders.ALL));
    tasks.awaitDone("copy", 3);
    assertThat(differing(tasks.digests("after", 0, 1))).isEmpty();
  }

  @Test
  void a_rejection_that_the_target_has_published_is_not_published_again() throws Exception {
    HostedShard target = tasks.shard(1);
    assertThat(RejectionTable.unpublished(target.file().writer(), 10)).hasSize(1);
    inTarget("UPDATE _rejections SET published = 1");
    tasks.give("copy", 2, again(1, null));
    tasks.awaitDone("copy", 2);
    List<String> published =
        target
            .readers()
            .read(
                Duration.ofSeconds(5),
                reader -> Orders.rows(reader, "SELECT code, published FROM _rejections"));
    assertThat(published).containsExactly("DUPLICATE_KEY|1");
  }
}
