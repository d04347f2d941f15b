package dev.shardstream.producer.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV that {@link CsvReader} reads back as the same fields: NULL as nothing, an empty text
 * as {@code ""}, quotes only where they are needed, lines ended by LF.
 */
final class CsvText {
  private CsvText() {}

  /** One record with the end of its line. */
  static String line(List<? extends @Nullable String> fields, char delimiter) {
    return fields.stream()
            .map(field -> field(field, delimiter))
            .collect(Collectors.joining(String.valueOf(delimiter)))
        + "\n";
  }

  private static String field(@Nullable String text, char delimiter) {
    if (text == null) {
      return "";
    }
    return needsQuotes(text, delimiter) ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  private static boolean needsQuotes(String text, char delimiter) {
    // Blanks alone would be a blank line, a leading mark would be taken for that of the file.
    return text.isBlank()
        || text.charAt(0) == '\uFEFF'
        || text.indexOf(delimiter) >= 0
        || text.indexOf('"') >= 0
        || text.indexOf('\n') >= 0
        || text.indexOf('\r') >= 0;
  }
}
