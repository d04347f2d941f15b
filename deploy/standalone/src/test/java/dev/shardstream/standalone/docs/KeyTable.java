package dev.shardstream.standalone.docs;

import dev.shardstream.schemas.config.ConfigSource;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The keys of a definition as a table in Markdown. */
final class KeyTable {
  private static final String HEAD =
      "| key | type | default | unit | values | what | environment |\n"
          + "| --- | --- | --- | --- | --- | --- | --- |\n";

  private static final Pattern RANGE = Pattern.compile("\\[(-?\\d+),\\.\\.\\.(?:,(-?\\d+))?]");

  private KeyTable() {}

  /**
   * @param without keys that another table has
   */
  static String of(ConfigDef keys, Set<String> without) {
    return keys.configKeys().values().stream()
        .filter(key -> !without.contains(key.name))
        .map(KeyTable::row)
        .collect(Collectors.joining("", HEAD, ""));
  }

  private static String row(ConfigKey key) {
    return "| `%s` | %s | %s | %s | %s | %s | `%s` |%n"
        .replace("%n", "\n")
        .formatted(
            key.name,
            key.type.name().toLowerCase(java.util.Locale.ROOT),
            defaultOf(key),
            unit(key.name),
            values(key),
            inCell(key.documentation),
            ConfigSource.variable(key.name));
  }

  private static String defaultOf(ConfigKey key) {
    if (!key.hasDefault()) {
      return "**required**";
    }
    String value = ConfigDef.convertToString(key.defaultValue, key.type);
    return value == null || value.isEmpty() ? "" : "`" + value + "`";
  }

  /** By the way that keys are named. */
  private static String unit(String key) {
    if (key.endsWith(".ms")) {
      return "ms";
    }
    if (key.endsWith("bytes")) {
      return "bytes";
    }
    return key.endsWith(".rows.per.second") ? "rows/s" : "";
  }

  private static String values(ConfigKey key) {
    if (key.validator == null) {
      return key.type == Type.BOOLEAN ? "`true`, `false`" : "";
    }
    String rule = key.validator.toString();
    Matcher range = RANGE.matcher(rule);
    if (!range.matches()) {
      return "`" + inCell(rule) + "`";
    }
    return range.group(2) == null ? "≥ " + range.group(1) : range.group(1) + " … " + range.group(2);
  }

  private static String inCell(String text) {
    return text.replace("|", "\\|");
  }
}
