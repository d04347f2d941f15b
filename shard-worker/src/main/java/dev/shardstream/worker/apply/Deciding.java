package dev.shardstream.worker.apply;

import dev.shardstream.worker.decide.ChangeRules;
import dev.shardstream.worker.decide.Fold;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.Row;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.decide.RowsBefore;
import dev.shardstream.worker.decide.RulesInForce;
import dev.shardstream.worker.decide.UniqueValue;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folds changes over the rows of a shard, with few statements. Which unique values matter is known
 * only while deciding, since a change may build on the one before it. So the changes are folded
 * once as if no row held a value that is asked for; then all of these are looked up together, and
 * only if one is held the changes are folded again.
 */
final class Deciding {
  private Deciding() {}

  static Fold.Result fold(
      ChangeRules rules, RulesInForce inForce, RowTable rows, List<LoggedChange> changes)
      throws SQLException {
    Map<RowKey, Row> there = rows.fetch(keys(changes));
    Asking asking = new Asking(there);
    Fold.Result result = Fold.of(rules, inForce, asking, changes);
    Map<UniqueValue, Set<RowKey>> held = rows.holders(asking.asked());
    return held.isEmpty()
        ? result
        : Fold.of(rules, inForce, new Knowing(there, asking.asked(), held, rows), changes);
  }

  private static List<RowKey> keys(List<LoggedChange> changes) {
    return changes.stream().map(LoggedChange::key).distinct().sorted().toList();
  }

  /** Takes every value for free, and remembers it. */
  private record Asking(Map<RowKey, Row> there, Set<UniqueValue> asked)
      implements RowsBefore<RuntimeException> {
    Asking(Map<RowKey, Row> there) {
      this(there, new LinkedHashSet<>());
    }

    @Override
    public Optional<Row> row(RowKey key) {
      return Optional.ofNullable(there.get(key));
    }

    @Override
    public Set<RowKey> holders(UniqueValue value) {
      asked.add(value);
      return Set.of();
    }
  }

  /** Knows the holders of the values asked for; looks up others one by one. */
  private record Knowing(
      Map<RowKey, Row> there,
      Set<UniqueValue> known,
      Map<UniqueValue, Set<RowKey>> held,
      RowTable rows)
      implements RowsBefore<SQLException> {
    Knowing {
      held = new HashMap<>(held);
    }

    @Override
    public Optional<Row> row(RowKey key) {
      return Optional.ofNullable(there.get(key));
    }

    @Override
    public Set<RowKey> holders(UniqueValue value) throws SQLException {
      if (known.add(value)) {
        held.putAll(rows.holders(Set.of(value)));
      }
      return held.getOrDefault(value, Set.of());
    }
  }
}
