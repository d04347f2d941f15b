package dev.shardstream.producer.api;

import dev.shardstream.producer.query.ExpressionValues;
import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.ParameterRef;
import dev.shardstream.producer.sql.SourceText;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.row.StoredValues;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of expressions that read no row. Literals, parameters and the clock are taken as they are;
 * SQLite computes anything else. Used by one thread, for one statement.
 */
final class ConstantValues implements AutoCloseable {
  private static final int TIME_OF_DAY = 11;

  /** SQLite looks at the clock between two expressions, not within one. */
  private static final int MOST_PARTS = 1_000;

  private final List<ParameterRef> places;
  private final List<@Nullable Object> parameters;
  private final LocalDateTime now;
  private final Duration limit;
  private @Nullable ExpressionValues computed;

  /**
   * @param places where the statement takes values
   * @param parameters stored values; the first is parameter 1
   * @param now CURRENT_TIMESTAMP of the whole statement, UTC
   * @param limit how long SQLite may compute for the statement
   */
  ConstantValues(
      List<ParameterRef> places,
      List<@Nullable Object> parameters,
      LocalDateTime now,
      Duration limit) {
    this.places = places;
    this.parameters = parameters;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
    this.limit = limit;
  }

  /** Whether the expression has the same value wherever and how often it is evaluated. */
  static boolean isConstant(Expr expr) {
    return expr.walk()
        .noneMatch(
            part ->
                part instanceof Expr.ColumnRef
                    || part instanceof Expr.Subquery
                    || part instanceof Expr.FunctionCall);
  }

  /**
   * The value of an expression in VALUES.
   *
   * @param table for the error
   * @return a stored value
   * @throws ShardstreamException COLUMN_NOT_FOUND for a column, UNSUPPORTED for a subquery, an
   *     aggregate or too many parts, QUERY_FAILED with SQLite's words, STATEMENT_TIMEOUT
   */
  @Nullable Object valueOf(Expr expr, String table) {
    if (expr instanceof Expr.Literal literal) {
      return literal.value();
    }
    if (expr instanceof Expr.Parameter parameter) {
      return parameters.get(parameter.index() - 1);
    }
    if (expr instanceof Expr.CurrentTime time) {
      return clock(time.clock());
    }
    requireBounded(expr);
    expr.walk().forEach(part -> requireReadsNoRow(part, table));
    return compute(expr.source());
  }

  private String clock(Expr.CurrentTime.Clock clock) {
    String text = StoredValues.timestampText(now);
    return switch (clock) {
      case TIMESTAMP -> text;
      case DATE -> text.substring(0, TIME_OF_DAY - 1);
      case TIME -> text.substring(TIME_OF_DAY);
    };
  }

  private static void requireBounded(Expr expr) {
    if (expr.walk().count() > MOST_PARTS) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED, "a value of more than " + MOST_PARTS + " operands and operators");
    }
  }

  private static void requireReadsNoRow(Expr part, String table) {
    if (part instanceof Expr.ColumnRef column) {
      throw new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, column.column(), table);
    }
    if (part instanceof Expr.Subquery subquery) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED, "a subquery as a value: " + subquery.text());
    }
    // What stands in ORDER BY is no part, and could be a subquery.
    if (part instanceof Expr.FunctionCall call
        && (call.isAggregate() || call.windowed() || call.ordered())) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED, "an aggregate as a value: " + call.text());
    }
  }

  private @Nullable Object compute(SourceText source) {
    ExpressionValues open = computed;
    if (open == null) {
      open = new ExpressionValues(limit);
      computed = open;
    }
    return open.valueOf(withNumberedParameters(source), parameters);
  }

  /** A piece of a statement numbers its parameters from 1 again, unless they say their number. */
  private String withNumberedParameters(SourceText source) {
    StringBuilder sql = new StringBuilder();
    int from = source.start();
    for (ParameterRef place : places) {
      if (source.contains(place.start())) {
        sql.append(source.text(), from - source.start(), place.start() - source.start());
        sql.append('?').append(place.index());
        from = place.end();
      }
    }
    return sql.append(source.text(), from - source.start(), source.text().length()).toString();
  }

  @Override
  public void close() {
    if (computed != null) {
      computed.close();
    }
  }
}
