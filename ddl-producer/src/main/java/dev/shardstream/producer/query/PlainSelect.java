package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SimpleSelect;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SELECT of plain columns of one table, with an optional WHERE over its columns: the form whose
 * result changes with one row at a time.
 *
 * @param view what WHERE and columns call the table
 * @param names of the result's columns
 * @param selected columns of the result, in order; a column may come twice
 * @param predicate columns that WHERE reads
 * @param needed key columns, then those of the result and of WHERE, each once
 * @param where the condition over a table of that name; null for every row
 */
public record PlainSelect(
    String view,
    List<String> names,
    List<Column> selected,
    List<Column> predicate,
    List<Column> needed,
    @Nullable Query where) {
  private static final String FORM =
      " in SUBSCRIBE: a live query is SELECT columns FROM one table [WHERE condition on its rows]";

  /** Functions whose value is another one at every call. */
  private static final Set<String> CHANGING =
      Set.of("random", "randomblob", "changes", "total_changes", "last_insert_rowid");

  private static final Set<String> OF_TIME =
      Set.of("date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff");

  /**
   * The parts of a statement.
   *
   * @param values stored values of its parameters
   * @param table the only table that it mentions
   * @throws ShardstreamException UNSUPPORTED that says what has another form, COLUMN_NOT_FOUND
   */
  public static PlainSelect of(
      SelectStatement select, List<? extends @Nullable Object> values, Table table) {
    SimpleSelect simple = requirePlain(select);
    Pushable columns = new Pushable(table, simple.table());
    List<String> names = new ArrayList<>();
    List<Column> selected = new ArrayList<>();
    for (SimpleSelect.Item item : simple.items()) {
      if (item instanceof SimpleSelect.ExprItem one) {
        Column column = requireColumn(columns, one.expr(), table);
        selected.add(column);
        names.add(one.alias() == null ? column.getName() : one.alias());
      } else {
        selected.addAll(table.getColumns());
        table.getColumns().forEach(column -> names.add(column.getName()));
      }
    }
    Map<Integer, Column> read = new LinkedHashMap<>();
    Expr where = simple.where();
    if (where != null) {
      where.walk().forEach(PlainSelect::requireOfRow);
      where
          .walk()
          .filter(Expr.ColumnRef.class::isInstance)
          .map(expr -> requireColumn(columns, expr, table))
          .forEach(column -> read.put(column.getId(), column));
    }
    Map<Integer, Column> needed = new LinkedHashMap<>();
    Tables.primaryKey(table).forEach(column -> needed.put(column.getId(), column));
    selected.forEach(column -> needed.put(column.getId(), column));
    needed.putAll(read);
    return new PlainSelect(
        simple.table().exposedName(),
        List.copyOf(names),
        List.copyOf(selected),
        List.copyOf(read.values()),
        List.copyOf(needed.values()),
        where == null ? null : new Pieces(select, values).of(where.source()));
  }

  private static SimpleSelect requirePlain(SelectStatement select) {
    SimpleSelect simple = select.simple();
    if (simple == null) {
      throw unsupported("WITH, a join, UNION or a subquery");
    }
    requireNone(simple.distinct(), "DISTINCT");
    requireNone(!simple.groupBy().isEmpty(), "GROUP BY");
    requireNone(simple.having() != null, "HAVING");
    requireNone(simple.windowed(), "a window function");
    requireNone(simple.aggregated(), "an aggregate");
    requireNone(!simple.orderBy().isEmpty(), "ORDER BY");
    requireNone(simple.limit() != null || simple.offset() != null, "LIMIT");
    return simple;
  }

  private static void requireNone(boolean there, String what) {
    if (there) {
      throw unsupported(what);
    }
  }

  private static ShardstreamException unsupported(String what) {
    return new ShardstreamException(ErrorCode.UNSUPPORTED, what + FORM);
  }

  private static Column requireColumn(Pushable columns, Expr expr, Table table) {
    if (!(expr instanceof Expr.ColumnRef ref)) {
      throw unsupported("the expression " + expr.text() + " as a column");
    }
    return columns
        .column(expr)
        .orElseThrow(
            () ->
                new ShardstreamException(
                    ErrorCode.COLUMN_NOT_FOUND, ref.column(), table.getName()));
  }

  /** A condition that changes while its row does not would need a clock that nobody watches. */
  private static void requireOfRow(Expr expr) {
    boolean changes = expr instanceof Expr.CurrentTime;
    if (expr instanceof Expr.FunctionCall call) {
      requireNone(call.isAggregate(), "an aggregate");
      String name = call.name().toLowerCase(Locale.ROOT);
      changes = CHANGING.contains(name) || OF_TIME.contains(name) && asksForNow(call);
    }
    if (changes) {
      throw unsupported(expr.text() + ", which changes while its row does not,");
    }
  }

  private static boolean asksForNow(Expr.FunctionCall call) {
    return call.arguments().size() <= (call.name().equalsIgnoreCase("strftime") ? 1 : 0)
        || call.arguments().stream()
            .anyMatch(
                argument ->
                    argument instanceof Expr.Parameter
                        || argument instanceof Expr.Literal literal
                            && "now".equalsIgnoreCase(String.valueOf(literal.value())));
  }

  /** Reads some columns of the view under their names. */
  public String list() {
    return Source.list(needed);
  }

  /** The view as SQL. */
  public String from() {
    return Identifiers.quote(view);
  }
}
