package dev.shardstream.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.Fence;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.worker.node.HostedShard;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table's log with bad changes, rules and fences between the good changes: the real applier goes
 * through all of it, and every good change is there.
 */
class LogFuzzTest {
  private static final int INPUTS_OF_A_ROUND = 5_000;

  /** Rows that only good changes are about; bad ones are made of changes of others. */
  private static final int GOOD_ROWS = 200;

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path directory;
  private int rounds;

  @Test
  void every_good_change_is_applied_whatever_stands_between_them() {
    Fuzz.run("log", 5_000, this::round);
  }

  private long round(Random random) throws Exception {
    FuzzLog log = new FuzzLog();
    Map<Long, String> expected = new TreeMap<>();
    for (int i = 0; i < INPUTS_OF_A_ROUND; i++) {
      bad(log, random);
      if (random.nextInt(4) == 0) {
        good(log, random, expected);
      }
    }
    try (FuzzShards node = new FuzzShards(directory.resolve("round-" + rounds++), log)) {
      HostedShard shard = node.shard();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () ->
                  node.failures() > 0
                      || shard.board().current().leastByPartition().equals(log.ends()));
      assertThat(shard.failure()).isEmpty();
      assertThat(node.failures()).isZero();
      assertThat(goodRows(shard)).isEqualTo(expected);
    }
    return INPUTS_OF_A_ROUND;
  }

  private static void good(FuzzLog log, Random random, Map<Long, String> expected) {
    long id = random.nextInt(GOOD_ROWS);
    RowChange change;
    if (expected.containsKey(id) && random.nextInt(5) == 0) {
      change = FuzzTable.delete(id);
      expected.remove(id);
    } else {
      change = FuzzTable.upsert(id, random);
      expected.put(id, String.valueOf(change.values().get(2)));
    }
    log.append(FuzzTable.partition(id), FuzzTable.key(id), log.encode(change));
  }

  private static void bad(FuzzLog log, Random random) {
    Mangler mangler = new Mangler(random);
    long id = 1_000 + random.nextInt(1_000);
    switch (random.nextInt(20)) {
      case 0 -> append(log, random, null, log.encode(rule(mangler)));
      case 1 -> append(log, random, null, mangled(mangler, log.encode(rule(mangler))));
      case 2 -> append(log, random, null, log.encode(fence(mangler)));
      case 3 -> append(log, random, null, mangled(mangler, log.encode(fence(mangler))));
      case 4 -> append(log, random, FuzzTable.key(id), log.encode(FuzzTable.upsert(id, random)));
      case 5 -> append(log, random, FuzzTable.key(id), ofSchema(mangler, log, id, random));
      case 6 -> append(log, random, FuzzTable.key(id), null);
      case 7 ->
          append(log, random, mangler.mangled(FuzzTable.key(id)), log.encode(odd(id, mangler)));
      case 8, 9, 10 ->
          log.append(FuzzTable.partition(id), FuzzTable.key(id), log.encode(odd(id, mangler)));
      default ->
          log.append(
              FuzzTable.partition(id),
              FuzzTable.key(id),
              mangled(mangler, log.encode(FuzzTable.upsert(id, random))));
    }
  }

  private static void append(
      FuzzLog log, Random random, byte @Nullable [] key, byte @Nullable [] value) {
    // For a column that there may be some day a shard waits, as it should.
    if (value == null || !log.isRuleOfTheFuture(value)) {
      log.append(random.nextInt(FuzzTable.PARTITIONS), key, value);
    }
  }

  private static byte[] mangled(Mangler mangler, byte[] bytes) {
    return mangler.mangled(bytes);
  }

  /** The bytes of a change under the id of another schema, or of none. */
  private static byte[] ofSchema(Mangler mangler, FuzzLog log, long id, Random random) {
    byte[] bytes = log.encode(FuzzTable.upsert(id, random));
    return ByteBuffer.wrap(bytes)
        .putInt(1, mangler.chance(0.5) ? random.nextInt(6) : mangler.small())
        .array();
  }

  /** A change that can be read, and can hardly be applied. */
  private static RowChange odd(long id, Mangler mangler) {
    RowChange whole = FuzzTable.upsert(id, new Random(id));
    List<@Nullable Object> values = new ArrayList<>(whole.values().values());
    values.set(2, mangler.oneOf(List.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0, 1e308)));
    values.set(3, mangler.chance(0.5) ? null : mangler.nonsense());
    values.set(7, (long) mangler.small());
    return new RowChange(
        mangler.oneOf(List.of(RowChange.Op.values())),
        mangler.chance(0.5) ? null : (Long) mangler.number(),
        whole.version(),
        new RowChange.ColumnValues(whole.values().ids(), values));
  }

  private static Fence fence(Mangler mangler) {
    return new Fence(mangler.nonsense(), mangler.nonsense(), mangler.nonsense(), mangler.small());
  }

  /**
   * About columns that there are or can never be; one that differs from row to row is among those
   * that must not be equal, so that no good change is against it.
   */
  private static Rule rule(Mangler mangler) {
    List<Integer> columns = new ArrayList<>();
    for (int count = mangler.oneOf(List.of(0, 1, 1, 1, 2, 3)); count > 0; count--) {
      columns.add(
          mangler.chance(0.2) ? -Math.abs(mangler.small() / 2) : 1 + Math.abs(mangler.small() % 9));
    }
    RuleKind kind = mangler.oneOf(List.of(RuleKind.values()));
    if (kind == RuleKind.UNIQUE && !columns.contains(1)) {
      columns.add(0, 1);
    }
    return new Rule(
        mangler.chance(0.1) ? mangler.nonsense() : mangler.oneOf(List.of("n2", "n3", "u1", "u2")),
        mangler.chance(0.2) ? mangler.nonsense() : FuzzTable.ID,
        kind,
        columns,
        mangler.nonsense(),
        mangler.chance(0.5),
        mangler.chance(0.7));
  }

  /** By id, the name that each good row has. */
  private static Map<Long, String> goodRows(HostedShard shard) throws SQLException {
    return shard
        .readers()
        .read(
            PATIENCE,
            reader -> {
              Map<Long, String> rows = new TreeMap<>();
              try (Statement statement = reader.createStatement();
                  ResultSet row =
                      statement.executeQuery(
                          "SELECT c1, c2 FROM \"" + FuzzTable.ID + "\" WHERE c1 < " + GOOD_ROWS)) {
                while (row.next()) {
                  rows.put(row.getLong(1), row.getString(2));
                }
              }
              return rows;
            });
  }
}
