package dev.shardstream.worker.decide;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.Orders.logged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.shard.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FoldTest {
  private final ChangeRules rules = new ChangeRules(Orders.TABLE);

  private Fold.Result fold(Map<RowKey, Row> rows, List<LoggedChange> changes) {
    return Fold.of(rules, RulesInForce.NONE, new InMemory(rows), changes);
  }

  private record InMemory(Map<RowKey, Row> rows) implements RowsBefore<RuntimeException> {
    @Override
    public Optional<Row> row(RowKey key) {
      return Optional.ofNullable(rows.get(key));
    }

    @Override
    public Set<RowKey> holders(UniqueValue value) {
      throw new AssertionError("no rule asks for " + value);
    }
  }

  @RepeatedTest(30)
  void folding_leaves_what_one_by_one_applying_leaves(RepetitionInfo repetition) {
    long seed = 7_000 + repetition.getCurrentRepetition();
    Random random = new Random(seed);
    Map<RowKey, Row> folded = new HashMap<>();
    Map<RowKey, Row> oneByOne = new HashMap<>();
    List<Rejection> foldedRejections = new ArrayList<>();
    List<Rejection> rejections = new ArrayList<>();
    long offset = 0;
    for (int batch = 0; batch < 10; batch++) {
      List<LoggedChange> changes = new ArrayList<>();
      for (int i = 0; i < random.nextInt(200); i++) {
        changes.add(random(random, offset++));
      }
      foldedRejections.addAll(applyFolded(folded, changes));
      changes.forEach(change -> applyOne(oneByOne, change, rejections));
      assertThat(folded).as("seed %d", seed).isEqualTo(oneByOne);
      assertThat(foldedRejections).as("seed %d", seed).isEqualTo(rejections);
    }
  }

  private static LoggedChange random(Random random, long offset) {
    Op op = Op.values()[random.nextInt(4)];
    Long ifVersion = random.nextInt(5) == 0 ? (Long) (offset - random.nextInt(20)) : null;
    long id = random.nextInt(20);
    return logged(
        offset,
        op == Op.DELETE
            ? change(op, ifVersion, 1, id)
            : change(op, ifVersion, 1, id, 2, random.nextInt(9) == 0 ? null : "c" + offset));
  }

  private List<Rejection> applyFolded(Map<RowKey, Row> rows, List<LoggedChange> changes) {
    int before = rows.size();
    Fold.Result result = fold(rows, changes);
    result.removed().forEach(rows::remove);
    result.puts().forEach(put -> rows.put(put.key(), put.row()));
    assertThat(result.puts().stream().map(Fold.Put::key).toList())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(result.removed()).isSorted().doesNotHaveDuplicates();
    assertThat(result.accepted()).isEqualTo(changes.size() - result.rejections().size());
    assertThat(result.rowDelta().values().stream().mapToLong(d -> d).sum())
        .isEqualTo(rows.size() - before);
    return result.rejections();
  }

  private void applyOne(Map<RowKey, Row> rows, LoggedChange change, List<Rejection> rejections) {
    Decision decision =
        rules.decide(Optional.ofNullable(rows.get(change.key())), change, RuleSet.NONE);
    if (decision instanceof Decision.Put put) {
      rows.put(change.key(), put.row());
    } else if (decision instanceof Decision.Remove) {
      rows.remove(change.key());
    } else if (decision instanceof Decision.Rejected rejected) {
      rejections.add(
          new Rejection(
              change.partition(),
              change.offset(),
              change.key().virtualShard(),
              rejected.code().name(),
              rejected.message(),
              change.timestamp()));
    }
  }

  @Test
  void a_row_that_comes_and_goes_in_one_batch_is_not_written() {
    Fold.Result result =
        fold(Map.of(), List.of(Orders.upsert(1, 7, "a"), logged(2, change(Op.DELETE, 1, 7L))));
    assertThat(result).isEqualTo(new Fold.Result(List.of(), List.of(), List.of(), Map.of(), 2));
  }

  @Test
  void a_refused_change_leaves_no_row_to_write() {
    Row there = new Row(List.of(7L, "a", 1.5), 3, 4);
    Fold.Result result =
        fold(Map.of(Orders.key(7), there), List.of(logged(9, change(Op.INSERT, 1, 7L, 2, "b"))));
    assertThat(result)
        .isEqualTo(
            new Fold.Result(
                List.of(),
                List.of(),
                List.of(
                    new Rejection(
                        Orders.partition(7),
                        9,
                        Orders.virtualShard(7),
                        "DUPLICATE_KEY",
                        "Duplicate key (7) in table 'orders'",
                        1_009)),
                new TreeMap<>(),
                0));
  }
}
