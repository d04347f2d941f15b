package dev.shardstream.producer.query;

import dev.shardstream.producer.query.ShardKeys.Any;
import dev.shardstream.producer.query.ShardKeys.Listed;
import dev.shardstream.producer.query.ShardKeys.Within;
import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.SimpleSelect;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which shard keys the rows have that WHERE lets through, as far as comparisons of their columns
 * with constants tell, where {@link Comparison} is without doubt; in doubt it prunes nothing.
 */
final class Pruning {
  /** Beyond so many keys, all shards are likely to have some of them. */
  private static final int MOST_KEYS = 4096;

  /** So few digits are the same double to every reader of them. */
  private static final int EXACT_DIGITS = 15;

  private static final Pattern DECIMAL =
      Pattern.compile("-?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]{1,2})?");

  private final Table table;
  private final Pushable columns;
  private final List<? extends @Nullable Object> values;

  Pruning(Table table, Pushable columns, List<? extends @Nullable Object> values) {
    this.table = table;
    this.columns = columns;
    this.values = values;
  }

  ShardKeys shardKeys(SimpleSelect select) {
    List<Candidates> candidates =
        Tables.shardKey(table).stream()
            .map(column -> candidates(column, select.conjuncts()))
            .toList();
    if (candidates.stream().anyMatch(Candidates::isEmpty)) {
      return new Listed(List.of());
    }
    List<List<Object>> keys = List.of(List.of());
    int columns = 0;
    while (columns < candidates.size() && fits(keys.size(), candidates.get(columns))) {
      keys = extended(keys, candidates.get(columns));
      columns++;
    }
    if (columns == candidates.size()) {
      return new Listed(keys);
    }
    Candidates next = candidates.get(columns);
    return table.getStrategy() == Strategy.RANGE && (columns > 0 || !next.isAll())
        ? new Within(keys.stream().map(next::after).toList())
        : new Any();
  }

  private static boolean fits(int keys, Candidates next) {
    return next.count() >= 0 && (long) keys * next.count() <= MOST_KEYS;
  }

  private static List<List<Object>> extended(List<List<Object>> keys, Candidates candidates) {
    List<List<Object>> longer = new ArrayList<>();
    for (List<Object> key : keys) {
      for (Object candidate : candidates.values()) {
        List<Object> next = new ArrayList<>(key);
        next.add(candidate);
        longer.add(next);
      }
    }
    return longer;
  }

  private Candidates candidates(Column column, List<Expr> conjuncts) {
    return conjuncts.stream()
        .flatMap(conjunct -> candidates(column, conjunct).stream())
        .reduce(Candidates.ALL, Candidates::and);
  }

  /** Empty if a conjunct does not tell. */
  private Optional<Candidates> candidates(Column column, Expr conjunct) {
    if (conjunct instanceof Expr.Binary binary) {
      return Comparison.of(binary.operator())
          .flatMap(comparison -> compared(column, comparison, binary.left(), binary.right()));
    }
    if (conjunct instanceof Expr.Between between
        && !between.negated()
        && is(column, between.operand())) {
      return Optional.of(
          constant(column, Comparison.GREATER_OR_EQUAL, between.low())
              .orElse(Candidates.ALL)
              .and(
                  constant(column, Comparison.LESS_OR_EQUAL, between.high())
                      .orElse(Candidates.ALL)));
    }
    if (conjunct instanceof Expr.InList in && !in.negated() && is(column, in.operand())) {
      return oneOf(column, in.items());
    }
    return Optional.empty();
  }

  private Optional<Candidates> compared(
      Column column, Comparison comparison, Expr left, Expr right) {
    if (is(column, left)) {
      return constant(column, comparison, right);
    }
    return is(column, right) ? constant(column, comparison.mirrored(), left) : Optional.empty();
  }

  private Optional<Candidates> oneOf(Column column, List<Expr> items) {
    List<Object> all = new ArrayList<>();
    for (Expr item : items) {
      Optional<Candidates> one = constant(column, Comparison.EQUAL, item);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(one.get().values());
    }
    return Optional.of(Candidates.of(all));
  }

  private boolean is(Column column, Expr expr) {
    return columns.column(expr).filter(found -> found.getId() == column.getId()).isPresent();
  }

  private Optional<Candidates> constant(Column column, Comparison comparison, Expr expr) {
    if (expr instanceof Expr.Literal literal && isExact(literal)) {
      return comparison.with(literal.value(), column.getType());
    }
    return expr instanceof Expr.Parameter parameter
        ? comparison.with(values.get(parameter.index() - 1), column.getType())
        : Optional.empty();
  }

  /**
   * Whether SQLite reads a literal as it was read here: it has its own way with the digits of real
   * numbers, which can only matter where a double does not have exactly their value.
   */
  private static boolean isExact(Expr.Literal literal) {
    if (!(literal.value() instanceof Double value)) {
      return true;
    }
    String text = literal.text();
    if (value.isInfinite() || !DECIMAL.matcher(text).matches()) {
      return false;
    }
    BigDecimal written = new BigDecimal(text);
    return written.precision() <= EXACT_DIGITS && written.compareTo(new BigDecimal(value)) == 0;
  }
}
