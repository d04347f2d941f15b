package dev.shardstream.producer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV (RFC 4180, UTF-8) so that a bad line costs that line and not the file: where the parser
 * gives up there is a record with a problem, and it begins anew behind that record's first line.
 * Blank lines are skipped.
 */
final class CsvReader implements AutoCloseable {
  private final CsvSource source;
  private final CSVFormat format;
  private CSVParser parser;
  private Iterator<CSVRecord> records;
  private long lines;

  /**
   * @param input is closed with this reader
   */
  CsvReader(InputStream input, char delimiter) throws IOException {
    source = new CsvSource(input);
    format =
        CSVFormat.Builder.create()
            .setDelimiter(CsvSource.asBytes(String.valueOf(delimiter)))
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .setNullString("")
            .setIgnoreEmptyLines(false)
            .build();
    parser = new CSVParser(source, format);
    records = parser.iterator();
  }

  /** Bytes of the records read so far. */
  long bytesRead() {
    return source.bytesTaken();
  }

  /** The next record, or null at the end. */
  @Nullable CsvRecord next() throws IOException {
    CsvRecord record = nextLine();
    while (record != null && isBlank(record)) {
      record = nextLine();
    }
    return record;
  }

  private static boolean isBlank(CsvRecord record) {
    return record.fields().size() == 1 && record.text().isBlank();
  }

  private @Nullable CsvRecord nextLine() throws IOException {
    long linesBefore = parser.getCurrentLineNumber();
    try {
      if (!records.hasNext()) {
        return null;
      }
      CSVRecord record = records.next();
      long height = parser.getCurrentLineNumber() - linesBefore;
      CsvRecord read = decoded(lines + 1, source.take(height), record);
      lines += height;
      return read;
    } catch (UncheckedIOException e) {
      return unreadable(problem(e.getCause()));
    }
  }

  private static String problem(IOException error) throws IOException {
    if (error instanceof CsvSource.BrokenFile) {
      throw error;
    }
    if (error instanceof CsvSource.EndlessRecord) {
      return "a record begins here that is longer than 4 MiB: is a closing quote missing?";
    }
    return "a quoted field does not end with a quote and a delimiter or the end of the line";
  }

  private CsvRecord unreadable(String problem) throws IOException {
    lines++;
    CsvRecord bad = bad(lines, source.takeLineAndReturn(), problem);
    parser = new CSVParser(source, format);
    records = parser.iterator();
    return bad;
  }

  private static CsvRecord decoded(long line, String bytes, CSVRecord record) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(buffer(bytes)).toString();
      List<@Nullable String> fields = new ArrayList<>(record.size());
      for (String field : record) {
        fields.add(field == null ? null : utf8(field));
      }
      return new CsvRecord(line, withoutEnd(text), fields, null);
    } catch (CharacterCodingException notUtf8) {
      return bad(line, bytes, "not UTF-8");
    }
  }

  private static CsvRecord bad(long line, String bytes, String problem) {
    return new CsvRecord(line, withoutEnd(utf8(bytes)), List.of(), problem);
  }

  private static ByteBuffer buffer(String bytes) {
    return ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String utf8(String bytes) {
    return StandardCharsets.UTF_8.decode(buffer(bytes)).toString();
  }

  private static String withoutEnd(String text) {
    int end = text.endsWith("\r\n") ? 2 : text.endsWith("\n") || text.endsWith("\r") ? 1 : 0;
    return text.substring(0, text.length() - end);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
