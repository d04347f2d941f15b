package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.task.TestTasks.copy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.Transaction;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  private static final long NO_LIMIT = 1_073_741_823;
  private static final String CUSTOMER = "c".repeat(2_000);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private TestTasks tasks;
  private boolean mounted;

  @AfterEach
  void close() throws Exception {
    if (tasks != null) {
      tasks.close();
    }
    if (mounted) {
      assertThat(run("umount", directory.toString())).isEmpty();
    }
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    return process.waitFor() == 0 ? "" : "status " + process.exitValue() + " " + said;
  }

  private static long pages(ShardFile file) throws SQLException {
    return Long.parseLong(Orders.rows(file.writer(), "PRAGMA page_count").get(0));
  }

  private static void limit(ShardFile file, long pages) throws SQLException {
    Transaction.execute(file.writer(), "PRAGMA max_page_count = " + pages);
  }

  private void write(long from, long to) {
    for (long id = from; id < to; id++) {
      log.append(change(Op.INSERT, 1, id, 2, CUSTOMER));
    }
  }

  private void awaitFull(HostedShard shard) {
    await()
        .untilAsserted(
            () -> {
              assertThat(shard.report().getState()).isEqualTo(ShardState.FAILED);
              assertThat(shard.report().getError())
                  .isEqualTo(
                      "The disk that holds "
                          + shard.file().path()
                          + " is full: free space there, and it goes on by itself");
            });
  }

  private void assertTargetEqualsSource() throws SQLException {
    assertThat(rows(1)).isEqualTo(rows(0)).hasSize(400);
  }

  private List<String> rows(int shardId) throws SQLException {
    return tasks.shard(shardId).readers().read(Duration.ofSeconds(5), Orders::dump);
  }

  private TaskFailed failure(String taskId) {
    await().until(() -> tasks.answers(taskId).stream().anyMatch(TaskFailed.class::isInstance));
    return (TaskFailed)
        tasks.answers(taskId).stream()
            .filter(TaskFailed.class::isInstance)
            .findFirst()
            .orElseThrow();
  }

  private void assertFull(TaskFailed failed) {
    assertThat(failed.getCode()).isEqualTo("DISK_FULL");
    assertThat(failed.getMessage()).startsWith("The disk that holds " + directory);
    assertThat(failed.getRetriable()).isTrue();
  }

  @Test
  void an_applier_without_room_stops_with_the_reason_and_goes_on_when_there_is_room()
      throws Exception {
    tasks = TestTasks.open(directory, log);
    tasks.source();
    HostedShard shard = tasks.shard(0);
    ShardFile file = shard.file();
    shard
        .applier()
        .orElseThrow()
        .requests()
        .submit(() -> limit(file, pages(file) + 2))
        .get(1, TimeUnit.MINUTES);
    write(400, 600);
    awaitFull(shard);
    long before = tasks.rows(0);
    assertThat(rows(0)).hasSize((int) before);
    shard
        .applier()
        .orElseThrow()
        .requests()
        .submit(() -> limit(file, NO_LIMIT))
        .get(1, TimeUnit.MINUTES);
    await().until(() -> tasks.rows(0) == 600 && shard.report().getState() == ShardState.APPLYING);
    assertThat(rows(0)).hasSize(600);
  }

  @Test
  void a_copy_without_room_fails_so_that_it_is_tried_again_and_goes_on_when_there_is_room()
      throws Exception {
    tasks = TestTasks.open(directory, log);
    tasks.source();
    tasks.give("create-1", 1, new CreateShard(1, Orders.TABLE, Orders.ALL, false, null, null));
    tasks.shard(1).whileCopying(file -> limit(file, pages(file) + 1));
    tasks.give("copy", 1, copy(1, Orders.ALL));
    assertFull(failure("copy"));
    assertThat(tasks.shard(1).board().current().held().size()).isBetween(1, 255);
    tasks.shard(1).whileCopying(file -> limit(file, NO_LIMIT));
    tasks.give("copy", 2, copy(1, Orders.ALL));
    tasks.awaitDone("copy", 2);
    assertTargetEqualsSource();
  }

  @Test
  void on_a_file_system_that_is_full_nothing_is_lost() throws Exception {
    String refused = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory.toString());
    assumeTrue(refused.isEmpty(), "a small file system cannot be mounted here: " + refused);
    mounted = true;
    tasks = TestTasks.open(directory, log);
    tasks.source();
    fill();
    tasks.give("create-1", 1, new CreateShard(1, Orders.TABLE, Orders.ALL, false, null, null));
    assertFull(failure("create-1"));
    Files.delete(filler());
    tasks.give("create-1", 2, new CreateShard(1, Orders.TABLE, Orders.ALL, false, null, null));
    fill();
    tasks.give("copy", 1, copy(1, Orders.ALL));
    assertFull(failure("copy"));
    Files.delete(filler());
    tasks.give("copy", 2, copy(1, Orders.ALL));
    tasks.awaitDone("copy", 2);
    assertTargetEqualsSource();
    fill();
    write(400, 700);
    awaitFull(tasks.shard(0));
    awaitFull(tasks.shard(1));
    Files.delete(filler());
    await().until(() -> tasks.rows(0) == 700 && tasks.rows(1) == 700);
    List<?> digests = tasks.digests("f", 0, 1);
    assertThat(digests.get(1)).isEqualTo(digests.get(0));
  }

  private Path filler() {
    return directory.resolve("filler");
  }

  /** Takes what is left of the file system. */
  private void fill() throws IOException {
    byte[] page = new byte[4_096];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      assertThat(Files.getFileStore(directory).getUsableSpace()).isLessThan(page.length);
    }
  }
}
