package dev.shardstream.worker.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeCatalog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.apply.SegmentWriter;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.RuleTable;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target of a range that two shards of other ranges share. */
class RangeCopyTest {
  private static final KeyRange LEFT = Orders.ranges(1_000L).get(0);
  private static final KeyRange RIGHT = Orders.ranges(1_000L).get(1);
  private static final KeyRange WANTED = Orders.ranges(500L, 1_500L).get(1);
  private static final KeyRange FROM_LEFT = Orders.ranges(500L, 1_000L).get(1);
  private static final KeyRange FROM_RIGHT = Orders.ranges(1_000L, 1_500L).get(1);

  /** A virtual shard that has rows on both sides and beyond. */
  private static final int V =
      Orders.ALL.stream()
          .filter(v -> !in(v, 0, 500).isEmpty())
          .filter(v -> !in(v, 500, 1_000).isEmpty() && !in(v, 1_000, 1_500).isEmpty())
          .findFirst()
          .orElseThrow();

  private static final long OUTSIDE = in(V, 0, 500).get(0);
  private static final long ON_LEFT = in(V, 500, 1_000).get(0);
  private static final long ON_RIGHT = in(V, 1_000, 1_500).get(0);
  private static final int P = Orders.partition(ON_LEFT);

  private static final Rule RULE =
      new Rule("n4", "default-orders-1", RuleKind.NOT_NULL, List.of(4), "note", true, true);
  private static final LogEntry RULED = new LogEntry.Ruled(P, 5_000, P * 64, RULE);

  @TempDir Path directory;
  private ShardFile left;
  private ShardFile right;
  private ShardFile target;

  private static List<Long> in(int virtualShard, long from, long to) {
    return LongStream.range(from, to)
        .filter(id -> Orders.virtualShard(id) == virtualShard)
        .boxed()
        .toList();
  }

  @BeforeEach
  void open() throws Exception {
    List<LoggedChange> log =
        LongStream.range(0, 2_000).mapToObj(id -> Orders.upsert(id, id, "c" + id)).toList();
    left = Orders.ranged(directory, 0, LEFT, log);
    right = Orders.ranged(directory, 1, RIGHT, log);
    target =
        ShardFile.create(
            directory.resolve("2.sqlite"),
            Orders.SETTINGS,
            new ShardDefinition(
                new ShardRef(Orders.TABLE.getTableId(), 2),
                Orders.RANGED,
                Orders.ALL,
                WANTED,
                ShardState.COPYING));
  }

  @AfterEach
  void close() throws Exception {
    left.close();
    right.close();
    target.close();
  }

  private static CopySource source(int shardId, KeyRange range) {
    return new CopySource(shardId, "node-1", "http://127.0.0.1:1", Orders.ALL, range);
  }

  private ShardCopier.Outcome copy(CopySource... sources) throws Exception {
    ShardCopier copier =
        new ShardCopier(
            "node-1",
            shard -> Optional.of(directory.resolve(shard.shardId() + ".sqlite")),
            new FakeCatalog(),
            adopted -> {},
            new SliceClient(Duration.ofSeconds(1), Caller.plain()),
            directory,
            new SimpleMeterRegistry());
    return copier.copy(
        new ShardCopier.Job(
            target, List.of(sources), new Pace(), new CopyProgress(), reached -> {}));
  }

  private ShardCopier.Outcome copyBoth() throws Exception {
    return copy(source(0, FROM_LEFT), source(1, FROM_RIGHT));
  }

  private static void apply(ShardFile shard, LogEntry... entries) throws Exception {
    try (SegmentWriter writer = new SegmentWriter(shard)) {
      for (Segment segment : Segment.cut(List.of(entries), fence -> false)) {
        List<LogEntry> ours = segment.entries().stream().filter(writer::concerns).toList();
        writer.commit(new Segment(ours, Map.of()), segment.reached());
      }
    }
  }

  private static LogEntry insert(long offset, long id) {
    return new LogEntry.Changed(
        Orders.logged(offset, Orders.change(Op.UPSERT, 1, id, 2, "at " + offset)));
  }

  private List<Long> ids() throws Exception {
    return Orders.rows(target.writer(), "SELECT c1 FROM \"default-orders-1\" ORDER BY c1").stream()
        .map(Long::valueOf)
        .toList();
  }

  @Test
  void a_target_has_the_rows_of_its_range_from_all_sources_and_a_position_for_each()
      throws Exception {
    apply(right, insert(3_000, ON_RIGHT));
    assertThat(copyBoth()).isEqualTo(ShardCopier.Outcome.COMPLETE);
    assertThat(ids()).isEqualTo(LongStream.range(500, 1_500).boxed().toList());
    Positions positions = PositionTable.read(target.writer());
    assertThat(positions.rows()).isEqualTo(1_000);
    assertThat(positions.segments(V))
        .extracting(Positions.Held::range)
        .containsExactly(FROM_LEFT, FROM_RIGHT);
    assertThat(positions.segments(V).get(0).nextOffset()).isLessThan(3_000);
    assertThat(positions.segments(V).get(1).nextOffset()).isEqualTo(3_001);
  }

  @Test
  void what_is_there_of_one_source_is_not_copied_again() throws Exception {
    copy(source(0, FROM_LEFT));
    apply(left, insert(3_000, ON_LEFT));
    copyBoth();
    assertThat(ids()).isEqualTo(LongStream.range(500, 1_500).boxed().toList());
    assertThat(PositionTable.read(target.writer()).segments(V).get(0).nextOffset())
        .isLessThan(3_000);
  }

  @Test
  void of_a_source_with_more_keys_a_target_takes_its_own() throws Exception {
    copy(source(0, LEFT), source(1, RIGHT));
    assertThat(ids()).isEqualTo(LongStream.range(500, 1_500).boxed().toList());
  }

  @Test
  void a_source_that_does_not_hold_all_of_a_range_gives_nothing_of_it() {
    assertThatThrownBy(() -> copy(source(0, null)))
        .isInstanceOf(ShardstreamException.class)
        .hasMessage("Shard default-orders-1/0 is not held here");
  }

  @Test
  void each_change_is_applied_to_its_segment_once_and_then_they_are_one() throws Exception {
    apply(right, insert(3_000, ON_RIGHT));
    copyBoth();
    target.startApplying();
    LogEntry outside = insert(3_001, OUTSIDE);
    apply(target, insert(2_999, ON_LEFT), insert(3_000, ON_RIGHT), outside);
    assertThat(ids()).isEqualTo(LongStream.range(500, 1_500).boxed().toList());
    assertThat(
            Orders.rows(
                target.writer(),
                "SELECT c1, c2, _version FROM \"default-orders-1\" WHERE _version > 2500"))
        .containsExactlyInAnyOrder(ON_LEFT + "|at 2999|2999", ON_RIGHT + "|at 3000|3000");
    Positions positions = PositionTable.read(target.writer());
    assertThat(positions.of(V))
        .contains(new Positions.Held(V, WANTED, P, 3_002, in(V, 500, 1_500).size()));
  }

  @Test
  void the_rules_of_a_virtual_shard_are_those_at_its_least_position() throws Exception {
    for (boolean leftFirst : new boolean[] {true, false}) {
      apply(right, RULED);
      copy(leftFirst ? source(0, FROM_LEFT) : source(1, FROM_RIGHT));
      copyBoth();
      assertThat(RuleTable.read(target.writer(), "t")).isEmpty();
      apply(target, insert(4_000, ON_LEFT), RULED, insert(5_001, ON_LEFT), insert(5_002, ON_RIGHT));
      assertThat(refused()).contains(5_001L, 5_002L).doesNotContain(4_000L);
      assertThat(RuleTable.read(target.writer(), "t")).containsKey(V);
      close();
      open();
    }
  }

  private List<Long> refused() throws Exception {
    List<Long> offsets = new ArrayList<>();
    for (Rejection rejection : RejectionTable.unpublished(target.writer(), 1_000)) {
      offsets.add(rejection.offset());
    }
    return offsets;
  }

  @Test
  void a_slice_has_the_rows_of_its_range_only() throws Exception {
    Path file = directory.resolve("slice");
    Slice slice = Slice.make(left, V, FROM_LEFT, file).orElseThrow();
    assertThat(slice.rows()).isEqualTo(in(V, 500, 1_000).size());
    assertThat(Slice.make(left, V, WANTED, directory.resolve("other"))).isEmpty();
    assertThat(Slice.make(left, V, KeyRanges.ALL, directory.resolve("all"))).isEmpty();
  }
}
