package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.CreateOptionContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.OptionValueContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.SignedLiteralContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.SplitPointContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.TableOptionContext;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/**
 * Gathers table options from WITH (…) and from comments that begin with one, like SHARDS=4. An
 * option may come twice if it says the same. Used once.
 */
final class TableOptionsReader {
  private static final String SHARDS = "SHARDS";
  private static final String PARTITIONS = "PARTITIONS";
  private static final String SHARD_KEY = "SHARD KEY";
  private static final String STRATEGY = "STRATEGY";
  private static final String BLOCK_SIZE = "BLOCK_SIZE";
  private static final String TTL_SECONDS = "TTL_SECONDS";
  private static final String REPLICAS = "REPLICAS";
  private static final String SPLIT_AT = "SPLIT AT";

  /** A comment that begins like this means it; any other is a comment. */
  private static final Pattern OPTION_COMMENT =
      Pattern.compile(
          "\\s*((SHARDS|PARTITIONS|SHARD\\s+KEY|STRATEGY|BLOCK_SIZE|TTL_SECONDS|REPLICAS)\\s*="
              + "|SPLIT\\s+AT\\s*\\().*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Map<String, Object> values = new LinkedHashMap<>();

  /**
   * Reads the options of a comment, if it is one with options.
   *
   * @param comment a hidden token
   */
  void readComment(Token comment) {
    if (comment.getType() != ShardstreamSqlLexer.BLOCK_COMMENT) {
      return;
    }
    String inner = comment.getText().substring(2, comment.getText().length() - 2);
    if (!OPTION_COMMENT.matcher(inner).matches()) {
      return;
    }
    List<Token> tokens = new ArrayList<>();
    for (Token token : SqlParser.lex(inner)) {
      CommonToken moved = moved(token, comment);
      SqlParser.requireWellFormed(moved);
      if (token.getType() == Token.EOF) {
        SqlParser.parserOf(tokens, moved).commentOptions().createOption().forEach(this::read);
      } else if (token.getChannel() == Token.DEFAULT_CHANNEL) {
        tokens.add(moved);
      }
    }
  }

  /** A token of a comment's inside where it stands in the script, for the errors. */
  private static CommonToken moved(Token token, Token comment) {
    CommonToken moved = new CommonToken(token);
    moved.setText(token.getText());
    if (token.getLine() == 1) {
      moved.setCharPositionInLine(
          comment.getCharPositionInLine() + "/*".length() + token.getCharPositionInLine());
    }
    moved.setLine(comment.getLine() + token.getLine() - 1);
    return moved;
  }

  void read(CreateOptionContext tree) {
    if (tree.tableOption() != null) {
      read(tree.tableOption());
    } else {
      put(
          SPLIT_AT,
          tree.splitAt().splitPoint().stream().map(TableOptionsReader::splitPoint).toList());
    }
  }

  private void read(TableOptionContext tree) {
    String option =
        tree.name().stream()
            .map(name -> Words.name(name).toUpperCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    OptionValueContext value = tree.optionValue();
    switch (option) {
      case SHARDS -> put(option, integer(option, ErrorCode.INVALID_SHARD_COUNT, value));
      case PARTITIONS -> put(option, integer(option, ErrorCode.INVALID_PARTITION_COUNT, value));
      case BLOCK_SIZE -> put(option, integer(option, ErrorCode.INVALID_BLOCK_SIZE, value));
      case TTL_SECONDS -> put(option, integer(option, null, value));
      case REPLICAS -> put(option, integer(option, ErrorCode.INVALID_REPLICAS, value));
      case SHARD_KEY -> put(option, columns(value));
      case STRATEGY -> put(option, word(option, value));
      default ->
          throw invalid(
              option,
              "unknown, use SHARDS, PARTITIONS, SHARD KEY, STRATEGY, SPLIT AT, REPLICAS, BLOCK_SIZE"
                  + " or TTL_SECONDS");
    }
  }

  private void put(String option, Object value) {
    Object before = values.putIfAbsent(option, value);
    if (before != null && !Objects.equals(before, value)) {
      throw invalid(option, "given twice, as " + before + " and as " + value);
    }
  }

  /**
   * @param outOfRange the option's own error; null if it has none that only needs the value
   */
  private static Long integer(
      String option, @Nullable ErrorCode outOfRange, OptionValueContext tree) {
    if (tree.signedNumber() == null) {
      throw invalid(option, "'" + Words.unquoted(tree.getText()) + "' is no integer");
    }
    boolean negative = tree.getText().startsWith("-");
    if (Literals.number(tree.getStop(), negative) instanceof Long number) {
      return number;
    }
    throw outOfRange == null
        ? invalid(option, "'" + tree.getText() + "' is no integer")
        : new ShardstreamException(outOfRange, tree.getText());
  }

  private static List<String> columns(OptionValueContext tree) {
    return tree.names() == null ? List.of(word(SHARD_KEY, tree)) : Words.names(tree.names());
  }

  private static String word(String option, OptionValueContext tree) {
    if (tree.STRING() == null && tree.name() == null) {
      throw invalid(option, "'" + tree.getText() + "' is no name");
    }
    return Words.unquoted(tree.getText());
  }

  private static SplitPoint splitPoint(SplitPointContext tree) {
    return new SplitPoint(tree.signedLiteral().stream().map(TableOptionsReader::value).toList());
  }

  private static Object value(SignedLiteralContext tree) {
    SourceText written = new SourceText(tree.getText(), tree.getStart().getStartIndex());
    if (Literals.of(tree, written) instanceof Expr.Literal literal && literal.value() != null) {
      return literal.value();
    }
    throw invalid(SPLIT_AT, tree.getText() + " is no value of a shard key: give a constant");
  }

  private static ShardstreamException invalid(String option, String why) {
    return new ShardstreamException(ErrorCode.INVALID_OPTION, option, why);
  }

  /** The options read; null for each that was not written. */
  TableOptions finish() {
    return new TableOptions(
        value(SHARDS, Long.class),
        value(PARTITIONS, Long.class),
        columnsRead(),
        value(STRATEGY, String.class),
        value(BLOCK_SIZE, Long.class),
        value(TTL_SECONDS, Long.class),
        value(REPLICAS, Long.class),
        pointsRead());
  }

  private <T> @Nullable T value(String option, Class<T> type) {
    return type.cast(values.get(option));
  }

  private @Nullable List<SplitPoint> pointsRead() {
    List<?> points = value(SPLIT_AT, List.class);
    return points == null ? null : points.stream().map(SplitPoint.class::cast).toList();
  }

  private @Nullable List<String> columnsRead() {
    List<?> columns = value(SHARD_KEY, List.class);
    return columns == null ? null : columns.stream().map(String.class::cast).toList();
  }
}
