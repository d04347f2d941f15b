package dev.shardstream.producer.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV (RFC 4180, UTF-8, LF or CR LF) so that a bad line costs that line and not the file:
 * what cannot be read comes as a record with a problem, and reading goes on behind its first line.
 * Blank lines are skipped.
 */
final class CsvReader implements AutoCloseable {
  /** A quoted field that is longer was never meant: somewhere above a quote is missing. */
  private static final int LONGEST_RECORD = 4 << 20;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private record Line(long number, String text, boolean readable) {}

  private final InputStream input;
  private final char delimiter;
  private final Deque<Line> putBack = new ArrayDeque<>();
  private long lines;
  private long bytes;

  /**
   * @param input is closed with this reader
   */
  CsvReader(InputStream input, char delimiter) {
    this.input = new BufferedInputStream(input, 1 << 16);
    this.delimiter = delimiter;
  }

  /** Bytes read so far. */
  long bytesRead() {
    return bytes;
  }

  /** The next record, or null at the end. */
  @Nullable CsvRecord next() throws IOException {
    Line first = nextLine();
    while (first != null && first.text().isBlank() && first.readable()) {
      first = nextLine();
    }
    return first == null ? null : record(first);
  }

  private CsvRecord record(Line first) throws IOException {
    if (!first.readable()) {
      return bad(first, "not UTF-8");
    }
    CsvRecordParser parser = new CsvRecordParser(delimiter);
    parser.feed(first.text());
    List<Line> more = new ArrayList<>();
    StringBuilder text = new StringBuilder(first.text());
    while (parser.isOpen()) {
      Line line = nextLine();
      if (line != null) {
        more.add(line);
        text.append(line.text());
      }
      if (line == null || !line.readable() || text.length() > LONGEST_RECORD) {
        resumeAt(more);
        return bad(first, "a quoted field begins here and does not end");
      }
      parser.feed(line.text());
    }
    if (parser.isBroken()) {
      resumeAt(more);
      return bad(first, "a quoted field must be followed by a delimiter or the end of the line");
    }
    String whole = text.toString();
    return new CsvRecord(first.number(), withoutEnd(whole), parser.fields(), null);
  }

  private void resumeAt(List<Line> more) {
    for (int i = more.size() - 1; i >= 0; i--) {
      putBack.addFirst(more.get(i));
    }
  }

  private static CsvRecord bad(Line line, String problem) {
    return new CsvRecord(line.number(), withoutEnd(line.text()), List.of(), problem);
  }

  private static String withoutEnd(String text) {
    return text.substring(0, text.length() - CsvRecordParser.lineEnd(text));
  }

  private @Nullable Line nextLine() throws IOException {
    Line again = putBack.poll();
    if (again != null) {
      return again;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    int next = input.read();
    while (next != -1) {
      line.write(next);
      if (next == '\n') {
        break;
      }
      next = input.read();
    }
    if (line.size() == 0) {
      return null;
    }
    lines++;
    bytes += line.size();
    return decoded(line.toByteArray());
  }

  private Line decoded(byte[] line) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      boolean marked = lines == 1 && text.startsWith(BYTE_ORDER_MARK);
      return new Line(lines, marked ? text.substring(1) : text, true);
    } catch (CharacterCodingException notUtf8) {
      return new Line(lines, new String(line, StandardCharsets.UTF_8), false);
    }
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
