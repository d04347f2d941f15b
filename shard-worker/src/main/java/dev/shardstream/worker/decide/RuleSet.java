package dev.shardstream.worker.decide;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.StoredValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules that hold for the changes of one virtual shard at one place of its log. In the order of
 * their ids, so that a change that breaks several is refused for the same one everywhere.
 */
public final class RuleSet {
  /** No rule. */
  public static final RuleSet NONE = new RuleSet(List.of());

  private final List<Rule> notNull;
  private final List<Rule> unique;

  /** Rules that hold, in any order. */
  public RuleSet(Collection<Rule> rules) {
    this.notNull = ofKind(rules, RuleKind.NOT_NULL);
    this.unique = ofKind(rules, RuleKind.UNIQUE);
  }

  private static List<Rule> ofKind(Collection<Rule> rules, RuleKind kind) {
    return rules.stream()
        .filter(rule -> rule.getKind() == kind)
        .sorted(Comparator.comparing(Rule::getRuleId))
        .toList();
  }

  /** The rules that demand that values differ. */
  public List<Rule> unique() {
    return unique;
  }

  /** The rules behind the record of a rule: with it, or without the one of its id. */
  public RuleSet after(Rule rule) {
    List<Rule> rules = new ArrayList<>(notNull);
    rules.addAll(unique);
    rules.removeIf(one -> one.getRuleId().equals(rule.getRuleId()));
    if (rule.getEnforced()) {
      rules.add(rule);
    }
    return new RuleSet(rules);
  }

  /** The first rule that wants a value where an INSERT, UPSERT or UPDATE leaves NULL. */
  Optional<Rule> brokenByNull(RowChange change) {
    for (Rule rule : notNull) {
      if (leavesNull(change, rule.getColumns().get(0), rule.getInitialNull())) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  /**
   * What a change puts into a column follows from the change alone, so that a replica that has
   * dropped the column, or does not know it yet, decides as every other.
   */
  private static boolean leavesNull(RowChange change, int columnId, boolean initialNull) {
    if (change.values().has(columnId)) {
      return change.values().get(columnId) == null;
    }
    if (change.op() == RowChange.Op.UPDATE) {
      return false;
    }
    @Nullable Column known = change.version().column(columnId).orElse(null);
    if (known != null) {
      return StoredValues.ofDefault(known) == null;
    }
    return change.version().isOlderThan(columnId) && initialNull;
  }
}
