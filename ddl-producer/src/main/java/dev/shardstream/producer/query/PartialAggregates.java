package dev.shardstream.producer.query;

import dev.shardstream.producer.query.Plan.Gathered;
import dev.shardstream.producer.query.Plan.GatheredColumn;
import dev.shardstream.producer.query.Source.Asked;
import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.SimpleSelect;
import dev.shardstream.producer.sql.SourceText;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.event.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets shards fold their rows: each answers one row for each group, and the statement runs over
 * these with each aggregate replaced by one over the partial values.
 *
 * <p>Only where the outcome is the same to the bit: groups of plain columns, COUNT, MIN and MAX,
 * and SUM and AVG of integers (sums of reals depend on the order).
 */
final class PartialAggregates {
  private final Pushdown pushdown;
  private final SimpleSelect select;
  private final Pushable pushable;

  private final List<String> partials = new ArrayList<>();
  private final Query.Builder partialItems = new Query.Builder();
  private final Map<SourceText, String> replacements = new LinkedHashMap<>();

  PartialAggregates(Pushdown pushdown) {
    this.pushdown = pushdown;
    this.select = pushdown.select();
    this.pushable = pushdown.pushable();
  }

  /** The plan; empty when rows must be gathered. */
  Optional<Plan> plan(List<Asked> asked) {
    if (!select.aggregated() || select.windowed() || !pushdown.filters()) {
      return Optional.empty();
    }
    Optional<List<Column>> groups = groups();
    if (groups.isEmpty() || !expressions().allMatch(expr -> fold(expr, groups.get()))) {
      return Optional.empty();
    }
    if (groups.get().isEmpty() && partials.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(plan(asked, groups.get()));
  }

  private Plan plan(List<Asked> asked, List<Column> groups) {
    Source source = pushdown.source();
    String groupList = Source.list(groups);
    Query.Builder query = new Query.Builder().append("SELECT ").append(groupList);
    if (!groups.isEmpty() && !partials.isEmpty()) {
      query.append(", ");
    }
    query.append(partialItems.build()).append(pushdown.from());
    if (!groups.isEmpty()) {
      query.append(" GROUP BY ").append(groupList);
    }
    List<GatheredColumn> columns =
        Stream.concat(
                groups.stream().map(GatheredColumn::of),
                partials.stream().map(name -> new GatheredColumn(name, "ANY")))
            .toList();
    String folded = source.name() + " folded";
    Gathered named = source.gathered(source.table().getColumns(), List.of(), query.build());
    if (select.where() != null) {
      replacements.put(select.where().source(), "1");
    }
    return new Plan.Gather(
        List.of(named, new Gathered(folded, columns, source.reads(asked, query.build()))),
        pushdown.pieces().replaced(replacements, mention -> Identifiers.quote(folded)),
        pushdown.pieces().whole(mention -> source.view()),
        true);
  }

  /** The columns of GROUP BY; empty if a term is anything else. */
  private Optional<List<Column>> groups() {
    List<Column> groups = new ArrayList<>();
    for (Expr term : select.groupBy()) {
      Optional<Column> column = pushable.column(term);
      if (column.isEmpty() && term instanceof Expr.Literal number) {
        column = pushdown.item(number).flatMap(pushable::column);
      } else if (column.isEmpty()) {
        List<Expr> named = pushdown.named(term);
        column = named.size() == 1 ? pushable.column(named.get(0)) : Optional.empty();
      }
      if (column.isEmpty()) {
        return Optional.empty();
      }
      if (!groups.contains(column.get())) {
        groups.add(column.get());
      }
    }
    return Optional.of(groups);
  }

  /** All that is evaluated for a group; a star is none and cannot be. */
  private Stream<@Nullable Expr> expressions() {
    Stream<@Nullable Expr> items =
        select.items().stream()
            .map(item -> item instanceof SimpleSelect.ExprItem one ? one.expr() : null);
    Stream<@Nullable Expr> having =
        select.having() == null ? Stream.of() : Stream.of(select.having());
    return Stream.of(items, having, select.orderBy().stream().map(SimpleSelect.OrderItem::expr))
        .flatMap(all -> all);
  }

  /** Plans the aggregates of an expression; false if it needs more than groups and partials. */
  private boolean fold(@Nullable Expr expr, List<Column> groups) {
    if (expr == null || expr instanceof Expr.Subquery) {
      return false;
    }
    if (expr instanceof Expr.FunctionCall call && call.isAggregate()) {
      Optional<String> whole = whole(call);
      whole.ifPresent(text -> replacements.put(call.source(), text));
      return whole.isPresent();
    }
    if (expr instanceof Expr.ColumnRef) {
      return pushable
          .column(expr)
          .map(groups::contains)
          .orElseGet(() -> !pushdown.named(expr).isEmpty());
    }
    return expr.children().stream().allMatch(child -> fold(child, groups));
  }

  /** An aggregate in terms of its partial values, which are asked for. */
  private Optional<String> whole(Expr.FunctionCall call) {
    boolean plain =
        call.arguments().size() == (countsRows(call) ? 0 : 1)
            && !call.distinct()
            && !call.ordered()
            && call.arguments().stream().allMatch(pushable::test)
            && (call.filter() == null || pushable.test(call.filter()));
    if (!plain) {
      return Optional.empty();
    }
    return switch (call.name().toLowerCase(Locale.ROOT)) {
      case "count" -> Optional.of("sum(" + partial("count", call) + ")");
      case "min", "max" ->
          collates(call)
              ? Optional.empty()
              : Optional.of(call.name() + "(" + partial(call.name(), call) + ")");
      case "sum" ->
          isInteger(call) ? Optional.of("sum(" + partial("sum", call) + ")") : Optional.empty();
      case "avg" ->
          isInteger(call)
              ? Optional.of(
                  "(CAST(sum(%s) AS REAL) / sum(%s))"
                      .formatted(partial("sum", call), partial("count", call)))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean countsRows(Expr.FunctionCall call) {
    return call.name().equalsIgnoreCase("count") && call.arguments().isEmpty();
  }

  private static boolean collates(Expr.FunctionCall call) {
    return call.walk().anyMatch(Expr.Collate.class::isInstance);
  }

  private boolean isInteger(Expr.FunctionCall call) {
    return pushable
        .column(call.arguments().get(0))
        .filter(column -> GatheredColumn.of(column).type().equals("INTEGER"))
        .isPresent();
  }

  /** Asks each shard for a partial value and gives its name as SQL. */
  private String partial(String function, Expr.FunctionCall call) {
    String name = function.toLowerCase(Locale.ROOT) + "#" + partials.size();
    partialItems.append(partials.isEmpty() ? "" : ", ").append(function + "(");
    if (call.arguments().isEmpty()) {
      partialItems.append("*");
    } else {
      partialItems.append(pushdown.pieces().of(call.arguments().get(0).source()));
    }
    partialItems.append(")");
    if (call.filter() != null) {
      partialItems
          .append(" FILTER (WHERE ")
          .append(pushdown.pieces().of(call.filter().source()))
          .append(")");
    }
    partials.add(name);
    return Identifiers.quote(name);
  }
}
