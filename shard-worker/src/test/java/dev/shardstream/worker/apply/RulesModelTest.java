package dev.shardstream.worker.apply;

import static dev.shardstream.worker.Accounts.AMOUNT;
import static dev.shardstream.worker.Accounts.EMAIL;
import static dev.shardstream.worker.Accounts.ID;
import static dev.shardstream.worker.Accounts.NOTE;
import static dev.shardstream.worker.Accounts.RANK;
import static dev.shardstream.worker.Accounts.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.Accounts;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.Transaction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logs full of conflicts, by writers of three schema versions, with rules that come and go: a shard
 * file leaves what a naive interpreter leaves, wherever the batches are cut.
 */
class RulesModelTest {
  private static final String[] TENANTS = {"eu", "us", "asia"};
  private static final Object[] EMAILS = {"a", "A", "é", "", "b", null};
  private static final Object[] AMOUNTS = {0.0, -0.0, 1.0, 2.5, null};
  private static final Object[] RANKS = {1L, 7L, 3L, null};
  private static final Object[] NOTES = {"x", "-", null};

  @TempDir Path directory;

  @RepeatedTest(40)
  void a_shard_leaves_what_a_naive_interpreter_leaves(RepetitionInfo repetition) throws Exception {
    long seed = 31_000 + repetition.getCurrentRepetition();
    Random random = new Random(seed);
    List<LogEntry> log = log(random, 1_500, Accounts.VERSIONS);
    RulesModel model = new RulesModel(Accounts.THIRD);
    log.forEach(model::apply);
    try (ShardFile shard = Accounts.shard(directory, 0, Accounts.THIRD)) {
      if (random.nextBoolean()) {
        index(shard);
      }
      applyInPieces(shard, log, random);
      assertThat(rows(shard, Accounts.THIRD)).as("seed %d", seed).isEqualTo(model.rows());
      assertThat(rejections(shard)).as("seed %d", seed).isEqualTo(model.rejections());
      assertThat(model.codes())
          .as("seed %d", seed)
          .contains("UNIQUE_VIOLATION", "NOT_NULL", "DUPLICATE_KEY", "NOT_FOUND");
      assertThat(PositionTable.read(shard.writer())).isEqualTo(positions(log, model));
    }
  }

  @RepeatedTest(10)
  void what_is_accepted_does_not_depend_on_the_version_of_the_shard(RepetitionInfo repetition)
      throws Exception {
    long seed = 52_000 + repetition.getCurrentRepetition();
    Random random = new Random(seed);
    List<LogEntry> log = log(random, 800, Accounts.VERSIONS.subList(0, 2));
    try (ShardFile behind = Accounts.shard(directory, 1, Accounts.SECOND);
        ShardFile ahead = Accounts.shard(directory, 2, Accounts.THIRD)) {
      applyInPieces(behind, log, random);
      applyInPieces(ahead, log, random);
      assertThat(rejections(behind)).as("seed %d", seed).isEqualTo(rejections(ahead)).isNotEmpty();
      assertThat(rows(behind, Accounts.SECOND))
          .as("seed %d", seed)
          .isEqualTo(rows(ahead, Accounts.SECOND));
    }
  }

  private static List<LogEntry> log(Random random, int length, List<RowVersion> writers) {
    List<LogEntry> log = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < length; i++) {
      offset += 1 + random.nextInt(2);
      if (random.nextInt(30) == 0) {
        Rule rule = rule(random);
        for (int partition = 0; partition < Accounts.PARTITIONS; partition++) {
          log.add(new LogEntry.Ruled(partition, offset, partition * 64, rule));
        }
      } else {
        RowVersion writer = writers.get(random.nextInt(writers.size()));
        log.add(new LogEntry.Changed(Accounts.logged(offset, change(random, writer, offset))));
      }
    }
    return log;
  }

  private static Rule rule(Random random) {
    boolean enforced = random.nextInt(3) > 0;
    return switch (random.nextInt(6)) {
      case 0 -> Accounts.notNull(EMAIL, true, enforced);
      case 1 -> Accounts.notNull(RANK, random.nextBoolean(), enforced);
      case 2, 3 -> Accounts.unique(1, enforced, TENANT, EMAIL);
      case 4 -> Accounts.unique(2, enforced, AMOUNT, RANK, TENANT);
      default -> Accounts.unique(3, enforced, TENANT, RANK);
    };
  }

  private static RowChange change(Random random, RowVersion writer, long offset) {
    Op op = Op.values()[random.nextInt(4)];
    List<Integer> ids = new ArrayList<>(List.of(TENANT, ID));
    List<Object> values = new ArrayList<>();
    values.add(pick(random, TENANTS));
    values.add((long) random.nextInt(12));
    if (op != Op.DELETE) {
      add(random, writer, ids, values, EMAIL, EMAILS);
      add(random, writer, ids, values, AMOUNT, AMOUNTS);
      add(random, writer, ids, values, RANK, RANKS);
      add(random, writer, ids, values, NOTE, NOTES);
    }
    Long ifVersion = random.nextInt(12) == 0 ? (Long) (offset - random.nextInt(30)) : null;
    return new RowChange(op, ifVersion, writer, new RowChange.ColumnValues(ids, values));
  }

  private static void add(
      Random random,
      RowVersion writer,
      List<Integer> ids,
      List<Object> values,
      int columnId,
      Object[] choice) {
    if (writer.column(columnId).isPresent() && random.nextInt(3) > 0) {
      ids.add(columnId);
      values.add(pick(random, choice));
    }
  }

  private static Object pick(Random random, Object[] choice) {
    return choice[random.nextInt(choice.length)];
  }

  /** As the applier does it, with restarts, and with records that are polled twice. */
  private static void applyInPieces(ShardFile shard, List<LogEntry> log, Random random)
      throws SQLException {
    int from = 0;
    while (from < log.size()) {
      try (SegmentWriter writer = new SegmentWriter(shard)) {
        for (int batch = 0; batch < 4 && from < log.size(); batch++) {
          int to = Math.min(log.size(), from + 1 + random.nextInt(200));
          List<LogEntry> polled = log.subList(Math.max(0, from - random.nextInt(50)), to);
          for (Segment segment : Segment.cut(polled, fence -> false)) {
            Segment ours =
                new Segment(segment.entries().stream().filter(writer::concerns).toList(), Map.of());
            writer.commit(ours, segment.reached());
          }
          from = to;
        }
      }
    }
  }

  private static void index(ShardFile shard) throws SQLException {
    for (String index :
        List.of(
            "_i1 ON %s (c1, c3)", "_i2 ON %s (CAST(c4 AS REAL), c5, c1)", "_i3 ON %s (c1, c5)")) {
      Transaction.execute(
          shard.writer(), ("CREATE INDEX " + index).formatted(shard.shape().name()));
    }
  }

  private static List<String> rows(ShardFile shard, Table table) throws SQLException {
    return Orders.rows(
        shard.writer(),
        "SELECT "
            + table.getColumns().stream()
                .map(column -> "c" + column.getId())
                .collect(Collectors.joining(", "))
            + ", _version, _updated FROM "
            + shard.shape().name()
            + " ORDER BY c1, c2");
  }

  private static List<String> rejections(ShardFile shard) throws SQLException {
    return Orders.rows(
        shard.writer(),
        "SELECT partition, \"offset\", virtual_shard, code, message FROM _rejections"
            + " ORDER BY partition, \"offset\"");
  }

  private static Positions positions(List<LogEntry> log, RulesModel model) {
    Map<Integer, Long> reached = new TreeMap<>();
    log.forEach(entry -> reached.put(entry.partition(), entry.offset() + 1));
    return new Positions(
        Orders.ALL.stream()
            .map(
                v -> {
                  int partition = VirtualShards.partitionOf(v, Accounts.PARTITIONS);
                  return new Positions.Held(v, partition, reached.get(partition), model.rowsIn(v));
                })
            .toList());
  }
}
