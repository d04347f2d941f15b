package dev.shardstream.worker.apply;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.Orders.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.RuleTable;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.Transaction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWriterTest {
  @TempDir Path directory;

  @Test
  void values_come_back_exactly_as_they_were_written() throws Exception {
    try (ShardFile shard =
        Orders.shard(
            directory,
            0,
            List.of(
                logged(
                    5,
                    change(
                        Op.INSERT, 1, Long.MIN_VALUE, 2, "", 3, -0.0, 4, "1", 5, new byte[] {49})),
                logged(
                    6, change(Op.INSERT, 1, 9007199254740993L, 2, "a\u0000b😀", 3, 2.0, 4, null)),
                logged(
                    7,
                    change(Op.INSERT, 1, 3L, 2, "x", 3, Double.NEGATIVE_INFINITY, 5, new byte[0])),
                logged(8, change(Op.INSERT, 1, -1L, 2, "x", 3, Double.MIN_VALUE))))) {
      assertThat(
              Orders.rows(
                  shard.writer(),
                  "SELECT c1, c2, c3, c4, c5, typeof(c3), typeof(c4), typeof(c5), _version, _updated FROM \"default-orders-1\" ORDER BY c1"))
          .containsExactly(
              Long.MIN_VALUE + "||-0.0|1|31|real|text|blob|5|1005",
              "-1|x|4.9E-324|null|null|real|null|null|8|1008",
              "3|x|-Infinity|null||real|null|blob|7|1007",
              "9007199254740993|a\u0000b😀|2.0|null|null|real|null|null|6|1006");
    }
  }

  @Test
  void a_change_that_was_applied_is_not_applied_again() throws Exception {
    List<LoggedChange> log = List.of(logged(5, change(Op.INSERT, 1, 1L, 2, "a")));
    try (ShardFile shard = Orders.shard(directory, 0, log)) {
      SegmentWriter.Committed again = Orders.apply(shard, log);
      assertThat(again).isEqualTo(new SegmentWriter.Committed(0, List.of()));
      assertThat(Orders.dump(shard.writer())).hasSize(1);
    }
  }

  @Test
  void many_batches_leave_the_same_rows_as_one_and_the_counters_agree() throws Exception {
    long seed = 4711;
    Random random = new Random(seed);
    List<LoggedChange> log = new ArrayList<>();
    for (int offset = 0; offset < 3_000; offset++) {
      Op op = Op.values()[random.nextInt(4)];
      long id = random.nextInt(700);
      log.add(
          logged(
              offset,
              op == Op.DELETE
                  ? change(op, 1, id)
                  : change(op, 1, id, 2, "c" + random.nextInt(), 3, random.nextGaussian())));
    }
    try (ShardFile one = Orders.shard(directory, 1, log);
        ShardFile many = Orders.shard(directory, 2, List.of())) {
      for (int from = 0; from < log.size(); ) {
        int to = Math.min(log.size(), from + 1 + random.nextInt(400));
        Orders.apply(many, log.subList(from, to));
        from = to;
      }
      assertThat(Orders.dump(many.writer()))
          .as("seed %d", seed)
          .isEqualTo(Orders.dump(one.writer()));
      assertThat(PositionTable.read(many.writer())).isEqualTo(PositionTable.read(one.writer()));
      assertThat(Orders.rows(many.writer(), "SELECT * FROM _rejections"))
          .isEqualTo(Orders.rows(one.writer(), "SELECT * FROM _rejections"))
          .isNotEmpty();
      Map<Integer, Long> counted = Orders.counted(many.writer());
      for (Positions.Held held : PositionTable.read(many.writer()).held()) {
        assertThat(held.rows()).isEqualTo(counted.getOrDefault(held.virtualShard(), 0L));
      }
    }
  }

  @Test
  void rows_positions_and_rejections_are_written_together_or_not_at_all() throws Exception {
    try (ShardFile shard = Orders.shard(directory, 0, List.of(Orders.upsert(3, 1, "a")))) {
      List<String> before = Orders.dump(shard.writer());
      Positions positions = PositionTable.read(shard.writer());
      Transaction.execute(
          shard.writer(),
          "CREATE TRIGGER fail BEFORE INSERT ON _positions BEGIN SELECT RAISE(ABORT, 'disk'); END");
      assertThatThrownBy(
              () ->
                  Orders.apply(
                      shard,
                      List.of(
                          Orders.upsert(9, 1, "b"),
                          Orders.upsert(10, 2, "c"),
                          logged(11, change(Op.INSERT, 1, 1L, 2, "d")))))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("disk");
      Transaction.execute(shard.writer(), "DROP TRIGGER fail");
      assertThat(Orders.dump(shard.writer())).isEqualTo(before);
      assertThat(PositionTable.read(shard.writer())).isEqualTo(positions);
      assertThat(RejectionTable.unpublished(shard.writer(), 10)).isEmpty();
    }
  }

  @Test
  void a_rule_is_written_for_the_virtual_shards_that_are_not_past_it_or_for_none()
      throws Exception {
    Rule rule =
        new Rule(
            "n4", Orders.TABLE.getTableId(), RuleKind.NOT_NULL, List.of(4), "note", true, true);
    LogEntry.Ruled entry = new LogEntry.Ruled(0, 17, 0, rule);
    Segment segment = new Segment(List.of(entry), Map.of());
    try (ShardFile shard = Orders.shard(directory, 0, List.of())) {
      PositionTable.put(
          shard.writer(),
          List.of(new Positions.Held(3, 0, 17, 0), new Positions.Held(5, 0, 18, 0)));
      try (SegmentWriter writer = new SegmentWriter(shard)) {
        Transaction.execute(
            shard.writer(),
            "CREATE TRIGGER fail BEFORE INSERT ON _positions BEGIN SELECT RAISE(ABORT, 'disk');"
                + " END");
        assertThat(writer.concerns(entry)).isTrue();
        assertThatThrownBy(() -> writer.commit(segment, Map.of(0, 18L)))
            .hasMessageContaining("disk");
        assertThat(Orders.rows(shard.writer(), "SELECT * FROM _rules")).isEmpty();
        Transaction.execute(shard.writer(), "DROP TRIGGER fail");
        writer.commit(segment, Map.of(0, 18L));
        assertThat(writer.concerns(entry)).isFalse();
      }
      Map<Integer, List<Rule>> expected = new HashMap<>();
      Orders.ALL.subList(0, 64).forEach(v -> expected.put(v, List.of(rule)));
      expected.remove(5);
      assertThat(RuleTable.read(shard.writer(), rule.getTableId())).isEqualTo(expected);
    }
  }

  @Test
  void a_rejection_is_kept_until_it_is_published_and_the_oldest_go_first() throws Exception {
    try (ShardFile shard =
        Orders.shard(
            directory,
            0,
            List.of(
                logged(1, change(Op.DELETE, 1, 1L)),
                logged(2, change(Op.DELETE, 1, 1L)),
                logged(3, change(Op.DELETE, 1, 1L))))) {
      List<Rejection> all = RejectionTable.unpublished(shard.writer(), 10);
      assertThat(all).extracting(Rejection::offset).containsExactlyInAnyOrder(1L, 2L, 3L);
      RejectionTable.trim(shard.writer(), 1);
      assertThat(RejectionTable.unpublished(shard.writer(), 10)).hasSize(3);
      RejectionTable.markPublished(
          shard.writer(), all.stream().filter(rejection -> rejection.offset() < 3).toList());
      RejectionTable.trim(shard.writer(), 1);
      int partition = Orders.partition(1);
      assertThat(
              RejectionTable.find(
                  shard.writer(),
                  List.of(
                      new Position(partition, 1),
                      new Position(partition, 2),
                      new Position(partition, 3))))
          .extracting(Rejection::offset)
          .containsExactly(2L, 3L);
    }
  }

  @Test
  void an_unreadable_record_is_a_rejection_and_moves_the_position() throws Exception {
    try (ShardFile shard = Orders.shard(directory, 0, List.of());
        SegmentWriter writer = new SegmentWriter(shard)) {
      Rejection poison = new Rejection(2, 17, 128, "POISON", "no", 5);
      Segment segment = new Segment(List.of(new LogEntry.Unreadable(poison)), Map.of());
      assertThat(writer.commit(segment, Map.of(2, 20L)))
          .isEqualTo(new SegmentWriter.Committed(0, List.of(poison)));
      assertThat(writer.positions().least(2)).hasValue(20);
      assertThat(RejectionTable.unpublished(shard.writer(), 10)).containsExactly(poison);
    }
  }
}
