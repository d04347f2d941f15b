package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.LiteralContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.SignedLiteralContext;
import java.math.BigInteger;
import java.util.HexFormat;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/**
 * The values of literals, as SQLite reads them:
 * https://sqlite.org/lang_expr.html#literal_values_constants_
 */
final class Literals {
  private Literals() {}

  static Expr of(LiteralContext literal, SourceText source) {
    Token token = literal.getStart();
    return switch (token.getType()) {
      case ShardstreamSqlLexer.CURRENT_DATE ->
          new Expr.CurrentTime(Expr.CurrentTime.Clock.DATE, source);
      case ShardstreamSqlLexer.CURRENT_TIME ->
          new Expr.CurrentTime(Expr.CurrentTime.Clock.TIME, source);
      case ShardstreamSqlLexer.CURRENT_TIMESTAMP ->
          new Expr.CurrentTime(Expr.CurrentTime.Clock.TIMESTAMP, source);
      default -> new Expr.Literal(value(token), source);
    };
  }

  /**
   * @throws dev.shardstream.schemas.contract.ShardstreamException SYNTAX for the sign of anything
   *     but a number
   */
  static Expr of(SignedLiteralContext tree, SourceText source) {
    LiteralContext literal = tree.literal();
    if (tree.getStart() == literal.getStart()) {
      return of(literal, source);
    }
    if (!isNumber(literal.getStart())) {
      throw StatementSource.syntax(
          literal.getStart(), "unexpected '" + literal.getText() + "', expected a number");
    }
    boolean negative = tree.getStart().getText().equals("-");
    return new Expr.Literal(number(literal.getStart(), negative), source);
  }

  private static @Nullable Object value(Token token) {
    return switch (token.getType()) {
      case ShardstreamSqlLexer.NULL -> null;
      case ShardstreamSqlLexer.TRUE -> 1L;
      case ShardstreamSqlLexer.FALSE -> 0L;
      case ShardstreamSqlLexer.STRING -> Words.unquoted(token.getText());
      case ShardstreamSqlLexer.BLOB -> blob(token);
      default -> number(token, false);
    };
  }

  /**
   * @param token a blob or a hexadecimal number
   * @throws dev.shardstream.schemas.contract.ShardstreamException SYNTAX
   */
  static void requireReadable(Token token) {
    if (token.getType() == ShardstreamSqlLexer.BLOB) {
      blob(token);
    } else {
      hexadecimal(token);
    }
  }

  static boolean isNumber(Token token) {
    return switch (token.getType()) {
      case ShardstreamSqlLexer.INTEGER_NUMBER,
              ShardstreamSqlLexer.REAL_NUMBER,
              ShardstreamSqlLexer.HEX_NUMBER ->
          true;
      default -> false;
    };
  }

  /** A Long; a Double for a real and for an integer that 64 bits cannot hold. */
  static Object number(Token token, boolean negative) {
    String digits = token.getText().replace("_", "");
    return switch (token.getType()) {
      case ShardstreamSqlLexer.HEX_NUMBER -> negative ? -hexadecimal(token) : hexadecimal(token);
      case ShardstreamSqlLexer.INTEGER_NUMBER -> {
        BigInteger exact = new BigInteger(negative ? "-" + digits : digits);
        yield exact.bitLength() < Long.SIZE ? (Object) exact.longValue() : exact.doubleValue();
      }
      default -> negative ? -Double.parseDouble(digits) : Double.parseDouble(digits);
    };
  }

  /** Hexadecimal integers are the bits of a 64-bit two's complement. */
  private static Long hexadecimal(Token token) {
    BigInteger bits = new BigInteger(token.getText().replace("_", "").substring(2), 16);
    if (bits.bitLength() > Long.SIZE) {
      throw StatementSource.syntax(
          token, "hexadecimal number '" + token.getText() + "' is too big");
    }
    return bits.longValue();
  }

  private static byte[] blob(Token token) {
    String digits = token.getText().substring(2, token.getText().length() - 1);
    if (digits.length() % 2 != 0 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      throw StatementSource.syntax(
          token, "malformed blob " + token.getText() + ": use pairs of hexadecimal digits");
    }
    return HexFormat.of().parseHex(digits);
  }
}
