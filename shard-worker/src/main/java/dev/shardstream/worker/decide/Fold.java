package dev.shardstream.worker.decide;

import dev.shardstream.worker.shard.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Applies changes in log order in memory, and says what is left to write. */
public final class Fold {
  private Fold() {}

  /**
   * What a batch leaves behind.
   *
   * @param puts rows to write, sorted by key; each key once
   * @param removed keys of rows that were there and are gone, sorted
   * @param rejections refused changes, in log order of each partition
   * @param rowDelta by virtual shard, rows added less rows removed; without zeros
   * @param accepted changes that were accepted
   */
  public record Result(
      List<Put> puts,
      List<RowKey> removed,
      List<Rejection> rejections,
      Map<Integer, Long> rowDelta,
      long accepted) {}

  /** A row to write under a key. */
  public record Put(RowKey key, Row row) {}

  private record Fate(Optional<Row> before, Optional<Row> after, boolean changed) {}

  /**
   * @param existing rows before the batch; keys of the changes that are missing here have no row
   * @param changes in log order; only the order within one key matters
   */
  public static Result of(
      ChangeRules rules, Map<RowKey, Row> existing, List<LoggedChange> changes) {
    Map<RowKey, Fate> fates = new HashMap<>(changes.size() * 2);
    List<Rejection> rejections = new ArrayList<>();
    for (LoggedChange change : changes) {
      Fate fate = fates.get(change.key());
      if (fate == null) {
        Optional<Row> row = Optional.ofNullable(existing.get(change.key()));
        fate = new Fate(row, row, false);
      }
      Decision decision = rules.decide(fate.after(), change);
      if (decision instanceof Decision.Rejected rejected) {
        rejections.add(rejection(change, rejected));
        fates.putIfAbsent(change.key(), fate);
      } else {
        fates.put(change.key(), new Fate(fate.before(), row(decision), true));
      }
    }
    return result(fates, rejections, changes.size() - rejections.size());
  }

  private static Optional<Row> row(Decision accepted) {
    return accepted instanceof Decision.Put put ? Optional.of(put.row()) : Optional.empty();
  }

  private static Rejection rejection(LoggedChange change, Decision.Rejected rejected) {
    return new Rejection(
        change.partition(),
        change.offset(),
        change.key().virtualShard(),
        rejected.code().name(),
        rejected.message(),
        change.timestamp());
  }

  private static Result result(Map<RowKey, Fate> fates, List<Rejection> rejections, long accepted) {
    List<Put> puts = new ArrayList<>();
    List<RowKey> removed = new ArrayList<>();
    Map<Integer, Long> delta = new TreeMap<>();
    fates.forEach(
        (key, fate) -> {
          if (!fate.changed()) {
            return;
          }
          fate.after().ifPresent(row -> puts.add(new Put(key, row)));
          if (fate.before().isPresent() && fate.after().isEmpty()) {
            removed.add(key);
          }
          long added = (fate.after().isPresent() ? 1 : 0) - (fate.before().isPresent() ? 1 : 0);
          if (added != 0) {
            delta.merge(key.virtualShard(), added, Long::sum);
          }
        });
    puts.sort((a, b) -> a.key().compareTo(b.key()));
    removed.sort(null);
    delta.values().removeIf(sum -> sum == 0);
    return new Result(puts, removed, rejections, delta, accepted);
  }
}
