package dev.shardstream.worker.task;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.SampleKeys;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySamplesTest {
  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private TestTasks tasks;

  @BeforeEach
  void open() throws Exception {
    tasks = TestTasks.open(directory, log);
  }

  @AfterEach
  void close() throws Exception {
    tasks.close();
  }

  private static ByteBuffer key(long id) {
    return ByteBuffer.wrap(OrderedKey.of(List.of(id)));
  }

  @Test
  void a_shard_of_a_range_table_names_the_keys_that_divide_it() {
    tasks.give(
        "create", 1, new CreateShard(4, Orders.RANGED, Orders.ALL, true, KeyRanges.ALL, "i-1"));
    for (long id = 0; id < 40; id++) {
      log.append(change(Op.INSERT, 1, id, 2, "c"));
    }
    await().until(() -> tasks.rows(4) == 40);
    tasks.give("sample", 1, new SampleKeys(4, 4));
    await().until(() -> tasks.answers("sample").size() == 2);
    assertThat(tasks.answers("sample"))
        .containsExactly(
            new TaskStarted(),
            new KeySample(
                4,
                40L,
                Stream.of(10L, 20L, 30L).map(KeySamplesTest::key).toList(),
                List.of(10L, 20L, 30L)));
    tasks.give("sample", 2, new SampleKeys(4, 2));
    await().until(() -> tasks.answers("sample").size() == 4);
    assertThat(tasks.answered("sample").subList(2, 4))
        .extracting(TaskEvent::getAttempt)
        .containsExactly(2, 2);
  }

  @Test
  void shards_that_have_no_ranges_or_are_still_copied_or_not_here_are_not_sampled() {
    tasks.give("create-0", 1, new CreateShard(0, Orders.TABLE, Orders.ALL, true, null, "i-1"));
    tasks.give("create-1", 1, new CreateShard(1, Orders.RANGED, Orders.ALL, false, null, null));
    for (int shard = 0; shard < 3; shard++) {
      tasks.give("sample-" + shard, 1, new SampleKeys(shard, 4));
    }
    assertThat(Stream.of(0, 1, 2).map(shard -> tasks.answers("sample-" + shard)))
        .containsExactly(
            List.of(
                new TaskFailed(
                    "INVALID_ARGUMENT",
                    "Invalid argument: shard default-orders-1/0 is of a table without ranges",
                    false)),
            List.of(
                new TaskFailed(
                    "STALE_TOPOLOGY", "Shard default-orders-1/1 is not held here", true)),
            List.of(
                new TaskFailed(
                    "STALE_TOPOLOGY", "Shard default-orders-1/2 is not held here", true)));
  }
}
