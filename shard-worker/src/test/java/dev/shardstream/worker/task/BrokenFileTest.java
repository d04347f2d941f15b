package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.shard.ShardRef;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenFileTest {
  private static final ShardRef REF = new ShardRef("default-orders-1", 0);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private Path file;
  private TestTasks tasks;

  @BeforeEach
  void open() throws Exception {
    tasks = TestTasks.open(directory, log);
    tasks.source();
    tasks.give("create-1", 1, new CreateShard(1, Orders.TABLE, Orders.ALL, true, null, "i-1"));
    await().until(() -> tasks.rows(1) == 400);
    file = tasks.shard(0).file().path();
  }

  @AfterEach
  void close() throws Exception {
    tasks.close();
  }

  /** Starts the node again after garbage was written over a page. */
  private void overwrite(long page) throws Exception {
    tasks.close();
    ByteBuffer garbage = ByteBuffer.allocate(4_096);
    while (garbage.hasRemaining()) {
      garbage.put((byte) 0xA5);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(garbage.flip(), (page - 1) * 4_096);
    }
    tasks = TestTasks.open(directory, log);
  }

  private long pageOfRows() throws SQLException {
    return Long.parseLong(
        Orders.rows(
                tasks.shard(0).file().writer(),
                "SELECT rootpage FROM sqlite_schema WHERE name = 'default-orders-1'")
            .get(0));
  }

  private void assertNotServed(HostedShard shard) throws Exception {
    assertThat(shard.report().getState()).isEqualTo(ShardState.FAILED);
    assertThat(shard.report().getError())
        .startsWith(file + ": the file is broken (")
        .endsWith(
            "Restart this node: it sets the file aside and makes the shard anew from its log");
    assertThatThrownBy(shard::requireReadable)
        .isInstanceOf(ShardstreamException.class)
        .extracting(e -> ((ShardstreamException) e).code())
        .isEqualTo(ErrorCode.SHARD_FAILED);
  }

  private void assertMadeAnew(long rows) throws Exception {
    HostedShard shard = tasks.shard(0);
    await().until(() -> shard.report().getState() == ShardState.APPLYING);
    assertThat(shard.requireReadable().board().current().rows()).isEqualTo(rows);
    List<?> digests = tasks.digests("anew", 0, 1);
    assertThat(digests.get(1)).isEqualTo(digests.get(0));
  }

  @Test
  void a_file_that_cannot_be_opened_is_set_aside_and_made_anew_from_the_log() throws Exception {
    overwrite(1);
    assertMadeAnew(400);
    Path aside = Path.of(file + ".broken");
    assertThat(aside).exists();
    tasks.give("drop-0", 1, new DropShard(0));
    assertThat(tasks.answers("drop-0")).containsExactly(new TaskDone(null));
    assertThat(aside).doesNotExist();
    assertThat(file).doesNotExist();
  }

  @Test
  void a_file_of_which_nothing_else_is_known_is_reported_and_the_other_shards_serve()
      throws Exception {
    Files.delete(Path.of(file.toString().replace(".sqlite", ".avro")));
    overwrite(1);
    log.append(change(Op.INSERT, 1, 400L, 2, "later"));
    await().until(() -> tasks.rows(1) == 401);
    assertThatThrownBy(() -> tasks.shard(0))
        .isInstanceOf(ShardstreamException.class)
        .hasMessageContaining(file + ": the file is broken (");
    tasks.give("create-0", 2, new CreateShard(0, Orders.TABLE, Orders.ALL, true, null, "i-1"));
    assertThat(tasks.answers("create-0"))
        .singleElement()
        .satisfies(answer -> assertThat(((TaskFailed) answer).getCode()).isEqualTo("SHARD_FAILED"));
    tasks.give("drop-0", 1, new DropShard(0));
    assertThat(tasks.answers("drop-0")).containsExactly(new TaskDone(null));
    assertThat(file).doesNotExist();
    assertThat(tasks.node().shards().find(REF)).isEmpty();
  }

  @Test
  void a_file_that_lost_everything_is_made_anew_from_the_log() throws Exception {
    tasks.close();
    Files.write(file, new byte[0]);
    tasks = TestTasks.open(directory, log);
    assertMadeAnew(400);
  }

  @Test
  void a_file_that_was_deleted_is_made_anew_from_the_log_and_serves_when_it_has_caught_up()
      throws Exception {
    tasks.close();
    Files.delete(file);
    log.append(change(Op.INSERT, 1, 400L, 2, "later"));
    log.hold();
    tasks = TestTasks.open(directory, log);
    HostedShard shard = tasks.shard(0);
    assertThatThrownBy(shard::requireReadable)
        .hasMessage(
            "Shard default-orders-1/0 has stopped: it is being made anew from its log, and serves"
                + " when it has caught up");
    assertThat(shard.report().getState()).isEqualTo(ShardState.FAILED);
    log.release();
    assertMadeAnew(401);
  }

  @Test
  void a_broken_page_that_an_applier_meets_stops_the_shard_for_good() throws Exception {
    overwrite(pageOfRows());
    log.append(change(Op.INSERT, 1, 400L, 2, "later"));
    HostedShard shard = tasks.shard(0);
    await().until(() -> shard.report().getState() == ShardState.FAILED);
    assertNotServed(shard);
    await().until(() -> tasks.rows(1) == 401);
    tasks.close();
    tasks = TestTasks.open(directory, log);
    assertMadeAnew(401);
  }

  @Test
  void a_broken_page_that_a_digest_meets_stops_the_shard_for_good() throws Exception {
    overwrite(pageOfRows());
    tasks.give("verify", 1, new VerifyShard(0, "f", Orders.ALL, false));
    log.fence(0, "f");
    await().until(() -> tasks.answers("verify").stream().anyMatch(TaskFailed.class::isInstance));
    assertThat(tasks.outcomes("verify"))
        .last()
        .satisfies(answer -> assertThat(((TaskFailed) answer).getCode()).isEqualTo("FILE_ERROR"));
    assertNotServed(tasks.shard(0));
  }

  @Test
  void a_broken_page_that_a_reader_meets_stops_the_shard_for_good() throws Exception {
    overwrite(pageOfRows());
    HostedShard shard = tasks.shard(0);
    assertThatThrownBy(() -> shard.readers().read(Duration.ofSeconds(5), Orders::dump))
        .isInstanceOf(SQLException.class);
    assertNotServed(shard);
  }
}
