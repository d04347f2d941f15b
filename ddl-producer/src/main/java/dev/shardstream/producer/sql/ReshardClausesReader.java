package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.OnMismatchContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.OptionValueContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.PragmaOptionsContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.PragmaSuffixContext;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.TableOptionContext;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers WITH (…) and ON MISMATCH behind PRAGMA reshardTable(…). Used once. */
final class ReshardClausesReader {
  private static final String ROWS_PER_SECOND = "ROWS_PER_SECOND";
  private static final String GRACE_SECONDS = "GRACE_SECONDS";
  private static final String CUTOVER = "CUTOVER";
  private static final String ON_MISMATCH = "ON MISMATCH";

  private final Map<String, Object> values = new LinkedHashMap<>();

  static ReshardClauses read(List<PragmaSuffixContext> suffixes) {
    ReshardClausesReader reader = new ReshardClausesReader();
    suffixes.forEach(reader::suffix);
    return new ReshardClauses(
        (Long) reader.values.get(ROWS_PER_SECOND),
        (Long) reader.values.get(GRACE_SECONDS),
        "MANUAL".equals(reader.values.get(CUTOVER)),
        "REPAIR".equals(reader.values.get(ON_MISMATCH)));
  }

  private void suffix(PragmaSuffixContext tree) {
    if (tree instanceof OnMismatchContext mismatch) {
      put(ON_MISMATCH, oneOf(ON_MISMATCH, Words.name(mismatch.name()), "FAIL", "REPAIR"));
    } else {
      ((PragmaOptionsContext) tree).tableOption().forEach(this::option);
    }
  }

  private void option(TableOptionContext tree) {
    String option =
        tree.name().stream()
            .map(name -> Words.name(name).toUpperCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    OptionValueContext value = tree.optionValue();
    switch (option) {
      case ROWS_PER_SECOND, GRACE_SECONDS -> put(option, integer(option, value));
      case CUTOVER -> put(option, oneOf(option, Words.unquoted(value.getText()), "MANUAL", "AUTO"));
      default -> throw wrong(option, "is unknown, use ROWS_PER_SECOND, GRACE_SECONDS or CUTOVER");
    }
  }

  private void put(String option, Object value) {
    if (values.putIfAbsent(option, value) != null) {
      throw wrong(option, "is given twice");
    }
  }

  private static Long integer(String option, OptionValueContext tree) {
    if (tree.signedNumber() != null
        && ReshardBuilder.integer(tree.signedNumber()) instanceof Long number) {
      return number;
    }
    throw wrong(option, "is '" + Words.unquoted(tree.getText()) + "', which is no integer");
  }

  private static String oneOf(String option, String written, String one, String other) {
    @Nullable String word =
        List.of(one, other).stream().filter(written::equalsIgnoreCase).findFirst().orElse(null);
    if (word == null) {
      throw wrong(option, "is '" + written + "', use " + one + " or " + other);
    }
    return word;
  }

  private static ShardstreamException wrong(String option, String what) {
    return new ShardstreamException(
        ErrorCode.INVALID_ARGUMENT, option + " of reshardTable " + what);
  }
}
