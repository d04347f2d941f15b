package dev.shardstream.producer.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An expression as written. Parentheses leave no node and are not in {@link #text()}: whoever puts
 * a text into another expression sets parentheses around it.
 */
public sealed interface Expr {
  /** Where it stands in its statement. */
  SourceText source();

  /** What it is made of, in the order of the text. */
  List<Expr> children();

  /** It as written, without surrounding parentheses. */
  default String text() {
    return source().text();
  }

  /** It and all below it, each before its children. */
  default Stream<Expr> walk() {
    // Without recursion, and streams in streams are one: an expression may be a thousand deep.
    List<Expr> all = new ArrayList<>();
    Deque<Expr> open = new ArrayDeque<>(List.of(this));
    while (!open.isEmpty()) {
      Expr next = open.pop();
      all.add(next);
      List<Expr> children = next.children();
      for (int i = children.size() - 1; i >= 0; i--) {
        open.push(children.get(i));
      }
    }
    return all.stream();
  }

  /** What it joins by AND; itself alone if it is no AND. */
  default List<Expr> conjuncts() {
    if (this instanceof Binary binary && binary.operator() == BinaryOperator.AND) {
      List<Expr> all = new ArrayList<>(binary.left().conjuncts());
      all.addAll(binary.right().conjuncts());
      return all;
    }
    return List.of(this);
  }

  /** Whether an aggregate function that is no window function occurs in it. */
  default boolean aggregated() {
    return walk().anyMatch(expr -> expr instanceof FunctionCall call && call.isAggregate());
  }

  /**
   * A constant; a minus before a number belongs to it.
   *
   * @param value Long (also TRUE and FALSE, as 1 and 0), Double, String, byte[] or null
   */
  record Literal(@Nullable Object value, SourceText source) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Literal that
          && Objects.deepEquals(value, that.value)
          && source.equals(that.source);
    }

    @Override
    public int hashCode() {
      return 31 * (value instanceof byte[] bytes ? Arrays.hashCode(bytes) : Objects.hashCode(value))
          + source.hashCode();
    }
  }

  /** CURRENT_DATE, CURRENT_TIME or CURRENT_TIMESTAMP. */
  record CurrentTime(Clock clock, SourceText source) implements Expr {
    /** Which of the three. */
    public enum Clock {
      DATE,
      TIME,
      TIMESTAMP
    }

    @Override
    public List<Expr> children() {
      return List.of();
    }
  }

  /**
   * A value given at execution.
   *
   * @param index 1-based; see {@link ParameterRef}
   */
  record Parameter(int index, SourceText source) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of();
    }
  }

  /**
   * A column by name.
   *
   * @param database null if not written
   * @param table its table's name or alias; null if not written
   */
  record ColumnRef(
      @Nullable String database, @Nullable String table, String column, SourceText source)
      implements Expr {
    @Override
    public List<Expr> children() {
      return List.of();
    }
  }

  /** What stands before one operand. */
  enum UnaryOperator {
    NOT,
    MINUS,
    PLUS,
    BIT_NOT
  }

  /** An operator before its operand; IS NULL is {@link IsNull}. */
  record Unary(UnaryOperator operator, Expr operand, SourceText source) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  /** What stands between two operands. IS_NOT is also IS DISTINCT FROM, IS its negation. */
  enum BinaryOperator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MODULO,
    CONCAT,
    JSON_EXTRACT,
    JSON_EXTRACT_TEXT,
    BIT_AND,
    BIT_OR,
    SHIFT_LEFT,
    SHIFT_RIGHT,
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    IS,
    IS_NOT,
    AND,
    OR
  }

  /** An operator between two operands. */
  record Binary(BinaryOperator operator, Expr left, Expr right, SourceText source) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(left, right);
    }
  }

  /**
   * operand [NOT] IN (items).
   *
   * @param items may be empty, as SQLite allows
   */
  record InList(Expr operand, List<Expr> items, boolean negated, SourceText source)
      implements Expr {
    public InList {
      items = List.copyOf(items);
    }

    @Override
    public List<Expr> children() {
      return concat(operand, items);
    }
  }

  /** operand [NOT] BETWEEN low AND high. */
  record Between(Expr operand, Expr low, Expr high, boolean negated, SourceText source)
      implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand, low, high);
    }
  }

  /** How a text is compared with a pattern. */
  enum Matcher {
    LIKE,
    GLOB,
    REGEXP,
    MATCH
  }

  /**
   * operand [NOT] LIKE pattern [ESCAPE escape], and its like.
   *
   * @param escape null if not written
   */
  record Like(
      Matcher matcher,
      Expr operand,
      Expr pattern,
      @Nullable Expr escape,
      boolean negated,
      SourceText source)
      implements Expr {
    @Override
    public List<Expr> children() {
      return escape == null ? List.of(operand, pattern) : List.of(operand, pattern, escape);
    }
  }

  /** operand IS [NOT] NULL, in each spelling. */
  record IsNull(Expr operand, boolean negated, SourceText source) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  /**
   * operand IS [NOT] TRUE or FALSE, which asks for truth and not for the value 1 or 0.
   *
   * @param expected TRUE or FALSE
   */
  record IsTruth(Expr operand, boolean expected, boolean negated, SourceText source)
      implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  /**
   * A call of a scalar, aggregate or window function.
   *
   * @param name as written
   * @param star whether the argument is {@code *}; arguments are empty then
   * @param ordered whether ORDER BY stands among the arguments; what it and OVER hold is only in
   *     the text, not among the children
   * @param filter of FILTER (WHERE …); null if not written
   * @param windowed whether OVER follows
   */
  record FunctionCall(
      String name,
      boolean distinct,
      boolean star,
      List<Expr> arguments,
      boolean ordered,
      @Nullable Expr filter,
      boolean windowed,
      SourceText source)
      implements Expr {
    public FunctionCall {
      arguments = List.copyOf(arguments);
    }

    @Override
    public List<Expr> children() {
      List<Expr> all = new ArrayList<>(arguments);
      if (filter != null) {
        all.add(filter);
      }
      return all;
    }

    /** Whether it folds many rows into one: SQLite's aggregates, min and max of one argument. */
    public boolean isAggregate() {
      if (windowed) {
        return false;
      }
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "min", "max" -> arguments.size() == 1;
        case "avg", "count", "sum", "total", "group_concat", "string_agg" -> true;
        case "json_group_array", "json_group_object" -> true;
        case "jsonb_group_array", "jsonb_group_object" -> true;
        case "median", "percentile", "percentile_cont", "percentile_disc" -> true;
        default -> false;
      };
    }
  }

  /** WHEN condition THEN result. */
  record When(Expr condition, Expr result) {}

  /**
   * CASE.
   *
   * @param operand null if not written
   * @param otherwise of ELSE; null if not written
   */
  record Case(@Nullable Expr operand, List<When> whens, @Nullable Expr otherwise, SourceText source)
      implements Expr {
    public Case {
      whens = List.copyOf(whens);
    }

    @Override
    public List<Expr> children() {
      List<Expr> all = new ArrayList<>();
      if (operand != null) {
        all.add(operand);
      }
      whens.forEach(when -> all.addAll(List.of(when.condition(), when.result())));
      if (otherwise != null) {
        all.add(otherwise);
      }
      return all;
    }
  }

  /**
   * CAST.
   *
   * @param type as written; any words, as in SQLite
   */
  record Cast(Expr operand, String type, SourceText source) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  /** operand COLLATE collation. */
  record Collate(Expr operand, String collation, SourceText source) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  /** (a, b, …), two or more. */
  record RowValue(List<Expr> items, SourceText source) implements Expr {
    public RowValue {
      items = List.copyOf(items);
    }

    @Override
    public List<Expr> children() {
      return items;
    }
  }

  /**
   * What reads other rows: a subquery, EXISTS or IN over one, IN over a table or a table function.
   * Only its presence and text are kept.
   *
   * @param operand left of IN; null otherwise
   */
  record Subquery(@Nullable Expr operand, SourceText source) implements Expr {
    @Override
    public List<Expr> children() {
      return operand == null ? List.of() : List.of(operand);
    }
  }

  private static List<Expr> concat(Expr first, List<Expr> rest) {
    List<Expr> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    return all;
  }
}
