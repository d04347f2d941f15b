package dev.shardstream.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.shard.DatabaseFiles;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import dev.shardstream.worker.shard.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardRegistryTest {
  private static final ShardRef REF = new ShardRef(Orders.TABLE.getTableId(), 0);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();

  @Test
  void shards_that_were_applying_go_on_after_a_restart_and_copying_ones_wait() throws Exception {
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
      node.shards().create(Orders.definition(1, Orders.ALL, ShardState.COPYING));
      log.append(Orders.change(Op.UPSERT, 1, 1L, 2, "a"));
      await().until(() -> node.shards().require(REF).board().current().rows() == 1);
    }
    log.append(Orders.change(Op.UPSERT, 1, 2L, 2, "b"));
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().openAll();
      await().until(() -> node.shards().require(REF).board().current().rows() == 2);
      HostedShard copying = node.shards().require(new ShardRef(REF.tableId(), 1));
      assertThat(copying.isCopying()).isTrue();
      assertThat(copying.applier()).isEmpty();
      assertThatThrownBy(copying::requireReadable)
          .hasMessage("Shard default-orders-1/1 is not held here");
      assertThat(copying.report().getState()).isEqualTo(ShardState.COPYING);
    }
  }

  @Test
  void a_report_shows_rows_positions_and_ends() throws Exception {
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards()
          .create(Orders.definition(0, List.of(Orders.virtualShard(1)), ShardState.APPLYING));
      int partition = Orders.partition(1);
      log.append(Orders.change(Op.UPSERT, 1, 1L, 2, "a"));
      log.append(Orders.change(Op.UPSERT, 1, 1L, 2, "b"));
      HostedShard shard = node.shards().require(REF);
      await()
          .untilAsserted(
              () ->
                  assertThat(shard.report().getPartitions())
                      .containsExactly(new PartitionLag(partition, 2L, 2L)));
      ShardReport report = shard.report();
      assertThat(report)
          .isEqualTo(
              new ShardReport(
                  REF.tableId(),
                  0,
                  ShardState.APPLYING,
                  1,
                  List.of(),
                  1L,
                  report.getBytes(),
                  2L,
                  List.of(new PartitionLag(partition, 2L, 2L)),
                  null,
                  report.getStalenessMillis()));
      assertThat(report.getBytes()).isPositive();
      assertThat(report.getStalenessMillis()).isNotNegative();
    }
  }

  @Test
  void a_dropped_shard_leaves_no_file_and_never_comes_back() throws Exception {
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
      Path file = node.shards().require(REF).file().path();
      node.shards().drop(REF);
      node.shards().drop(REF);
      assertThat(Files.list(file.getParent())).isEmpty();
      assertThatThrownBy(
              () -> node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING)))
          .isInstanceOf(ShardstreamException.class)
          .extracting(error -> ((ShardstreamException) error).code())
          .isEqualTo(ErrorCode.STALE_TOPOLOGY);
    }
  }

  @Test
  void a_shard_whose_applier_does_not_stop_is_still_here_and_is_dropped_by_another_attempt()
      throws Exception {
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
      HostedShard shard = node.shards().require(REF);
      CompletableFuture<Boolean> busy = new CompletableFuture<>();
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      shard
          .applier()
          .orElseThrow()
          .requests()
          .submit(
              () -> {
                busy.complete(true);
                done.join();
              });
      assertThat(busy).succeedsWithin(Duration.ofMinutes(1));
      assertThatThrownBy(() -> dropImpatiently(node))
          .hasRootCauseMessage("the applier of shard default-orders-1/0 did not stop within PT30S");
      assertThat(node.shards().find(REF)).hasValue(shard);
      assertThat(shard.file().path()).exists();
      done.complete(true);
      node.shards().drop(REF);
      assertThat(node.shards().find(REF)).isEmpty();
      assertThat(Files.list(shard.file().path().getParent())).isEmpty();
      assertThat(shard.file().writer().isClosed()).isTrue();
    }
  }

  /** Drops the shard in a thread that is interrupted when it waits for the applier. */
  private static void dropImpatiently(TestNode node) {
    CompletableFuture<Boolean> dropped = new CompletableFuture<>();
    Thread dropper =
        new Thread(
            () -> {
              try {
                node.shards().drop(REF);
                dropped.complete(true);
              } catch (Exception failure) {
                dropped.completeExceptionally(failure);
              }
            });
    dropper.start();
    await().until(() -> dropper.getState() == Thread.State.TIMED_WAITING);
    dropper.interrupt();
    dropped.join();
  }

  @Test
  void creating_a_shard_twice_keeps_its_rows() throws Exception {
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
      log.append(Orders.change(Op.UPSERT, 1, 1L, 2, "a"));
      await().until(() -> node.shards().require(REF).board().current().rows() == 1);
      node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
      assertThat(node.shards().require(REF).board().current().rows()).isEqualTo(1);
    }
  }

  @Test
  void what_a_crash_left_of_a_creation_is_discarded() throws Exception {
    Path half = directory.resolve("shards/default-orders-1/5.sqlite");
    Path dropped = directory.resolve("shards/default-orders-1/6.sqlite");
    Files.createDirectories(half.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + half)) {
      Transaction.execute(connection, "CREATE TABLE something (a)");
    }
    ShardFile.create(
            dropped, Orders.SETTINGS, Orders.definition(6, Orders.ALL, ShardState.APPLYING))
        .close();
    try (TestNode node = TestNode.open(directory, log)) {
      node.directory().markDropped(new ShardRef("default-orders-1", 6));
      node.shards().openAll();
      assertThat(node.shards().all()).isEmpty();
      assertThat(half).doesNotExist();
      assertThat(dropped).doesNotExist();
    }
  }

  @Test
  void a_crash_while_a_broken_file_is_set_aside_costs_the_file_that_replaces_it_nothing()
      throws Exception {
    Path file = directory.resolve("shards/default-orders-1/0.sqlite");
    Path aside = new DatabaseFiles(file).aside();
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
    }
    // Moved, and dead before the mark was deleted.
    Files.delete(file);
    Files.writeString(aside, "what was broken");
    Path mark = file.resolveSibling("0.sqlite-broken");
    Files.writeString(mark, "it is broken");
    for (int starts = 0; starts < 2; starts++) {
      try (TestNode node = TestNode.open(directory, log)) {
        node.shards().openAll();
        assertThat(node.shards().find(REF)).isPresent();
      }
      assertThat(mark).doesNotExist();
      assertThat(aside).hasContent("what was broken");
    }
  }

  @Test
  void a_data_directory_belongs_to_one_process() throws Exception {
    try (DataDirectory first = DataDirectory.open(directory)) {
      assertThatThrownBy(() -> DataDirectory.open(directory))
          .hasMessage("Data directory " + directory + " is in use by another process");
      assertThat(first.freeBytes()).isPositive();
    }
    DataDirectory.open(directory).close();
  }
}
