package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.Expr.BinaryOperator;
import dev.shardstream.producer.sql.Expr.Matcher;
import dev.shardstream.producer.sql.Expr.UnaryOperator;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Builds expressions of one statement. */
final class ExprBuilder {
  private final StatementSource statement;

  ExprBuilder(StatementSource statement) {
    this.statement = statement;
  }

  List<Expr> buildAll(@Nullable ExprListContext list) {
    return list == null ? List.of() : list.expr().stream().map(this::build).toList();
  }

  @Nullable Expr buildIf(@Nullable ExprContext tree) {
    return tree == null ? null : build(tree);
  }

  Expr build(ExprContext tree) {
    if (tree instanceof AndExprContext and) {
      return new Expr.Binary(
          BinaryOperator.AND, build(and.expr(0)), build(and.expr(1)), statement.of(tree));
    }
    if (tree instanceof OrExprContext or) {
      return new Expr.Binary(
          BinaryOperator.OR, build(or.expr(0)), build(or.expr(1)), statement.of(tree));
    }
    return comparison(((ComparisonExprContext) tree).comparison());
  }

  private Expr comparison(ComparisonContext tree) {
    Expr left = operand(tree.operand());
    for (ComparisonTailContext tail : tree.comparisonTail()) {
      ContinuationContext more = tail.getRuleContext(ContinuationContext.class, 0);
      Token last = more == null ? tail.getStop() : statement.before(more.getStart());
      left = compared(left, tail, statement.between(tree.getStart(), last));
      for (; more != null; more = more.continuation()) {
        left = continued(tree.getStart(), left, more);
      }
    }
    return left;
  }

  private Expr continued(Token start, Expr left, ContinuationContext tree) {
    if (tree.COLLATE() != null) {
      Token collation = (tree.name() == null ? tree.STRING().getSymbol() : tree.name().getStop());
      return new Expr.Collate(
          left, Words.unquoted(collation.getText()), statement.between(start, collation));
    }
    return grafted(start, left, tree.getStart().getText(), tree.operand());
  }

  /** Sets left and a sign before a tree that was parsed alone: as deep on its left as they bind. */
  private Expr grafted(Token start, Expr left, String sign, OperandContext right) {
    SourceText source = statement.between(start, right.getStop());
    if (right instanceof BinaryOperandContext binary) {
      BinaryOperator operator = binaryOperator(binary.getChild(1).getText());
      if (binding(operator) <= binding(binaryOperator(sign))) {
        Expr inner = grafted(start, left, sign, binary.operand(0));
        return new Expr.Binary(operator, inner, operand(binary.operand(1)), source);
      }
    }
    return new Expr.Binary(binaryOperator(sign), left, operand(right), source);
  }

  private Expr compared(Expr left, ComparisonTailContext tree, SourceText source) {
    if (tree instanceof EqualTailContext tail) {
      BinaryOperator operator =
          tail.getStart().getText().startsWith("=")
              ? BinaryOperator.EQUAL
              : BinaryOperator.NOT_EQUAL;
      return new Expr.Binary(operator, left, operand(tail.operand()), source);
    }
    if (tree instanceof IsTailContext tail) {
      return is(left, tail, source);
    }
    if (tree instanceof InTailContext tail) {
      return in(left, tail, source);
    }
    if (tree instanceof BetweenTailContext tail) {
      Expr low = operand(tail.operand(0));
      Expr high = operand(tail.operand(1));
      return new Expr.Between(left, low, high, tail.NOT() != null, source);
    }
    if (tree instanceof LikeTailContext tail) {
      return like(left, tail, source);
    }
    NullTailContext tail = (NullTailContext) tree;
    return new Expr.IsNull(left, tail.ISNULL() == null, source);
  }

  private Expr is(Expr left, IsTailContext tail, SourceText source) {
    boolean negated = (tail.NOT() != null) != (tail.DISTINCT() != null);
    Expr right = operand(tail.operand());
    if (right instanceof Expr.Literal literal && literal.value() == null) {
      return new Expr.IsNull(left, negated, source);
    }
    if (right instanceof Expr.Literal literal && literal.text().matches("(?i)true|false")) {
      return new Expr.IsTruth(left, Long.valueOf(1).equals(literal.value()), negated, source);
    }
    return new Expr.Binary(
        negated ? BinaryOperator.IS_NOT : BinaryOperator.IS, left, right, source);
  }

  private Expr in(Expr left, InTailContext tail, SourceText source) {
    if (tail.inSource() instanceof InListContext list) {
      return new Expr.InList(left, buildAll(list.exprList()), tail.NOT() != null, source);
    }
    return new Expr.Subquery(left, source);
  }

  private Expr like(Expr left, LikeTailContext tail, SourceText source) {
    Token word =
        tail.NOT() == null ? tail.getStart() : ((TerminalNode) tail.getChild(1)).getSymbol();
    Expr pattern = operand(tail.operand(0));
    Expr escape = tail.ESCAPE() == null ? null : operand(tail.operand(1));
    Matcher matcher = Matcher.valueOf(word.getText().toUpperCase(Locale.ROOT));
    return new Expr.Like(matcher, left, pattern, escape, tail.NOT() != null, source);
  }

  private Expr operand(OperandContext tree) {
    if (tree instanceof PrimaryOperandContext primary) {
      return primary(primary.primary());
    }
    if (tree instanceof BinaryOperandContext binary) {
      String sign = binary.getChild(1).getText();
      Expr left = operand(binary.operand(0));
      return new Expr.Binary(
          binaryOperator(sign), left, operand(binary.operand(1)), statement.of(tree));
    }
    if (tree instanceof UnaryOperandContext unary) {
      return unary(unary);
    }
    if (tree instanceof CollateOperandContext collate) {
      return new Expr.Collate(
          operand(collate.operand()), Words.lastWord(collate), statement.of(tree));
    }
    Expr negated = comparison(((NotOperandContext) tree).comparison());
    return new Expr.Unary(UnaryOperator.NOT, negated, statement.of(tree));
  }

  /** A minus before a number is the number's own: -9223372036854775808 is an integer. */
  private Expr unary(UnaryOperandContext tree) {
    String sign = tree.getStart().getText();
    Token number = tree.operand().getStart();
    if (sign.equals("-") && number == tree.getStop() && Literals.isNumber(number)) {
      return new Expr.Literal(Literals.number(number, true), statement.of(tree));
    }
    UnaryOperator operator =
        switch (sign) {
          case "-" -> UnaryOperator.MINUS;
          case "+" -> UnaryOperator.PLUS;
          default -> UnaryOperator.BIT_NOT;
        };
    return new Expr.Unary(operator, operand(tree.operand()), statement.of(tree));
  }

  /** How tightly an operator binds, among those that an operand can hold. */
  private static int binding(BinaryOperator operator) {
    return switch (operator) {
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> 1;
      case SHIFT_LEFT, SHIFT_RIGHT, BIT_AND, BIT_OR -> 2;
      case ADD, SUBTRACT -> 3;
      case MULTIPLY, DIVIDE, MODULO -> 4;
      case CONCAT, JSON_EXTRACT, JSON_EXTRACT_TEXT -> 5;
      default -> throw new IllegalStateException("No operand holds " + operator);
    };
  }

  private static BinaryOperator binaryOperator(String sign) {
    return switch (sign) {
      case "||" -> BinaryOperator.CONCAT;
      case "->" -> BinaryOperator.JSON_EXTRACT;
      case "->>" -> BinaryOperator.JSON_EXTRACT_TEXT;
      case "*" -> BinaryOperator.MULTIPLY;
      case "/" -> BinaryOperator.DIVIDE;
      case "%" -> BinaryOperator.MODULO;
      case "+" -> BinaryOperator.ADD;
      case "-" -> BinaryOperator.SUBTRACT;
      case "<<" -> BinaryOperator.SHIFT_LEFT;
      case ">>" -> BinaryOperator.SHIFT_RIGHT;
      case "&" -> BinaryOperator.BIT_AND;
      case "|" -> BinaryOperator.BIT_OR;
      case "<" -> BinaryOperator.LESS;
      case "<=" -> BinaryOperator.LESS_OR_EQUAL;
      case ">" -> BinaryOperator.GREATER;
      case ">=" -> BinaryOperator.GREATER_OR_EQUAL;
      default -> throw new IllegalStateException("No operator: " + sign);
    };
  }

  private Expr primary(PrimaryContext tree) {
    SourceText source = statement.of(tree);
    if (tree instanceof LiteralPrimaryContext literal) {
      return Literals.of(literal.literal(), source);
    }
    if (tree instanceof ParameterPrimaryContext parameter) {
      return new Expr.Parameter(statement.parameterIndex(parameter.getStart()), source);
    }
    if (tree instanceof ColumnPrimaryContext column) {
      return column(column.columnRef(), source);
    }
    if (tree instanceof FunctionPrimaryContext function) {
      return function(function.functionCall());
    }
    if (tree instanceof CasePrimaryContext cases) {
      return cases(cases, source);
    }
    if (tree instanceof CastPrimaryContext cast) {
      return new Expr.Cast(build(cast.expr()), statement.of(cast.castType()).text(), source);
    }
    if (tree instanceof GroupedPrimaryContext grouped) {
      return build(grouped.expr());
    }
    if (tree instanceof RowPrimaryContext row) {
      return new Expr.RowValue(row.expr().stream().map(this::build).toList(), source);
    }
    return new Expr.Subquery(null, source);
  }

  private static Expr column(ColumnRefContext tree, SourceText source) {
    List<NameContext> names = tree.name();
    int last = names.size() - 1;
    return new Expr.ColumnRef(
        last < 2 ? null : Words.name(names.get(0)),
        last < 1 ? null : Words.name(names.get(last - 1)),
        Words.name(names.get(last)),
        source);
  }

  Expr.FunctionCall function(FunctionCallContext tree) {
    return new Expr.FunctionCall(
        Words.unquoted(tree.functionName().getText()),
        tree.DISTINCT() != null,
        tree.exprList() == null && isStar(tree),
        buildAll(tree.exprList()),
        tree.orderBy() != null || tree.WITHIN() != null,
        tree.filterClause() == null ? null : build(tree.filterClause().expr()),
        tree.overClause() != null,
        statement.of(tree));
  }

  private static boolean isStar(ParserRuleContext call) {
    return call.getChild(2).getText().equals("*");
  }

  private Expr cases(CasePrimaryContext tree, SourceText source) {
    List<Expr.When> whens =
        tree.whenClause().stream()
            .map(when -> new Expr.When(build(when.expr(0)), build(when.expr(1))))
            .toList();
    return new Expr.Case(buildIf(tree.operandOfCase), whens, buildIf(tree.otherwise), source);
  }
}
