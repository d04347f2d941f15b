package dev.shardstream.producer.sql;

import static dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer.PARAMETER;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/**
 * One statement's tokens and where they stand: turns tokens into texts, positions and parameter
 * numbers. Tokens count from the beginning of the script, everything that leaves here counts from
 * the beginning of the statement, except positions for people.
 */
final class StatementSource {
  /** As in SQLite (SQLITE_MAX_VARIABLE_NUMBER). */
  private static final int LARGEST_PARAMETER = 32766;

  private final String script;
  private final List<Token> tokens;
  private final List<Token> comments;
  private final int base;
  private final int skipped;
  private final List<ParameterRef> parameters = new ArrayList<>();
  private final Map<Integer, Integer> parameterByStart = new HashMap<>();

  /**
   * @param script the whole input
   * @param tokens the statement's own, at least one, comments apart
   * @param comments those between the statement's tokens and before its semicolon
   */
  StatementSource(String script, List<Token> tokens, List<Token> comments) {
    this(script, tokens, comments, 0);
  }

  private StatementSource(String script, List<Token> tokens, List<Token> comments, int skipped) {
    this.script = script;
    this.tokens = tokens;
    this.comments = comments;
    this.base = tokens.get(0).getStartIndex();
    this.skipped = skipped;
    numberParameters();
  }

  private void numberParameters() {
    Map<String, Integer> named = new HashMap<>();
    int largest = 0;
    for (Token token : tokens) {
      if (token.getType() != PARAMETER) {
        continue;
      }
      String text = token.getText();
      int index = text.equals("?") ? largest + 1 : explicit(token, named, largest + 1);
      largest = Math.max(largest, index);
      int start = token.getStartIndex() - base;
      parameters.add(new ParameterRef(index, start, start + text.length()));
      parameterByStart.put(token.getStartIndex(), index);
    }
  }

  private int explicit(Token token, Map<String, Integer> named, int next) {
    String text = token.getText();
    if (text.charAt(0) != '?') {
      return named.computeIfAbsent(text, name -> next);
    }
    int index = text.length() > 6 ? 0 : Integer.parseInt(text.substring(1));
    if (index < 1 || index > LARGEST_PARAMETER) {
      throw syntax(token, "parameter numbers go from ?1 to ?" + LARGEST_PARAMETER);
    }
    return index;
  }

  /** The rest of the statement from one of its tokens on, as a statement of its own. */
  StatementSource from(Token first) {
    int index = first.getTokenIndex() - skipped;
    return new StatementSource(
        script, tokens.subList(index, tokens.size()), comments, first.getTokenIndex());
  }

  List<Token> tokens() {
    return tokens;
  }

  List<Token> comments() {
    return comments;
  }

  List<ParameterRef> parameters() {
    return List.copyOf(parameters);
  }

  int parameterIndex(Token token) {
    Integer index = parameterByStart.get(token.getStartIndex());
    if (index == null) {
      throw new IllegalStateException("No parameter: " + token);
    }
    return index;
  }

  /** The statement from its first to its last token. */
  String text() {
    return between(tokens.get(0), tokens.get(tokens.size() - 1)).text();
  }

  SourceText of(ParserRuleContext piece) {
    return between(piece.getStart(), piece.getStop());
  }

  SourceText between(Token first, Token last) {
    int start = first.getStartIndex();
    return new SourceText(script.substring(start, last.getStopIndex() + 1), start - base);
  }

  /** The token before one of this statement's; the parser's stream has numbered them. */
  Token before(Token token) {
    return tokens.get(token.getTokenIndex() - skipped - 1);
  }

  static SourcePosition position(Token token) {
    return new SourcePosition(token.getLine(), token.getCharPositionInLine() + 1);
  }

  static ShardstreamException syntax(Token at, String message) {
    SourcePosition position = position(at);
    return new ShardstreamException(ErrorCode.SYNTAX, position.line(), position.column(), message);
  }

  static ShardstreamException unsupported(String what) {
    return new ShardstreamException(ErrorCode.UNSUPPORTED, what);
  }
}
