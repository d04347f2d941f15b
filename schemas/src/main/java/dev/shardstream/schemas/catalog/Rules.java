package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.Table;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules that a table's log can carry: one per column, one per unique index. */
public final class Rules {
  private static final char NOT_NULL = 'n';
  private static final char UNIQUE = 'u';

  private Rules() {}

  /** Id of the rule that a column takes no NULL. */
  public static String notNullId(int columnId) {
    return NOT_NULL + Integer.toString(columnId);
  }

  /** Id of the rule that a unique index refuses equal values. */
  public static String uniqueId(int indexId) {
    return UNIQUE + Integer.toString(indexId);
  }

  /**
   * The control record of a rule.
   *
   * @param table has the column or the index
   * @param enforced whether it holds from there on
   */
  public static Rule of(Table table, String ruleId, boolean enforced) {
    int id = Integer.parseInt(ruleId.substring(1));
    if (ruleId.charAt(0) == NOT_NULL) {
      Column column = Tables.column(table, id);
      return new Rule(
          ruleId,
          table.getTableId(),
          RuleKind.NOT_NULL,
          List.of(id),
          column.getName(),
          column.getInitialDefault() == null,
          enforced);
    }
    Index index = IndexDefinition.find(table, id).orElseThrow();
    return new Rule(
        ruleId,
        table.getTableId(),
        RuleKind.UNIQUE,
        index.getColumns(),
        index.getName(),
        false,
        enforced);
  }

  /**
   * What is wrong with a rule whoever reads it, so that all refuse it alike; empty when it can be
   * kept to. Anyone who may write to a log can put a rule there.
   */
  public static Optional<String> malformed(Rule rule) {
    List<Integer> columns = rule.getColumns();
    if (columns.isEmpty() || rule.getKind() == RuleKind.NOT_NULL && columns.size() > 1) {
      return Optional.of("it is a rule about " + columns.size() + " columns");
    }
    boolean areDistinct = Set.copyOf(columns).size() == columns.size();
    return areDistinct && columns.stream().allMatch(id -> id > 0)
        ? Optional.empty()
        : Optional.of("it is a rule about columns " + columns);
  }
}
