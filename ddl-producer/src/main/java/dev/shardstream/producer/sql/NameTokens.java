package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.misc.IntervalSet;

/** The kinds of token that can be a name, keywords among them: the grammar itself is asked. */
final class NameTokens {
  private static final IntervalSet TYPES = types();

  private NameTokens() {}

  static boolean contains(int tokenType) {
    return TYPES.contains(tokenType);
  }

  private static IntervalSet types() {
    ATN atn = ShardstreamSqlParser._ATN;
    return atn.nextTokens(atn.ruleToStartState[ShardstreamSqlParser.RULE_name]);
  }
}
