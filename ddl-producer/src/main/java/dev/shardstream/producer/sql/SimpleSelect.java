package dev.shardstream.producer.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT over exactly one table: no WITH, no join, no compound, no subquery anywhere. The only
 * form of which a planner may push more than columns to the shards.
 *
 * @param table the same as the only one of {@link SelectStatement#tables()}
 * @param items at least one
 * @param where null if none was written
 * @param groupBy empty if none was written; an integer literal is the number of an item
 * @param having null if none was written
 * @param orderBy empty if none was written; an integer literal is the number of an item
 * @param limit null if none was written
 * @param offset null if none was written; also the first number of {@code LIMIT a, b}
 * @param windowed whether a window function occurs anywhere: such a statement sees all its rows at
 *     once, so neither LIMIT nor DISTINCT nor grouping may be pushed down
 */
public record SimpleSelect(
    TableRef table,
    boolean distinct,
    List<Item> items,
    @Nullable Expr where,
    List<Expr> groupBy,
    @Nullable Expr having,
    List<OrderItem> orderBy,
    @Nullable Expr limit,
    @Nullable Expr offset,
    boolean windowed) {
  public SimpleSelect {
    items = List.copyOf(items);
    groupBy = List.copyOf(groupBy);
    orderBy = List.copyOf(orderBy);
  }

  /** What WHERE joins by AND, outermost first; empty without WHERE. */
  public List<Expr> conjuncts() {
    return where == null ? List.of() : where.conjuncts();
  }

  /** Whether it groups: GROUP BY, HAVING or an aggregate function in items or ORDER BY. */
  public boolean aggregated() {
    return !groupBy.isEmpty()
        || having != null
        || items.stream().anyMatch(Item::aggregated)
        || orderBy.stream().anyMatch(item -> item.expr().aggregated());
  }

  /** What stands between SELECT and FROM. */
  public sealed interface Item {
    /** Whether an aggregate function occurs in it. */
    boolean aggregated();
  }

  /**
   * {@code *} or {@code t.*}.
   *
   * @param qualifier null for a bare star
   */
  public record Star(@Nullable String qualifier) implements Item {
    @Override
    public boolean aggregated() {
      return false;
    }
  }

  /**
   * An expression and its name.
   *
   * @param alias null if none was written
   */
  public record ExprItem(Expr expr, @Nullable String alias) implements Item {
    @Override
    public boolean aggregated() {
      return expr.aggregated();
    }
  }

  /** Where ORDER BY puts NULL. */
  public enum Nulls {
    /** SQLite's own: first if ascending, last if descending. */
    DEFAULT,
    FIRST,
    LAST
  }

  /**
   * One term of ORDER BY.
   *
   * @param expr with its COLLATE, if any, as {@link Expr.Collate}
   */
  public record OrderItem(Expr expr, boolean descending, Nulls nulls) {}
}
