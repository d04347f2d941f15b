package dev.shardstream.producer.api;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.StoredValues;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primary keys that a WHERE names by {@code =} and {@code IN}, where it says nothing
 * else: such a change needs no read. Whenever SQLite might compare in another way than by the very
 * same value, the answer is empty and the rows are read.
 */
final class KeyPins {
  /** More keys than that are read in one go rather than written blindly. */
  private static final int MOST_KEYS = 10_000;

  private final Table table;
  private final QualifiedName name;
  private final String exposedName;
  private final Function<Expr, @Nullable Object> valueOf;

  /**
   * @param name of the table as the statement has it
   * @param alias null if none was written
   * @param valueOf gives the value of an expression that is constant
   */
  KeyPins(
      Table table,
      QualifiedName name,
      @Nullable String alias,
      Function<Expr, @Nullable Object> valueOf) {
    this.table = table;
    this.name = name;
    this.exposedName = alias == null ? name.name() : alias;
    this.valueOf = valueOf;
  }

  /** Keys in key order, each with its stored values; empty when the rows must be read. */
  Optional<List<List<Object>>> of(@Nullable Expr where) {
    if (where == null) {
      return Optional.empty();
    }
    Map<Integer, List<Object>> pinned = new HashMap<>();
    for (Expr conjunct : where.conjuncts()) {
      Optional<Pin> pin = pin(conjunct);
      if (pin.isEmpty() || pinned.put(pin.get().column().getId(), pin.get().values()) != null) {
        return Optional.empty();
      }
    }
    List<List<Object>> keys = List.of(List.of());
    for (int id : table.getPrimaryKey()) {
      List<Object> values = pinned.remove(id);
      if (values == null || (long) keys.size() * values.size() > MOST_KEYS) {
        return Optional.empty();
      }
      keys = crossed(keys, values);
    }
    return pinned.isEmpty() ? Optional.of(keys) : Optional.empty();
  }

  private static List<List<Object>> crossed(List<List<Object>> keys, List<Object> values) {
    List<List<Object>> crossed = new ArrayList<>(keys.size() * values.size());
    for (List<Object> key : keys) {
      for (Object value : values) {
        List<Object> longer = new ArrayList<>(key);
        longer.add(value);
        crossed.add(longer);
      }
    }
    return crossed;
  }

  private record Pin(Column column, List<Object> values) {}

  private Optional<Pin> pin(Expr conjunct) {
    if (conjunct instanceof Expr.Binary binary && binary.operator() == Expr.BinaryOperator.EQUAL) {
      return column(binary.left())
          .flatMap(column -> pin(column, List.of(binary.right())))
          .or(() -> column(binary.right()).flatMap(column -> pin(column, List.of(binary.left()))));
    }
    if (conjunct instanceof Expr.InList in && !in.negated() && !in.items().isEmpty()) {
      return column(in.operand()).flatMap(column -> pin(column, in.items()));
    }
    return Optional.empty();
  }

  private Optional<Pin> pin(Column column, List<Expr> exprs) {
    List<Object> values = new ArrayList<>();
    for (Expr expr : exprs) {
      boolean plain = expr instanceof Expr.Literal || expr instanceof Expr.Parameter;
      Object given = plain ? valueOf.apply(expr) : null;
      if (given == null) {
        return Optional.empty();
      }
      Optional<Object> stored = StoredValues.store(column, given);
      if (stored.isEmpty() || !same(given, stored.get())) {
        return Optional.empty();
      }
      values.add(stored.get());
    }
    return Optional.of(new Pin(column, values));
  }

  private Optional<Column> column(Expr expr) {
    if (!(expr instanceof Expr.ColumnRef ref)) {
      return Optional.empty();
    }
    boolean ours =
        (ref.table() == null || Names.same(ref.table(), exposedName))
            && (ref.database() == null
                || name.database() != null && Names.same(ref.database(), name.database()));
    return ours ? Tables.column(table, ref.column()) : Optional.empty();
  }

  /** Whether SQLite finds the two equal without converting either. */
  private static boolean same(Object given, Object stored) {
    if (given instanceof Number left && stored instanceof Number right) {
      return left.equals(right) || isFinite(left) && exact(left).compareTo(exact(right)) == 0;
    }
    if (given instanceof byte[] left && stored instanceof byte[] right) {
      return Arrays.equals(left, right);
    }
    return given.equals(stored);
  }

  private static boolean isFinite(Number number) {
    return !(number instanceof Double real) || !real.isInfinite();
  }

  private static BigDecimal exact(Number number) {
    return number instanceof Double real
        ? new BigDecimal(real)
        : BigDecimal.valueOf(number.longValue());
  }
}
