package dev.shardstream.producer.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.Seeded;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Operators bind as in SQLite: a random expression without parentheses has the value of its tree
 * with parentheses everywhere. A failure prints its seed; -Dseed=… runs it again.
 */
class OperatorsAgainstSqliteTest {
  private static final List<String> BINARY =
      List.of(
          "+",
          "-",
          "*",
          "/",
          "%",
          "||",
          "&",
          "|",
          "<<",
          ">>",
          "<",
          "<=",
          ">",
          ">=",
          "=",
          "==",
          "<>",
          "!=",
          "IS",
          "IS NOT",
          "IS DISTINCT FROM",
          "IS NOT DISTINCT FROM",
          "AND",
          "OR",
          "LIKE",
          "NOT LIKE",
          "GLOB",
          "NOT GLOB");
  private static final List<String> VALUES =
      List.of("0", "1", "2", "3", "7", "-1", "0.5", "'a'", "'1'", "'%'", "'A'", "NULL", "TRUE");

  @Test
  void a_tree_groups_as_sqlite_groups() {
    long seed = Long.getLong("seed", System.nanoTime());
    Seeded.run(seed, () -> compareTrees(new Random(seed)));
  }

  private static void compareTrees(Random random) throws SQLException {
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = sqlite.createStatement()) {
      for (int i = 0; i < 4000; i++) {
        String flat = expression(random, 1 + random.nextInt(6));
        String grouped = grouped(parsed(flat));
        assertThat(value(statement, grouped))
            .as("%s as %s", flat, grouped)
            .isEqualTo(value(statement, flat));
      }
    }
  }

  private static String expression(Random random, int operators) {
    StringBuilder out = new StringBuilder(operand(random));
    for (int i = 0; i < operators; i++) {
      out.append(' ').append(tail(random));
    }
    return out.toString();
  }

  private static String tail(Random random) {
    return switch (random.nextInt(14)) {
      case 0 -> "ISNULL";
      case 1 -> pick(random, List.of("NOTNULL", "NOT NULL", "COLLATE NOCASE"));
      case 2 -> "BETWEEN " + operand(random) + " AND " + operand(random);
      case 3 -> "NOT BETWEEN " + operand(random) + " AND " + operand(random);
      case 4 -> "IN (" + operand(random) + ", " + operand(random) + ")";
      case 5 -> "NOT IN (" + operand(random) + ")";
      case 6 -> "LIKE " + operand(random) + " ESCAPE 'x'";
      default -> pick(random, BINARY) + " " + operand(random);
    };
  }

  private static String operand(Random random) {
    String prefix =
        random.nextInt(4) > 0 ? "" : pick(random, List.of("NOT ", "- ", "+ ", "~ ", "NOT NOT "));
    return prefix + pick(random, VALUES);
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static Expr parsed(String expression) {
    SelectStatement select = (SelectStatement) SqlParser.parse("SELECT " + expression + " FROM t");
    SimpleSelect simple = Objects.requireNonNull(select.simple());
    return ((SimpleSelect.ExprItem) simple.items().get(0)).expr();
  }

  private static String grouped(Expr expr) {
    if (expr instanceof Expr.Literal literal) {
      return literal.text();
    }
    List<String> parts =
        expr.children().stream()
            .map(OperatorsAgainstSqliteTest::grouped)
            .collect(Collectors.toList());
    return "(" + shape(expr, parts) + ")";
  }

  private static String shape(Expr expr, List<String> parts) {
    if (expr instanceof Expr.Binary binary) {
      return parts.get(0) + " " + sign(binary.operator()) + " " + parts.get(1);
    }
    if (expr instanceof Expr.Unary unary) {
      return switch (unary.operator()) {
        case NOT -> "NOT " + parts.get(0);
        case MINUS -> "- " + parts.get(0);
        case PLUS -> "+ " + parts.get(0);
        case BIT_NOT -> "~ " + parts.get(0);
      };
    }
    if (expr instanceof Expr.IsNull is) {
      return parts.get(0) + (is.negated() ? " NOTNULL" : " ISNULL");
    }
    if (expr instanceof Expr.IsTruth is) {
      return parts.get(0)
          + (is.negated() ? " IS NOT " : " IS ")
          + (is.expected() ? "TRUE" : "FALSE");
    }
    if (expr instanceof Expr.Collate collate) {
      return parts.get(0) + " COLLATE " + collate.collation();
    }
    if (expr instanceof Expr.InList in) {
      String items = String.join(", ", parts.subList(1, parts.size()));
      return parts.get(0) + not(in.negated()) + " IN (" + items + ")";
    }
    if (expr instanceof Expr.Between between) {
      String range = parts.get(1) + " AND " + parts.get(2);
      return parts.get(0) + not(between.negated()) + " BETWEEN " + range;
    }
    Expr.Like like = (Expr.Like) expr;
    String escape = like.escape() == null ? "" : " ESCAPE " + parts.get(2);
    return parts.get(0) + not(like.negated()) + " " + like.matcher() + " " + parts.get(1) + escape;
  }

  private static String not(boolean negated) {
    return negated ? " NOT" : "";
  }

  private static String sign(Expr.BinaryOperator operator) {
    return switch (operator) {
      case ADD -> "+";
      case SUBTRACT -> "-";
      case MULTIPLY -> "*";
      case DIVIDE -> "/";
      case MODULO -> "%";
      case CONCAT -> "||";
      case JSON_EXTRACT -> "->";
      case JSON_EXTRACT_TEXT -> "->>";
      case BIT_AND -> "&";
      case BIT_OR -> "|";
      case SHIFT_LEFT -> "<<";
      case SHIFT_RIGHT -> ">>";
      case EQUAL -> "=";
      case NOT_EQUAL -> "<>";
      case LESS -> "<";
      case LESS_OR_EQUAL -> "<=";
      case GREATER -> ">";
      case GREATER_OR_EQUAL -> ">=";
      case IS -> "IS";
      case IS_NOT -> "IS NOT";
      case AND -> "AND";
      case OR -> "OR";
    };
  }

  /** The value with its type, or the one error that these expressions can meet. */
  private static String value(Statement statement, String expression) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SELECT typeof(" + expression + "), " + expression)) {
      row.next();
      return row.getString(1) + " " + row.getString(2);
    } catch (SQLException e) {
      if (!e.getMessage().contains("ESCAPE expression must be a single character")) {
        throw e;
      }
      return "error";
    }
  }
}
