package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.Expr.BinaryOperator;
import dev.shardstream.schemas.event.TypeName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a column is compared with a constant on its right. */
enum Comparison {
  EQUAL,
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL;

  private static final double EXACT = 0x1p53;
  private static final Pattern PLAIN_INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final Candidates NONE = Candidates.of(List.of());

  /** The comparison that an operator means; empty for the others. */
  static Optional<Comparison> of(BinaryOperator operator) {
    return switch (operator) {
      case EQUAL -> Optional.of(EQUAL);
      case LESS -> Optional.of(LESS);
      case LESS_OR_EQUAL -> Optional.of(LESS_OR_EQUAL);
      case GREATER -> Optional.of(GREATER);
      case GREATER_OR_EQUAL -> Optional.of(GREATER_OR_EQUAL);
      default -> Optional.empty();
    };
  }

  /** The same when the constant stands on the left. */
  Comparison mirrored() {
    return switch (this) {
      case EQUAL -> EQUAL;
      case LESS -> GREATER;
      case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
      case GREATER -> LESS;
      case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
    };
  }

  /**
   * The values of a column for which it is true; empty in doubt about <a
   * href="https://sqlite.org/datatype3.html#type_conversions_prior_to_comparison">affinity</a>.
   *
   * @param constant a stored value; no comparison with NULL is true
   */
  Optional<Candidates> with(@Nullable Object constant, TypeName type) {
    if (constant == null) {
      return Optional.of(NONE);
    }
    return switch (type) {
      case INTEGER, BIGINT, BOOLEAN -> integer(constant);
      case FLOAT, DOUBLE -> real(constant).map(this::of);
      case TEXT, VARCHAR, DATE, TIMESTAMP -> text(constant).map(this::of);
      case BLOB -> constant instanceof byte[] ? Optional.of(of(constant)) : Optional.empty();
    };
  }

  private Candidates of(Object stored) {
    return switch (this) {
      case EQUAL -> Candidates.of(List.of(stored));
      case LESS -> Candidates.below(stored);
      case LESS_OR_EQUAL -> Candidates.atMost(stored);
      case GREATER -> Candidates.above(stored);
      case GREATER_OR_EQUAL -> Candidates.atLeast(stored);
    };
  }

  private Optional<Candidates> integer(Object constant) {
    if (constant instanceof Long) {
      return Optional.of(of(constant));
    }
    if (constant instanceof Double real && Math.abs(real) < EXACT) {
      return Optional.of(betweenIntegers(real));
    }
    return constant instanceof String text && PLAIN_INTEGER.matcher(text).matches()
        ? Optional.of(of(Long.valueOf(text)))
        : Optional.empty();
  }

  /** A real number stands at an integer or between two of them. */
  private Candidates betweenIntegers(double real) {
    long floor = (long) Math.floor(real);
    if (floor == real) {
      return of(floor);
    }
    return switch (this) {
      case EQUAL -> NONE;
      case LESS, LESS_OR_EQUAL -> Candidates.atMost(floor);
      case GREATER, GREATER_OR_EQUAL -> Candidates.above(floor);
    };
  }

  private static Optional<Object> real(Object constant) {
    if (constant instanceof Double real) {
      return real.isNaN() ? Optional.empty() : Optional.of(real + 0.0); // -0.0 equals 0.0
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
