package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.TokenStream;

/** The generated parser, which recurses for what is nested, kept within the stack. */
final class BoundedParser extends ShardstreamSqlParser {
  /** Rules in each other; four for each parenthesis. */
  private static final int DEEPEST = 1000;

  private int depth;

  BoundedParser(TokenStream tokens) {
    super(tokens);
  }

  @Override
  public void enterRule(ParserRuleContext context, int state, int rule) {
    goDeeper();
    super.enterRule(context, state, rule);
  }

  @Override
  public void exitRule() {
    super.exitRule();
    depth--;
  }

  @Override
  public void enterRecursionRule(ParserRuleContext context, int state, int rule, int precedence) {
    goDeeper();
    super.enterRecursionRule(context, state, rule, precedence);
  }

  @Override
  public void unrollRecursionContexts(ParserRuleContext parent) {
    super.unrollRecursionContexts(parent);
    depth--;
  }

  private void goDeeper() {
    depth++;
    if (depth > DEEPEST) {
      throw StatementSource.unsupported("a statement nested so deeply");
    }
  }
}
