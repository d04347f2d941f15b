package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.misc.IntervalSet;

/** The keywords that the grammar also takes as names, asked of the grammar itself. */
final class SoftKeywords {
  private static final IntervalSet TYPES = types();

  private SoftKeywords() {}

  static boolean contains(int tokenType) {
    return TYPES.contains(tokenType);
  }

  private static IntervalSet types() {
    ATN atn = ShardstreamSqlParser._ATN;
    IntervalSet all = new IntervalSet();
    all.addAll(atn.nextTokens(atn.ruleToStartState[ShardstreamSqlParser.RULE_softKeyword]));
    return all;
  }
}
