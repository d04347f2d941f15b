package dev.shardstream.producer.api;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.ParameterRef;
import dev.shardstream.producer.sql.SourceText;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.row.StoredValues;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  private final List<ParameterRef> places;
  private final List<@Nullable Object> parameters;
  private final LocalDateTime now;
  private @Nullable Connection connection;

  /**
   * @param places where the statement takes values
   * @param parameters stored values; the first is parameter 1
   * @param now CURRENT_TIMESTAMP of the whole statement, UTC
   */
  ConstantValues(List<ParameterRef> places, List<@Nullable Object> parameters, LocalDateTime now) {
    this.places = places;
    this.parameters = parameters;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
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
   * @throws ShardstreamException COLUMN_NOT_FOUND for a column, UNSUPPORTED for a subquery or an
   *     aggregate, QUERY_FAILED with SQLite's words
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

  private static void requireReadsNoRow(Expr part, String table) {
    if (part instanceof Expr.ColumnRef column) {
      throw new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, column.column(), table);
    }
    if (part instanceof Expr.Subquery subquery) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED, "a subquery as a value: " + subquery.text());
    }
    if (part instanceof Expr.FunctionCall call && (call.isAggregate() || call.windowed())) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED, "an aggregate as a value: " + call.text());
    }
  }

  private @Nullable Object compute(SourceText source) {
    try (PreparedStatement statement =
        connection().prepareStatement("SELECT (" + withNumberedParameters(source) + ")")) {
      int taken = statement.getParameterMetaData().getParameterCount();
      for (int i = 1; i <= taken; i++) {
        statement.setObject(i, parameters.get(i - 1));
      }
      try (ResultSet row = statement.executeQuery()) {
        Object value = row.getObject(1);
        return value instanceof Integer small ? (Object) small.longValue() : value;
      }
    } catch (SQLException e) {
      throw new ShardstreamException(ErrorCode.QUERY_FAILED, source.text() + ": " + e.getMessage())
          .causedBy(e);
    }
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

  private Connection connection() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = DriverManager.getConnection("jdbc:sqlite::memory:");
      connection = open;
    }
    return open;
  }

  @Override
  public void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Closing an in-memory database failed", e);
    }
  }
}
