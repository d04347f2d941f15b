package dev.shardstream.worker.apply;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a stream table with a TTL of ten seconds. */
class ExpiryTest {
  private static final int PARTITION = 0;
  private static final List<Long> IDS =
      LongStream.range(0, 1_000).boxed().filter(id -> Orders.partition(id) == PARTITION).toList();

  @TempDir Path directory;
  private ShardFile shard;
  private SegmentWriter writer;
  private long offset;

  @BeforeEach
  void open() throws Exception {
    shard = create(0);
    writer = new SegmentWriter(shard);
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    shard.close();
  }

  private ShardFile create(int shardId) throws Exception {
    return ShardFile.create(
        directory.resolve(shardId + ".sqlite"),
        Orders.SETTINGS,
        new ShardDefinition(
            new ShardRef("default-orders-1", shardId),
            Orders.stream(10L),
            Orders.ALL,
            ShardState.APPLYING));
  }

  private LogEntry insert(long id, long at) {
    return new LogEntry.Changed(
        new LoggedChange(
            Orders.key(id), change(Op.INSERT, 1, id, 2, "a"), PARTITION, offset++, at));
  }

  private LogEntry.Fenced fence(long at) {
    return new LogEntry.Fenced(PARTITION, offset++, 0, "f", at, 1);
  }

  private static SegmentWriter.Committed commit(SegmentWriter writer, LogEntry... entries)
      throws SQLException {
    SegmentWriter.Committed last = null;
    for (Segment segment : Segment.cut(List.of(entries), id -> true)) {
      last = segment.entries().isEmpty() ? last : writer.commit(segment, segment.reached());
    }
    return last;
  }

  private static List<String> ids(ShardFile shard) throws SQLException {
    return Orders.rows(shard.writer(), "SELECT c1, _updated FROM \"default-orders-1\" ORDER BY 2");
  }

  @Test
  void an_expired_row_makes_room_for_its_key_whether_it_is_still_there_or_not() throws Exception {
    long id = IDS.get(0);
    commit(writer, insert(id, 1_000));
    assertThat(commit(writer, insert(id, 10_999)).rejections()).hasSize(1);
    assertThat(commit(writer, insert(id, 11_000)).rejections()).isEmpty();
    assertThat(ids(shard)).containsExactly(id + "|11000");
    assertThat(writer.positions().rows()).isEqualTo(1);
  }

  @Test
  void housekeeping_deletes_what_has_been_expired_for_a_while_and_counts_it() throws Exception {
    commit(writer, insert(IDS.get(0), 1_000), insert(IDS.get(1), 5_000));
    assertThat(writer.deleteExpired()).isFalse();
    commit(writer, insert(IDS.get(2), 21_000));
    assertThat(writer.deleteExpired()).isTrue();
    assertThat(writer.deleteExpired()).isFalse();
    assertThat(ids(shard)).containsExactly(IDS.get(1) + "|5000", IDS.get(2) + "|21000");
    assertThat(writer.positions().rows()).isEqualTo(2);
    assertThat(PositionTable.read(shard.writer())).isEqualTo(writer.positions());
  }

  @Test
  void at_a_fence_exactly_the_expired_rows_are_gone() throws Exception {
    commit(
        writer,
        insert(IDS.get(0), 1_000),
        insert(IDS.get(1), 1_001),
        insert(IDS.get(2), 11_000),
        fence(11_000));
    assertThat(ids(shard)).containsExactly(IDS.get(1) + "|1001", IDS.get(2) + "|11000");
    assertThat(writer.positions().rows()).isEqualTo(2);
    assertThat(writer.positions().least(PARTITION)).hasValue(4);
  }

  @Test
  void two_replicas_that_tidy_up_at_other_times_are_equal_at_a_fence_and_refuse_alike()
      throws Exception {
    Random random = new Random(17);
    List<LogEntry> log = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < 3_000; i++) {
      at += random.nextInt(200);
      log.add(insert(IDS.get(random.nextInt(200)), at));
    }
    LogEntry fence = fence(at);
    try (ShardFile other = create(1);
        SegmentWriter lazy = new SegmentWriter(other)) {
      for (int from = 0; from < log.size(); from += 100) {
        LogEntry[] batch = log.subList(from, from + 100).toArray(LogEntry[]::new);
        assertThat(commit(writer, batch)).isEqualTo(commit(lazy, batch));
        writer.deleteExpired();
      }
      assertThat(ids(shard)).hasSizeLessThan(ids(other).size());
      commit(writer, fence);
      commit(lazy, fence);
      assertThat(Orders.dump(shard.writer())).isEqualTo(Orders.dump(other.writer()));
      assertThat(writer.positions()).isEqualTo(lazy.positions());
      Map<Integer, Long> counted = Orders.counted(shard.writer());
      for (Positions.Held held : writer.positions().held()) {
        assertThat(held.rows()).isEqualTo(counted.getOrDefault(held.virtualShard(), 0L));
      }
    }
  }
}
