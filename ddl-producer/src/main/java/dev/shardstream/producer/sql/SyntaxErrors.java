package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.Vocabulary;
import org.antlr.v4.runtime.atn.ATNConfig;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/** Ends a parse at its first error, in words: what stands there and what was expected instead. */
final class SyntaxErrors extends BaseErrorListener {
  /** A longer list of what could follow helps nobody. */
  private static final int MOST_EXPECTED = 5;

  private static final Vocabulary WORDS = ShardstreamSqlLexer.VOCABULARY;

  @Override
  public void syntaxError(
      Recognizer<?, ?> recognizer,
      Object offendingSymbol,
      int line,
      int column,
      String message,
      @Nullable RecognitionException error) {
    Token token = (Token) offendingSymbol;
    IntervalSet expected =
        error instanceof NoViableAltException dead && dead.getDeadEndConfigs() != null
            ? expectedAt(dead)
            : ((Parser) recognizer).getExpectedTokens();
    throw StatementSource.syntax(token, describe(token, expected));
  }

  /** What each reading of the statement that was still possible before the token wanted there. */
  private static IntervalSet expectedAt(NoViableAltException dead) {
    IntervalSet expected = new IntervalSet();
    for (ATNConfig config : dead.getDeadEndConfigs()) {
      for (Transition transition : config.state.getTransitions()) {
        if (!transition.isEpsilon() && transition.label() != null) {
          expected.addAll(transition.label());
        }
      }
    }
    return expected;
  }

  static String describe(Token token, IntervalSet expected) {
    String what =
        token.getType() == Token.EOF
            ? "unexpected end of statement"
            : "unexpected '" + shortened(token.getText()) + "'";
    Set<String> wanted = wanted(expected);
    boolean reserved = wanted.contains("a name") && Character.isLetter(token.getText().charAt(0));
    String hint =
        reserved && token.getType() != Token.EOF
            ? " (a reserved word: in double quotes it is a name)"
            : "";
    if (wanted.isEmpty() || wanted.size() > MOST_EXPECTED) {
      return what + hint;
    }
    return what + hint + ", expected " + sentence(List.copyOf(wanted));
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 37) + "...";
  }

  private static Set<String> wanted(IntervalSet expected) {
    Set<Integer> types = new LinkedHashSet<>(expected.toList());
    Set<String> wanted = new LinkedHashSet<>();
    if (types.contains(ShardstreamSqlLexer.CREATE)) {
      return Set.of("a statement");
    }
    if (types.contains(ShardstreamSqlLexer.CASE)) {
      wanted.add("an expression");
      types.removeIf(SyntaxErrors::beginsExpression);
    } else if (types.contains(ShardstreamSqlLexer.QUOTED_IDENTIFIER)) {
      wanted.add("a name");
    } else if (types.contains(ShardstreamSqlLexer.INTEGER_NUMBER)) {
      wanted.add("a number");
      types.removeIf(type -> WORDS.getDisplayName(type).matches("'[-+]'"));
    }
    types.stream().map(SyntaxErrors::word).filter(word -> !word.isEmpty()).forEach(wanted::add);
    return wanted;
  }

  private static boolean beginsExpression(int type) {
    return switch (type) {
      case ShardstreamSqlLexer.CASE,
              ShardstreamSqlLexer.EXISTS,
              ShardstreamSqlLexer.NOT,
              ShardstreamSqlLexer.NULL,
              ShardstreamSqlLexer.TRUE,
              ShardstreamSqlLexer.FALSE,
              ShardstreamSqlLexer.CURRENT_DATE,
              ShardstreamSqlLexer.CURRENT_TIME,
              ShardstreamSqlLexer.CURRENT_TIMESTAMP,
              ShardstreamSqlLexer.STRING,
              ShardstreamSqlLexer.BLOB ->
          true;
      default -> WORDS.getDisplayName(type).matches("'[-+~(]'");
    };
  }

  /** The word for a kind of token; empty for those that the words before already cover. */
  private static String word(int type) {
    if (type == Token.EOF) {
      return "the end of the statement";
    }
    if (SoftKeywords.contains(type)) {
      return "";
    }
    return switch (type) {
      case ShardstreamSqlLexer.IDENTIFIER -> "";
      case ShardstreamSqlLexer.QUOTED_IDENTIFIER, ShardstreamSqlLexer.PARAMETER -> "";
      case ShardstreamSqlLexer.INTEGER_NUMBER,
              ShardstreamSqlLexer.REAL_NUMBER,
              ShardstreamSqlLexer.HEX_NUMBER ->
          "";
      case ShardstreamSqlLexer.STRING -> "a text in quotes";
      default -> {
        String display = WORDS.getDisplayName(type);
        yield display.matches("'[A-Z_]+'") ? display.substring(1, display.length() - 1) : display;
      }
    };
  }

  private static String sentence(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : words.subList(0, last).stream().collect(Collectors.joining(", "))
            + " or "
            + words.get(last);
  }
}
