package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.tree.ParseTree;

/**
 * Reads SQL. Stateless and safe for many threads.
 *
 * <pre>{@code
 * Statement statement = SqlParser.parse("SELECT * FROM users WHERE id = ?");
 * }</pre>
 *
 * <p>Every error is a {@link ShardstreamException}: SYNTAX with line and column, UNSUPPORTED for
 * what SQLite or others have and we do not, INVALID_ARGUMENTS, INVALID_OPTION, INVALID_SHARD_COUNT
 * or INVALID_PARTITION_COUNT for values that are no numbers at all, UNSUPPORTED_DEFAULT.
 */
public final class SqlParser {
  /** Parentheses in each other. */
  private static final int DEEPEST_NESTING = 200;

  /**
   * Enough for SQLite's own limit of 1000 operators in each other. Those who read such a tree take
   * half of the stack that a thread has if nobody says otherwise.
   */
  private static final int DEEPEST_TREE = 1200;

  private SqlParser() {}

  /**
   * The only statement of the text; a semicolon may end it.
   *
   * @throws ShardstreamException also SYNTAX for none or several
   */
  public static Statement parse(String sql) {
    List<Statement> statements = parseScript(sql);
    if (statements.size() != 1) {
      throw new ShardstreamException(
          ErrorCode.SYNTAX, 1, 1, "expected one statement, found " + statements.size());
    }
    return statements.get(0);
  }

  /**
   * The statements of a script, separated by semicolons; none for blanks and comments.
   *
   * @throws ShardstreamException of the first statement that is wrong
   */
  public static List<Statement> parseScript(String sql) {
    List<Statement> statements = new ArrayList<>();
    List<Token> tokens = new ArrayList<>();
    List<Token> comments = new ArrayList<>();
    for (Token token : lex(sql)) {
      if (token.getType() != ShardstreamSqlLexer.MALFORMED_NUMBER || !takesBareId(tokens)) {
        requireWellFormed(token);
      }
      if (token.getType() == ShardstreamSqlLexer.SEMICOLON || token.getType() == Token.EOF) {
        if (!tokens.isEmpty()) {
          statements.add(
              parseStatement(
                  new StatementSource(sql, List.copyOf(tokens), List.copyOf(comments)), token));
        }
        tokens.clear();
        comments.clear();
      } else if (token.getChannel() == Token.DEFAULT_CHANNEL) {
        tokens.add(token);
      } else {
        comments.add(token);
      }
    }
    return List.copyOf(statements);
  }

  /** Whether a token may be a part of an id, which need not be a number or a name. */
  private static boolean takesBareId(List<Token> before) {
    int first = before.isEmpty() ? Token.EOF : before.get(0).getType();
    return switch (first) {
      case ShardstreamSqlLexer.KILL,
              ShardstreamSqlLexer.SHOW,
              ShardstreamSqlLexer.MOVE,
              ShardstreamSqlLexer.DRAIN,
              ShardstreamSqlLexer.UNDRAIN ->
          true;
      default -> false;
    };
  }

  /**
   * Whether a shell may execute what was typed: it ends with a semicolon outside of quotes and
   * comments. Comments may follow it.
   */
  public static boolean isComplete(String input) {
    boolean complete = false;
    for (Token token : lex(input)) {
      if (token.getType() == Token.EOF) {
        return complete;
      }
      if (token.getType() == ShardstreamSqlLexer.UNTERMINATED_COMMENT) {
        return false;
      }
      if (token.getChannel() == Token.DEFAULT_CHANNEL) {
        complete = token.getType() == ShardstreamSqlLexer.SEMICOLON;
      }
    }
    return complete;
  }

  /** Whether there is nothing to execute: only blanks, comments and semicolons. */
  public static boolean isBlank(String input) {
    return lex(input).stream()
        .noneMatch(
            token ->
                token.getChannel() == Token.DEFAULT_CHANNEL
                    && token.getType() != ShardstreamSqlLexer.SEMICOLON
                    && token.getType() != Token.EOF);
  }

  /** All tokens, comments among them, the last one EOF. */
  static List<Token> lex(String sql) {
    ShardstreamSqlLexer lexer = new ShardstreamSqlLexer(new CaseFoldingChars(sql));
    lexer.removeErrorListeners();
    CommonTokenStream stream = new CommonTokenStream(lexer);
    stream.fill();
    return stream.getTokens();
  }

  static void requireWellFormed(Token token) {
    switch (token.getType()) {
      case ShardstreamSqlLexer.UNTERMINATED_STRING ->
          throw StatementSource.syntax(token, "this text has no closing quote");
      case ShardstreamSqlLexer.UNTERMINATED_IDENTIFIER ->
          throw StatementSource.syntax(token, "this quoted name has no end");
      case ShardstreamSqlLexer.UNTERMINATED_COMMENT ->
          throw StatementSource.syntax(token, "this comment has no end");
      case ShardstreamSqlLexer.MALFORMED_NUMBER ->
          throw StatementSource.syntax(token, "malformed number '" + token.getText() + "'");
      case ShardstreamSqlLexer.UNEXPECTED_CHARACTER ->
          throw StatementSource.syntax(token, "unexpected character '" + token.getText() + "'");
      case ShardstreamSqlLexer.BLOB, ShardstreamSqlLexer.HEX_NUMBER ->
          Literals.requireReadable(token);
      default -> {
        // A token that a statement may have.
      }
    }
  }

  private static Statement parseStatement(StatementSource source, Token end) {
    UnsupportedStatements.refuse(source.tokens());
    requireBoundedNesting(source.tokens());
    ShardstreamSqlParser parser = parserOf(source.tokens(), end);
    ShardstreamSqlParser.OneStatementContext tree = parser.oneStatement();
    requireBoundedDepth(tree);
    return new AstBuilder(source).build(tree.statement());
  }

  /**
   * A parser of these tokens that stops at the first error.
   *
   * @param end the token after them, where an error says that the statement ends
   */
  static ShardstreamSqlParser parserOf(List<Token> tokens, Token end) {
    List<Token> all = new ArrayList<>(tokens);
    CommonToken eof = new CommonToken(end);
    eof.setType(Token.EOF);
    eof.setText("<EOF>");
    all.add(eof);
    TokenStream stream = new CommonTokenStream(new ListTokenSource(all));
    ShardstreamSqlParser parser = new BoundedParser(stream);
    parser.removeErrorListeners();
    BaseErrorListener listener = new SyntaxErrors();
    parser.addErrorListener(listener);
    return parser;
  }

  /** Before the parser looks ahead: to tell what a parenthesis opens, it looks past all of them. */
  private static void requireBoundedNesting(List<Token> tokens) {
    int depth = 0;
    for (Token token : tokens) {
      depth += token.getText().equals("(") ? 1 : token.getText().equals(")") ? -1 : 0;
      if (depth > DEEPEST_NESTING) {
        throw StatementSource.unsupported(
            "parentheses nested deeper than " + DEEPEST_NESTING + " levels");
      }
    }
  }

  /** Counted without recursion, because the recursion is what it protects. */
  private static void requireBoundedDepth(ParseTree tree) {
    record Node(ParseTree tree, int depth) {}
    Deque<Node> open = new ArrayDeque<>(List.of(new Node(tree, 1)));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (node.depth() > DEEPEST_TREE) {
        throw StatementSource.unsupported("an expression of so many operators");
      }
      for (int i = 0; i < node.tree().getChildCount(); i++) {
        open.push(new Node(node.tree().getChild(i), node.depth() + 1));
      }
    }
  }
}
