package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** Builds CREATE TABLE; keys move from the columns to the table. Used once. */
final class TableDefinitionBuilder {
  private final StatementSource source;
  private final ExprBuilder exprs;
  private final List<ColumnDefinition> columns = new ArrayList<>();
  private final List<List<String>> uniqueKeys = new ArrayList<>();
  private @Nullable List<String> primaryKey;

  TableDefinitionBuilder(StatementSource source, ExprBuilder exprs) {
    this.source = source;
    this.exprs = exprs;
  }

  Statement build(CreateTableContext tree) {
    if (tree.select() != null) {
      throw StatementSource.unsupported("CREATE TABLE … AS SELECT");
    }
    for (TableElementContext element : tree.tableElement()) {
      if (element.columnDefinition() != null) {
        columns.add(column(element.columnDefinition()));
      } else {
        constraint(element.tableConstraint().tableRule());
      }
    }
    return new Statement.CreateTable(
        Words.table(tree.tableName()),
        tree.EXISTS() != null,
        TableType.REGULAR,
        columns,
        primaryKey == null ? List.of() : primaryKey,
        uniqueKeys,
        null,
        null,
        options(tree),
        null);
  }

  private TableOptions options(CreateTableContext tree) {
    TableOptionsReader options = new TableOptionsReader();
    for (Token comment : source.comments()) {
      if (comment.getStartIndex() > tree.tableName().getStop().getStopIndex()) {
        options.readComment(comment);
      }
    }
    for (TableSuffixContext suffix : tree.tableSuffix()) {
      if (suffix instanceof OptionsSuffixContext with) {
        with.tableOption().forEach(options::read);
      } else if (suffix instanceof WithoutSuffixContext without
          && !Words.name(without.name()).equalsIgnoreCase("ROWID")) {
        throw StatementSource.syntax(
            without.getStop(), "unexpected '" + without.name().getText() + "', expected ROWID");
      }
    }
    return options.finish();
  }

  // ---- Columns

  private ColumnDefinition column(ColumnDefinitionContext tree) {
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
        defaultValue = defaultValue(name, tree.columnType(), written.defaultValue());
      } else {
        rule(name, rule, nullability);
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

  private void rule(String column, ColumnRuleContext tree, Nullability nullability) {
    if (tree instanceof NotNullRuleContext rule) {
      refuse(rule.conflictClause());
      nullability.set(rule, false);
    } else if (tree instanceof NullRuleContext rule) {
      nullability.set(rule, true);
    } else if (tree instanceof PrimaryKeyRuleContext rule) {
      refuse(rule.conflictClause());
      refuse(rule.AUTOINCREMENT(), "AUTOINCREMENT");
      refuse(rule.DESC(), "DESC in PRIMARY KEY");
      setPrimaryKey(rule.getStart(), List.of(column));
    } else if (tree instanceof UniqueRuleContext rule) {
      refuse(rule.conflictClause());
      uniqueKeys.add(List.of(column));
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

  // ---- Types and defaults

  private static String words(ColumnTypeContext tree) {
    return tree.IDENTIFIER().stream().map(ParseTree::getText).collect(Collectors.joining(" "));
  }

  private static TypeName type(String column, ColumnTypeContext tree) {
    return TypeName.of(words(tree))
        .orElseThrow(
            () ->
                StatementSource.unsupported(
                    "type %s of column '%s' (use INTEGER, BIGINT, FLOAT, REAL, DOUBLE, TEXT,"
                            .formatted(words(tree), column)
                        + " VARCHAR(n), BOOLEAN, DATE, TIMESTAMP or BLOB)"));
  }

  private @Nullable Integer length(String column, TypeName type, ColumnTypeContext tree) {
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

  private Expr defaultValue(String column, ColumnTypeContext type, DefaultValueContext tree) {
    if (tree.literal() != null) {
      return signed(tree);
    }
    if (tree.expr() != null) {
      Expr inner = exprs.build(tree.expr());
      if (inner instanceof Expr.Literal || inner instanceof Expr.CurrentTime) {
        return inner;
      }
    }
    throw new ShardstreamException(
        ErrorCode.UNSUPPORTED_DEFAULT, column, source.of(type).text(), source.of(tree).text());
  }

  private Expr signed(DefaultValueContext tree) {
    LiteralContext literal = tree.literal();
    boolean sign = tree.getStart() != literal.getStart();
    if (!sign) {
      return Literals.of(literal, source.of(tree));
    }
    if (!Literals.isNumber(literal.getStart())) {
      throw StatementSource.syntax(
          literal.getStart(), "unexpected '" + literal.getText() + "', expected a number");
    }
    boolean negative = tree.getStart().getText().equals("-");
    return new Expr.Literal(Literals.number(literal.getStart(), negative), source.of(tree));
  }

  // ---- Keys

  private void constraint(TableRuleContext tree) {
    if (tree instanceof PrimaryKeyConstraintContext rule) {
      refuse(rule.conflictClause());
      setPrimaryKey(rule.getStart(), keyColumns(rule.keyColumn()));
    } else if (tree instanceof UniqueConstraintContext rule) {
      refuse(rule.conflictClause());
      uniqueKeys.add(keyColumns(rule.keyColumn()));
    } else {
      throw StatementSource.unsupported(
          tree instanceof CheckConstraintContext ? "CHECK" : "FOREIGN KEY");
    }
  }

  private static List<String> keyColumns(List<KeyColumnContext> trees) {
    for (KeyColumnContext tree : trees) {
      refuse(tree.DESC(), "DESC in a key");
      refuse(tree.COLLATE(), "COLLATE in a key");
    }
    return trees.stream().map(tree -> Words.name(tree.name(0))).toList();
  }

  private void setPrimaryKey(Token at, List<String> key) {
    if (primaryKey != null) {
      throw StatementSource.syntax(at, "a second PRIMARY KEY");
    }
    primaryKey = key;
  }

  private static void refuse(@Nullable ParseTree written, String what) {
    if (written != null) {
      throw StatementSource.unsupported(what);
    }
  }

  private static void refuse(@Nullable ConflictClauseContext written) {
    refuse(written, "ON CONFLICT in CREATE TABLE");
  }
}
