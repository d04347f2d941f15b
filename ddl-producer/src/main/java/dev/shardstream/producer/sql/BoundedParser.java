package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.TokenStream;

/** The generated parser, which recurses for what is nested, kept within the stack. */
final class BoundedParser extends ShardstreamSqlParser {
  /**
   * Rules in each other, by their weights: five for each parenthesis, two for each sign before an
   * operand. As many take a quarter of the stack that a thread has if nobody says otherwise.
   */
  private static final int DEEPEST = 1200;

  private int depth;

  BoundedParser(TokenStream tokens) {
    super(tokens);
  }

  @Override
  public void enterRule(ParserRuleContext context, int state, int rule) {
    goDeeper(rule);
    super.enterRule(context, state, rule);
  }

  @Override
  public void exitRule() {
    depth -= weight(getContext().getRuleIndex());
    super.exitRule();
  }

  @Override
  public void enterRecursionRule(ParserRuleContext context, int state, int rule, int precedence) {
    goDeeper(rule);
    super.enterRecursionRule(context, state, rule, precedence);
  }

  @Override
  public void unrollRecursionContexts(ParserRuleContext parent) {
    depth -= weight(getContext().getRuleIndex());
    super.unrollRecursionContexts(parent);
  }

  private void goDeeper(int rule) {
    depth += weight(rule);
    if (depth > DEEPEST) {
      throw StatementSource.unsupported("a statement nested so deeply");
    }
  }

  /** Its frame is twice as large as others are. */
  private static int weight(int rule) {
    return rule == RULE_operand ? 2 : 1;
  }
}
