package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** Builds columns, their types and their defaults. */
final class ColumnBuilder {
  /** Where the keys go that a column's definition may say. */
  interface Keys {
    /**
     * @param at its first word
     */
    void primaryKey(Token at, String column);

    void unique(String column);
  }

  private final StatementSource source;
  private final ExprBuilder exprs;

  ColumnBuilder(StatementSource source, ExprBuilder exprs) {
    this.source = source;
    this.exprs = exprs;
  }

  ColumnDefinition column(ColumnDefinitionContext tree, Keys keys) {
    String name = Words.name(tree.name());
    TypeName type = type(name, tree.columnType());
    Nullability nullability = new Nullability();
    Expr defaultValue = null;
    for (ColumnConstraintContext constraint : tree.columnConstraint()) {
      ColumnRuleContext rule = constraint.columnRule();
      if (rule instanceof DefaultRuleContext written) {
        if (defaultValue != null) {
          throw StatementSource.syntax(
              rule.getStart(), "a second DEFAULT of column '" + name + "'");
        }
        defaultValue =
            constant(written.defaultValue())
                .orElseThrow(
                    () ->
                        new ShardstreamException(
                            ErrorCode.UNSUPPORTED_DEFAULT,
                            name,
                            source.of(tree.columnType()).text(),
                            source.of(written.defaultValue()).text()));
      } else {
        rule(name, rule, nullability, keys);
      }
    }
    return new ColumnDefinition(
        name,
        type,
        length(name, type, tree.columnType()),
        nullability.nullable(),
        defaultValue,
        StatementSource.position(tree.getStart()));
  }

  private static void rule(
      String column, ColumnRuleContext tree, Nullability nullability, Keys keys) {
    if (tree instanceof NotNullRuleContext rule) {
      refuse(rule.conflictClause());
      nullability.set(rule, false);
    } else if (tree instanceof NullRuleContext rule) {
      nullability.set(rule, true);
    } else if (tree instanceof PrimaryKeyRuleContext rule) {
      refuse(rule.conflictClause());
      refuse(rule.AUTOINCREMENT(), "AUTOINCREMENT");
      refuse(rule.DESC(), "DESC in PRIMARY KEY");
      keys.primaryKey(rule.getStart(), column);
    } else if (tree instanceof UniqueRuleContext rule) {
      refuse(rule.conflictClause());
      keys.unique(column);
    } else {
      throw StatementSource.unsupported(unsupportedRule(tree) + " on column '" + column + "'");
    }
  }

  private static String unsupportedRule(ColumnRuleContext tree) {
    if (tree instanceof CheckRuleContext) {
      return "CHECK";
    }
    if (tree instanceof ReferencesRuleContext) {
      return "REFERENCES";
    }
    if (tree instanceof CollateRuleContext) {
      return "COLLATE";
    }
    return "GENERATED";
  }

  /** Whether NULL is allowed, said once or not at all. */
  private static final class Nullability {
    private @Nullable Boolean said;

    void set(ColumnRuleContext rule, boolean nullable) {
      if (said != null && said != nullable) {
        throw StatementSource.syntax(rule.getStart(), "NULL and NOT NULL contradict each other");
      }
      said = nullable;
    }

    boolean nullable() {
      return said == null || said;
    }
  }

  static void refuse(@Nullable ParseTree written, String what) {
    if (written != null) {
      throw StatementSource.unsupported(what);
    }
  }

  static void refuse(@Nullable ConflictClauseContext written) {
    refuse(written, "ON CONFLICT in CREATE TABLE");
  }

  // ---- Types and defaults

  static TypeName type(String column, ColumnTypeContext tree) {
    String words =
        tree.IDENTIFIER().stream().map(ParseTree::getText).collect(Collectors.joining(" "));
    return TypeName.of(words)
        .orElseThrow(
            () ->
                StatementSource.unsupported(
                    "type %s of column '%s' (use INTEGER, BIGINT, FLOAT, REAL, DOUBLE, TEXT,"
                            .formatted(words, column)
                        + " VARCHAR(n), BOOLEAN, DATE, TIMESTAMP or BLOB)"));
  }

  @Nullable Integer length(String column, TypeName type, ColumnTypeContext tree) {
    if (tree.signedNumber().isEmpty()) {
      return null;
    }
    String written = source.of(tree).text() + " of column '" + column + "'";
    if (type != TypeName.VARCHAR || tree.signedNumber().size() > 1) {
      throw StatementSource.unsupported(written + ": only VARCHAR takes a length, and only one");
    }
    SignedNumberContext number = tree.signedNumber(0);
    Object length = Literals.number(number.getStop(), number.getText().startsWith("-"));
    if (length instanceof Long value && value >= 1 && value <= Integer.MAX_VALUE) {
      return value.intValue();
    }
    throw new ShardstreamException(
        ErrorCode.INVALID_ARGUMENT, written + ": the length is 1 or more code points");
  }

  /**
   * The default of a column whose type is not known here.
   *
   * @throws ShardstreamException UNSUPPORTED when it is no constant
   */
  Expr.Literal defaultValue(String column, DefaultValueContext tree) {
    return constant(tree)
        .filter(value -> value instanceof Expr.Literal)
        .map(Expr.Literal.class::cast)
        .orElseThrow(
            () ->
                StatementSource.unsupported(
                    "DEFAULT %s of column '%s': give a constant"
                        .formatted(source.of(tree).text(), column)));
  }

  /** A literal or a current time; empty for anything else. */
  private Optional<Expr> constant(DefaultValueContext tree) {
    if (!tree.name().isEmpty()) {
      throw StatementSource.syntax(
          tree.getStart(),
          "DEFAULT %s is no constant: a text stands in single quotes"
              .formatted(source.of(tree).text()));
    }
    if (tree.signedLiteral() != null) {
      return Optional.of(Literals.of(tree.signedLiteral(), source.of(tree)));
    }
    return Optional.ofNullable(tree.expr())
        .map(exprs::build)
        .filter(inner -> inner instanceof Expr.Literal || inner instanceof Expr.CurrentTime);
  }
}
