package dev.shardstream.producer.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A CSV file as the parser reads it: one character for each byte, so that bytes that are not UTF-8
 * cost a record and not the file, and a delimiter, a quote or the end of a line is never part of a
 * longer character. What follows the last record taken is kept: it can be read again.
 */
final class CsvSource extends Reader {
  /** A quoted field that is longer was never meant: somewhere above a quote is missing. */
  static final int LONGEST_RECORD = 4 << 20;

  private static final int BLOCK = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream input;
  private final StringBuilder kept = new StringBuilder();
  private long before;
  private int start;
  private int next;

  /** The record that is being read is too long to be one. */
  static final class EndlessRecord extends IOException {
    private static final long serialVersionUID = 1L;

    EndlessRecord() {
      super("a record is longer than " + LONGEST_RECORD + " bytes");
    }
  }

  /** The file itself cannot be read on; every other error of the parser is about its content. */
  static final class BrokenFile extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenFile(IOException cause) {
      super(cause);
    }
  }

  /**
   * @param input is closed with this source; a byte order mark at its beginning is skipped
   */
  CsvSource(InputStream input) throws IOException {
    this.input = new BufferedInputStream(input, BLOCK);
    this.input.mark(BYTE_ORDER_MARK.length);
    if (Arrays.equals(this.input.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
      before = BYTE_ORDER_MARK.length;
    } else {
      this.input.reset();
    }
  }

  /** A text as this source has it. */
  static String asBytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    if (next == kept.length() && !fill()) {
      return -1;
    }
    int count = Math.min(length, kept.length() - next);
    kept.getChars(next, next + count, buffer, offset);
    next += count;
    return count;
  }

  private boolean fill() throws IOException {
    forgetTaken();
    if (kept.length() > LONGEST_RECORD) {
      throw new EndlessRecord();
    }
    byte[] block = block();
    kept.append(new String(block, StandardCharsets.ISO_8859_1));
    return block.length > 0;
  }

  private byte[] block() throws BrokenFile {
    try {
      return input.readNBytes(BLOCK);
    } catch (IOException e) {
      throw new BrokenFile(e);
    }
  }

  private void forgetTaken() {
    kept.delete(0, start);
    before += start;
    next -= start;
    start = 0;
  }

  /** Takes lines that the parser has read, with their ends. */
  String take(long lines) {
    int end = start;
    for (long line = 0; line < lines; line++) {
      end = endOfLine(end);
    }
    return takeTo(end);
  }

  /**
   * Takes the next line whether the parser has read it or not, and goes back to the one behind it.
   *
   * @return the line with its end; only its beginning when it is longer than a record may be
   */
  String takeLineAndReturn() throws IOException {
    boolean isRead = true;
    while (isRead && endOfLine(start) == kept.length() && kept.length() - start <= LONGEST_RECORD) {
      isRead = fill();
    }
    String line = takeTo(endOfLine(start));
    String rest = line;
    while (!hasEnd(rest) && (start < kept.length() || fill())) {
      rest = takeTo(endOfLine(start));
    }
    next = start;
    return line;
  }

  private static boolean hasEnd(String line) {
    return line.endsWith("\n") || line.endsWith("\r");
  }

  private String takeTo(int end) {
    String text = kept.substring(start, end);
    start = end;
    return text;
  }

  /** Behind the end of the line that begins there; the end of what is kept if it has none. */
  private int endOfLine(int from) {
    for (int at = from; at < kept.length(); at++) {
      char character = kept.charAt(at);
      if (character == '\n') {
        return at + 1;
      }
      if (character == '\r') {
        boolean isPair = at + 1 < kept.length() && kept.charAt(at + 1) == '\n';
        return isPair ? at + 2 : at + 1;
      }
    }
    return kept.length();
  }

  /** Bytes of the file that have been taken. */
  long bytesTaken() {
    return before + start;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
