package dev.shardstream.producer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV that {@link CsvReader} reads back as the same fields: NULL as nothing, an empty text
 * as {@code ""}, quotes only where they are needed, lines ended by LF.
 */
final class CsvWriter {
  private final CSVFormat plain;
  private final CSVFormat quoted;
  private final Appendable out;

  CsvWriter(Appendable out, char delimiter) {
    this.out = out;
    this.plain = format(delimiter, QuoteMode.MINIMAL);
    this.quoted = format(delimiter, QuoteMode.ALL_NON_NULL);
  }

  private static CSVFormat format(char delimiter, QuoteMode quotes) {
    return CSVFormat.Builder.create()
        .setDelimiter(delimiter)
        .setRecordSeparator("\n")
        .setNullString("")
        .setQuoteMode(quotes)
        .build();
  }

  /** Writes one record with the end of its line. */
  void write(List<? extends @Nullable String> fields) throws IOException {
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      // With quotes only where they are needed the library leaves them out of an empty text too.
      boolean isEmpty = field != null && field.isEmpty();
      (isEmpty ? quoted : plain).print(field, out, i == 0);
    }
    plain.println(out);
  }

  /** Records as text. */
  static String text(List<? extends List<? extends @Nullable String>> records) {
    StringBuilder text = new StringBuilder();
    CsvWriter writer = new CsvWriter(text, ',');
    try {
      for (List<? extends @Nullable String> record : records) {
        writer.write(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot be written", e);
    }
    return text.toString();
  }
}
