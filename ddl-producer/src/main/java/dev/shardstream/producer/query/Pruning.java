package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.SimpleSelect;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which virtual shards can hold rows that WHERE lets through. It knows the stored value that a
 * constant equals only where SQLite's rules of <a
 * href="https://sqlite.org/datatype3.html#type_conversions_prior_to_comparison">affinity</a> leave
 * no doubt; in doubt it prunes nothing.
 */
final class Pruning {
  /** Beyond so many keys, all virtual shards are likely among them. */
  private static final int MOST_KEYS = 4096;

  private static final double EXACT = 0x1p53;
  private static final Pattern PLAIN_INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,17}");

  private final Table table;
  private final Pushable columns;
  private final List<? extends @Nullable Object> values;

  Pruning(Table table, Pushable columns, List<? extends @Nullable Object> values) {
    this.table = table;
    this.columns = columns;
    this.values = values;
  }

  /** Those virtual shards, possibly none; empty when it can be any. */
  Optional<Set<Integer>> virtualShards(SimpleSelect select) {
    if (table.getStrategy() != Strategy.HASH) {
      return Optional.empty();
    }
    List<List<Object>> keys = List.of(List.of());
    for (Column column : Tables.shardKey(table)) {
      Optional<Set<Object>> candidates = candidates(column, select.conjuncts());
      if (candidates.isEmpty() || (long) keys.size() * candidates.get().size() > MOST_KEYS) {
        return Optional.empty();
      }
      keys = extended(keys, candidates.get());
    }
    Set<Integer> found = new TreeSet<>();
    keys.forEach(key -> found.add(VirtualShards.of(CanonicalKey.of(key))));
    return Optional.of(found);
  }

  private static List<List<Object>> extended(List<List<Object>> keys, Set<Object> candidates) {
    List<List<Object>> longer = new ArrayList<>();
    for (List<Object> key : keys) {
      for (Object candidate : candidates) {
        List<Object> next = new ArrayList<>(key);
        next.add(candidate);
        longer.add(next);
      }
    }
    return longer;
  }

  /** The values that a column must be one of; empty if no conjunct says so. */
  private Optional<Set<Object>> candidates(Column column, List<Expr> conjuncts) {
    return conjuncts.stream()
        .flatMap(conjunct -> candidates(column, conjunct).stream())
        .min((a, b) -> Integer.compare(a.size(), b.size()));
  }

  private Optional<Set<Object>> candidates(Column column, Expr conjunct) {
    if (conjunct instanceof Expr.Binary binary && binary.operator() == Expr.BinaryOperator.EQUAL) {
      if (is(column, binary.left())) {
        return stored(column, List.of(binary.right()));
      }
      return is(column, binary.right()) ? stored(column, List.of(binary.left())) : Optional.empty();
    }
    if (conjunct instanceof Expr.InList in && !in.negated() && is(column, in.operand())) {
      return stored(column, in.items());
    }
    return Optional.empty();
  }

  private boolean is(Column column, Expr expr) {
    return columns.column(expr).filter(found -> found.getId() == column.getId()).isPresent();
  }

  private Optional<Set<Object>> stored(Column column, List<Expr> constants) {
    Set<Object> stored = new LinkedHashSet<>();
    for (Expr constant : constants) {
      @Nullable Object value;
      if (constant instanceof Expr.Literal literal && !(literal.value() instanceof Double)) {
        value = literal.value();
      } else if (constant instanceof Expr.Parameter parameter) {
        value = values.get(parameter.index() - 1);
      } else {
        // SQLite reads digits of its own way: a REAL literal may be another double there.
        return Optional.empty();
      }
      if (value == null) {
        continue; // nothing equals NULL
      }
      Optional<Object> equal = equal(column.getType(), value);
      if (equal.isEmpty()) {
        return Optional.empty();
      }
      stored.add(equal.get());
    }
    return Optional.of(stored);
  }

  /** The only stored value of the type that equals a constant; empty in doubt. */
  private static Optional<Object> equal(TypeName type, Object constant) {
    return switch (type) {
      case INTEGER, BIGINT, BOOLEAN -> integer(constant);
      case FLOAT, DOUBLE -> real(constant);
      case TEXT, VARCHAR, DATE, TIMESTAMP -> text(constant);
      case BLOB -> constant instanceof byte[] ? Optional.of(constant) : Optional.empty();
    };
  }

  private static Optional<Object> integer(Object constant) {
    if (constant instanceof Long) {
      return Optional.of(constant);
    }
    if (constant instanceof Double real && Math.rint(real) == real && Math.abs(real) < EXACT) {
      return Optional.of(real.longValue());
    }
    return constant instanceof String text && PLAIN_INTEGER.matcher(text).matches()
        ? Optional.of(Long.valueOf(text))
        : Optional.empty();
  }

  private static Optional<Object> real(Object constant) {
    if (constant instanceof Double) {
      return Optional.of(constant);
    }
    return constant instanceof Long number && Math.abs((double) number) < EXACT
        ? Optional.of((double) number)
        : Optional.empty();
  }

  private static Optional<Object> text(Object constant) {
    if (constant instanceof Long number) {
      return Optional.of(Long.toString(number));
    }
    return constant instanceof String text
            && text.indexOf('\0') < 0
            && StandardCharsets.UTF_8.newEncoder().canEncode(text)
        ? Optional.of(text)
        : Optional.empty();
  }
}
