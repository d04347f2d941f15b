package dev.shardstream.producer.cli;

import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/**
 * A script and its statements, split where the grammar has semicolons: not in texts, quoted names
 * or comments.
 */
final class Script {
  private final String text;
  private final List<Piece> statements;

  /**
   * A statement of a script.
   *
   * @param sql its text with its comments, without its semicolon
   * @param start where it begins in the script, in UTF-16 units
   */
  record Piece(String sql, int start) {}

  private Script(String text, List<Piece> statements) {
    this.text = text;
    this.statements = List.copyOf(statements);
  }

  /** Splits a script; blanks and comments alone are no statements. */
  static Script of(String text) {
    List<Piece> statements = new ArrayList<>();
    Offsets offsets = new Offsets(text);
    ShardstreamSqlLexer lexer = new ShardstreamSqlLexer(CharStreams.fromString(upperCase(text)));
    lexer.removeErrorListeners();
    int start = 0;
    boolean isBlank = true;
    Token token;
    do {
      token = lexer.nextToken();
      boolean isEnd = token.getType() == Token.EOF;
      if (isEnd || token.getType() == ShardstreamSqlLexer.SEMICOLON) {
        int end = isEnd ? text.length() : offsets.at(token.getStartIndex());
        if (!isBlank) {
          statements.add(new Piece(text.substring(start, end), start));
        }
        start = end + 1;
        isBlank = true;
      } else if (token.getChannel() == Token.DEFAULT_CHANNEL) {
        isBlank = false;
      }
    } while (token.getType() != Token.EOF);
    return new Script(text, statements);
  }

  List<Piece> statements() {
    return statements;
  }

  /**
   * A syntax error of a statement counts lines from the statement's beginning: the same error with
   * its place in the script. Any other error as it is.
   */
  ShardstreamException located(ShardstreamException error, Piece statement) {
    if (error.code() != ErrorCode.SYNTAX || statement.start() == 0) {
      return error;
    }
    String before = text.substring(0, statement.start()).replaceAll("[^\n]", " ");
    try {
      SqlParser.parse(before + statement.sql());
      return error;
    } catch (ShardstreamException located) {
      return located;
    }
  }

  /** The lexer knows keywords and names in upper case only; the length must not change. */
  private static String upperCase(String text) {
    StringBuilder upper = new StringBuilder(text);
    for (int i = 0; i < upper.length(); i++) {
      char character = upper.charAt(i);
      if (character >= 'a' && character <= 'z') {
        upper.setCharAt(i, (char) (character - 'a' + 'A'));
      }
    }
    return upper.toString();
  }

  /** ANTLR's own stream counts code points: where the n-th is in UTF-16, for growing n. */
  private static final class Offsets {
    private final String text;
    private int codePoint;
    private int offset;

    Offsets(String text) {
      this.text = text;
    }

    int at(int next) {
      offset = text.offsetByCodePoints(offset, next - codePoint);
      codePoint = next;
      return offset;
    }
  }
}
