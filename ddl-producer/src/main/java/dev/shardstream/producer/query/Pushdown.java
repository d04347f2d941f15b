package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.SimpleSelect;
import dev.shardstream.producer.sql.SimpleSelect.ExprItem;
import dev.shardstream.producer.sql.SimpleSelect.OrderItem;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.event.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What shards can do of a statement over one table, so that fewer rows travel. The statement runs
 * whole over what they answer, so what is pushed down may only leave rows out that it would leave
 * out itself.
 */
final class Pushdown {
  private final Source source;
  private final SimpleSelect select;
  private final Pushable pushable;
  private final Pieces pieces;
  private final List<? extends @Nullable Object> values;

  Pushdown(
      Source source,
      SimpleSelect select,
      Pushable pushable,
      Pieces pieces,
      List<? extends @Nullable Object> values) {
    this.source = source;
    this.select = select;
    this.pushable = pushable;
    this.pieces = pieces;
    this.values = values;
  }

  Source source() {
    return source;
  }

  SimpleSelect select() {
    return select;
  }

  Pushable pushable() {
    return pushable;
  }

  Pieces pieces() {
    return pieces;
  }

  /** The columns that a shard answers. */
  List<Column> columns() {
    return source.columns(select.table()::mayNeed);
  }

  /** The query for rows. */
  Query rows() {
    Query.Builder query =
        new Query.Builder()
            .append(dropsDoubles() ? "SELECT DISTINCT " : "SELECT ")
            .append(Source.list(columns()))
            .append(from());
    firstRows().ifPresent(query::append);
    return query.build();
  }

  /** FROM and what of WHERE can be pushed. */
  Query from() {
    Query.Builder query =
        new Query.Builder()
            .append(" FROM " + source.view() + " AS ")
            .append(Identifiers.quote(select.table().exposedName()));
    String before = " WHERE (";
    for (Expr conjunct : select.conjuncts()) {
      if (pushable.test(conjunct)) {
        query.append(before).append(pieces.of(conjunct.source())).append(")");
        before = " AND (";
      }
    }
    return query.build();
  }

  /** Whether a shard drops all the rows that WHERE drops. */
  boolean filters() {
    return select.conjuncts().stream().allMatch(pushable::test);
  }

  /** Whether each row stands for itself: no window, no grouping. */
  private boolean isRowByRow() {
    return !select.windowed() && !select.aggregated();
  }

  private boolean dropsDoubles() {
    return select.distinct()
        && isRowByRow()
        && select.items().stream()
            .allMatch(item -> !(item instanceof ExprItem one) || pushable.test(one.expr()));
  }

  /** ORDER BY and LIMIT: no shard has to answer more rows than the whole result. */
  private Optional<Query> firstRows() {
    Optional<Long> rows = rowsWanted();
    if (rows.isEmpty() || !isRowByRow() || select.distinct() || !filters()) {
      return Optional.empty();
    }
    Query.Builder query = new Query.Builder();
    String before = " ORDER BY (";
    for (OrderItem item : select.orderBy()) {
      Optional<Expr> expr = ordered(item.expr());
      if (expr.isEmpty()) {
        return Optional.empty();
      }
      query.append(before).append(pieces.of(expr.get().source())).append(direction(item));
      before = ", (";
    }
    return Optional.of(query.append(" LIMIT ").value(rows.get()).build());
  }

  private static String direction(OrderItem item) {
    String nulls = item.nulls() == SimpleSelect.Nulls.DEFAULT ? "" : " NULLS " + item.nulls();
    return (item.descending() ? ") DESC" : ")") + nulls;
  }

  /**
   * What an ORDER BY term means in terms of columns: a number is an item, a name is first an item's
   * alias. Empty if that is not certain.
   */
  private Optional<Expr> ordered(Expr term) {
    if (term instanceof Expr.Literal literal) {
      return item(literal).filter(pushable::test);
    }
    List<Expr> named = named(term);
    if (!named.isEmpty()) {
      return named.size() == 1 && pushable.test(named.get(0))
          ? Optional.of(named.get(0))
          : Optional.empty();
    }
    boolean mayNameItems = term.walk().anyMatch(part -> !named(part).isEmpty());
    return !mayNameItems && pushable.test(term) && !isNumber(term)
        ? Optional.of(term)
        : Optional.empty();
  }

  /** A number in a COLLATE or the like still names an item; such a term is left alone. */
  private static boolean isNumber(Expr term) {
    return term.walk().noneMatch(Expr.ColumnRef.class::isInstance);
  }

  /** The item of that number, if no star before it hides which one it is. */
  Optional<Expr> item(Expr.Literal number) {
    if (!(number.value() instanceof Long position)
        || position < 1
        || position > select.items().size()) {
      return Optional.empty();
    }
    List<SimpleSelect.Item> upTo = select.items().subList(0, position.intValue());
    return upTo.stream().allMatch(ExprItem.class::isInstance)
        ? Optional.of(((ExprItem) upTo.get(upTo.size() - 1)).expr())
        : Optional.empty();
  }

  /** The items whose alias a name is. */
  List<Expr> named(Expr name) {
    List<Expr> found = new ArrayList<>();
    if (name instanceof Expr.ColumnRef ref && ref.table() == null) {
      for (SimpleSelect.Item item : select.items()) {
        if (item instanceof ExprItem one
            && one.alias() != null
            && Names.same(one.alias(), ref.column())) {
          found.add(one.expr());
        }
      }
    }
    return found;
  }

  private Optional<Long> rowsWanted() {
    Optional<Long> limit = number(select.limit());
    Optional<Long> offset = select.offset() == null ? Optional.of(0L) : number(select.offset());
    if (limit.isEmpty() || limit.get() < 0 || offset.isEmpty()) {
      return Optional.empty();
    }
    long skipped = Math.max(0, offset.get());
    return limit.get() > Long.MAX_VALUE - skipped
        ? Optional.empty()
        : Optional.of(limit.get() + skipped);
  }

  private Optional<Long> number(@Nullable Expr expr) {
    Object value = null;
    if (expr instanceof Expr.Literal literal) {
      value = literal.value();
    } else if (expr instanceof Expr.Parameter parameter) {
      value = values.get(parameter.index() - 1);
    }
    return value instanceof Long number ? Optional.of(number) : Optional.empty();
  }
}
