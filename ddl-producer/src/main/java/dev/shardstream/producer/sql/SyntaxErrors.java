package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.ColumnTypeContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
  private static final int MOST_EXPECTED = 10;

  private static final String NAME = "a name";
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
    boolean type = ((Parser) recognizer).getContext() instanceof ColumnTypeContext;
    throw StatementSource.syntax(
        token, describe(token, type ? Set.of("a type") : wanted(expected)));
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

  private static String describe(Token token, Set<String> wanted) {
    if (token.getType() == Token.EOF) {
      return "unexpected end of statement" + expectation(wanted);
    }
    String hint =
        wanted.contains(NAME) && isReserved(token)
            ? " (a reserved word: in double quotes it is a name)"
            : "";
    return "unexpected '" + shortened(token.getText()) + "'" + hint + expectation(wanted);
  }

  private static String expectation(Set<String> wanted) {
    if (wanted.isEmpty() || wanted.size() > MOST_EXPECTED) {
      return "";
    }
    List<String> words = List.copyOf(wanted);
    int last = words.size() - 1;
    return ", expected "
        + (last == 0
            ? words.get(0)
            : String.join(", ", words.subList(0, last)) + " or " + words.get(last));
  }

  private static boolean isReserved(Token token) {
    int type = token.getType();
    boolean keyword = WORDS.getDisplayName(type).matches("'[A-Z_]+'");
    return type == ShardstreamSqlLexer.RESERVED_WORD || keyword && !NameTokens.contains(type);
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 37) + "...";
  }

  /** The kinds of token in few words: a name is named once and not with all keywords it can be. */
  private static Set<String> wanted(IntervalSet expected) {
    Set<Integer> types = new LinkedHashSet<>(expected.toList());
    if (types.contains(ShardstreamSqlLexer.CREATE)) {
      return Set.of("a statement");
    }
    if (types.contains(ShardstreamSqlLexer.MALFORMED_NUMBER)) {
      return Set.of("an id");
    }
    if (types.contains(ShardstreamSqlLexer.QUOTED_IDENTIFIER)
        && types.contains(ShardstreamSqlLexer.STRING)) {
      // Here it is the name of the first namespace.
      types.remove((Integer) ShardstreamSqlLexer.DEFAULT);
    }
    Set<String> wanted = new LinkedHashSet<>();
    if (types.contains(ShardstreamSqlLexer.CASE)) {
      wanted.add("an expression");
      types.removeIf(type -> beginsExpression(type) || NameTokens.contains(type));
    } else if (types.contains(ShardstreamSqlLexer.QUOTED_IDENTIFIER)) {
      wanted.add(NAME);
      types.removeIf(type -> type == ShardstreamSqlLexer.STRING || NameTokens.contains(type));
    }
    if (types.contains(ShardstreamSqlLexer.COLLATE)) {
      types.removeIf(SyntaxErrors::continuesExpression);
    }
    // All that could have come before the end was tried: what was meant is not known.
    types.remove(Token.EOF);
    types.stream().map(SyntaxErrors::word).forEach(wanted::add);
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
              ShardstreamSqlLexer.BLOB,
              ShardstreamSqlLexer.PARAMETER,
              ShardstreamSqlLexer.INTEGER_NUMBER,
              ShardstreamSqlLexer.REAL_NUMBER,
              ShardstreamSqlLexer.HEX_NUMBER ->
          true;
      default -> WORDS.getDisplayName(type).matches("'[-+~(]'");
    };
  }

  private static boolean continuesExpression(int type) {
    return switch (type) {
      case ShardstreamSqlLexer.AND,
              ShardstreamSqlLexer.OR,
              ShardstreamSqlLexer.NOT,
              ShardstreamSqlLexer.IS,
              ShardstreamSqlLexer.ISNULL,
              ShardstreamSqlLexer.NOTNULL,
              ShardstreamSqlLexer.IN,
              ShardstreamSqlLexer.BETWEEN,
              ShardstreamSqlLexer.LIKE,
              ShardstreamSqlLexer.GLOB,
              ShardstreamSqlLexer.REGEXP,
              ShardstreamSqlLexer.MATCH,
              ShardstreamSqlLexer.ESCAPE,
              ShardstreamSqlLexer.COLLATE ->
          true;
      default -> WORDS.getDisplayName(type).matches("'[^A-Z(),]+'");
    };
  }

  private static String word(int type) {
    return switch (type) {
      case ShardstreamSqlLexer.IDENTIFIER -> "a word";
      case ShardstreamSqlLexer.STRING -> "a text in quotes";
      case ShardstreamSqlLexer.INTEGER_NUMBER,
              ShardstreamSqlLexer.REAL_NUMBER,
              ShardstreamSqlLexer.HEX_NUMBER ->
          "a number";
      default -> {
        String display = WORDS.getDisplayName(type);
        yield display.matches("'[A-Z_]+'") ? display.substring(1, display.length() - 1) : display;
      }
    };
  }
}
