package dev.shardstream.worker.decide;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.worker.shard.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Applies changes in log order in memory, and says what is left to write.
 *
 * @param <E> what goes wrong when rows are looked up
 */
public final class Fold<E extends Exception> {
  private final ChangeRules rules;
  private final RulesInForce inForce;
  private final RowsBefore<E> before;
  private final Map<RowKey, Fate> fates;
  private final Map<UniqueValue, Set<RowKey>> heldByChanged = new HashMap<>();
  private final List<Rejection> rejections = new ArrayList<>();

  private Fold(ChangeRules rules, RulesInForce inForce, RowsBefore<E> before, int changes) {
    this.rules = rules;
    this.inForce = inForce;
    this.before = before;
    this.fates = new HashMap<>(changes * 2);
  }

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
   * @param inForce rules that hold for all of the changes
   * @param changes in log order of each partition
   */
  public static <E extends Exception> Result of(
      ChangeRules rules, RulesInForce inForce, RowsBefore<E> before, List<LoggedChange> changes)
      throws E {
    Fold<E> fold = new Fold<>(rules, inForce, before, changes.size());
    for (LoggedChange change : changes) {
      fold.apply(change);
    }
    return fold.result(changes.size() - fold.rejections.size());
  }

  private void apply(LoggedChange change) throws E {
    Fate fate = fates.get(change.key());
    if (fate == null) {
      Optional<Row> row = before.row(change.key());
      fate = new Fate(row, row, false);
    }
    RuleSet ruleSet = inForce.of(change.key().virtualShard());
    Decision decision = rules.decide(fate.after(), change, ruleSet);
    if (decision instanceof Decision.Put put) {
      decision = differing(ruleSet, change.key(), fate.after(), put);
    }
    if (decision instanceof Decision.Rejected rejected) {
      rejections.add(rejection(change, rejected));
      fates.putIfAbsent(change.key(), fate);
    } else {
      Fate next = new Fate(fate.before(), row(decision), true);
      fates.put(change.key(), next);
      hold(ruleSet, change.key(), fate, next);
    }
  }

  private static Optional<Row> row(Decision accepted) {
    return accepted instanceof Decision.Put put ? Optional.of(put.row()) : Optional.empty();
  }

  /**
   * Refuses a row whose values another row has. A row that keeps its values breaks nothing that was
   * not broken before: a rule that is about to fail its check does not stop writes that do not
   * touch its columns.
   */
  private Decision differing(RuleSet ruleSet, RowKey key, Optional<Row> now, Decision.Put put)
      throws E {
    for (Rule rule : ruleSet.unique()) {
      Optional<UniqueValue> wanted = value(rule, key, Optional.of(put.row()));
      if (wanted.isPresent()
          && !wanted.equals(value(rule, key, now))
          && isTaken(wanted.get(), key)) {
        return Decision.Rejected.of(
            ErrorCode.UNIQUE_VIOLATION,
            Tables.keyText(wanted.get().values()),
            rule.getName(),
            rules.tableName());
      }
    }
    return put;
  }

  private Optional<UniqueValue> value(Rule rule, RowKey key, Optional<Row> row) {
    return row.flatMap(there -> rules.uniqueValue(rule, key.virtualShard(), there));
  }

  private boolean isTaken(UniqueValue value, RowKey by) throws E {
    for (RowKey holder : heldByChanged.getOrDefault(value, Set.of())) {
      if (!holder.equals(by)) {
        return true;
      }
    }
    for (RowKey holder : before.holders(value)) {
      Fate fate = fates.get(holder);
      if (!holder.equals(by) && (fate == null || !fate.changed())) {
        return true;
      }
    }
    return false;
  }

  private void hold(RuleSet ruleSet, RowKey key, Fate fate, Fate next) {
    for (Rule rule : ruleSet.unique()) {
      if (fate.changed()) {
        value(rule, key, fate.after()).ifPresent(left -> heldByChanged.get(left).remove(key));
      }
      value(rule, key, next.after())
          .ifPresent(held -> heldByChanged.computeIfAbsent(held, v -> new HashSet<>(2)).add(key));
    }
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

  private Result result(long accepted) {
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
