package dev.shardstream.producer.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads one record, fed with its lines until it ends. A quote opens a field only as the first
 * character of it; anywhere else it is a character like others.
 */
final class CsvRecordParser {
  private enum State {
    START,
    PLAIN,
    QUOTED,
    /** Behind a quote inside a quoted field: the first half of a doubled one, or its end. */
    QUOTE,
    BROKEN
  }

  private final char delimiter;
  private final List<CsvField> fields = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private State state = State.START;

  CsvRecordParser(char delimiter) {
    this.delimiter = delimiter;
  }

  /**
   * @param line the next line with its end, if it has one
   */
  void feed(String line) {
    int end = line.length() - lineEnd(line);
    for (int i = 0; i < end && state != State.BROKEN; i++) {
      accept(line.charAt(i));
    }
    if (state == State.QUOTED) {
      text.append(line, end, line.length());
    }
  }

  /** Length of the line's end: 2 for CR LF, 1 for LF, 0 for neither. */
  static int lineEnd(String line) {
    return line.endsWith("\r\n") ? 2 : line.endsWith("\n") ? 1 : 0;
  }

  private void accept(char character) {
    switch (state) {
      case START -> {
        if (character == '"') {
          state = State.QUOTED;
        } else {
          state = State.PLAIN;
          plain(character);
        }
      }
      case PLAIN -> plain(character);
      case QUOTED -> {
        if (character == '"') {
          state = State.QUOTE;
        } else {
          text.append(character);
        }
      }
      case QUOTE -> {
        if (character == '"') {
          text.append('"');
          state = State.QUOTED;
        } else if (character == delimiter) {
          endField(true);
        } else {
          state = State.BROKEN;
        }
      }
      case BROKEN -> throw new IllegalStateException("the record is broken already");
    }
  }

  private void plain(char character) {
    if (character == delimiter) {
      endField(false);
    } else {
      text.append(character);
    }
  }

  private void endField(boolean quoted) {
    fields.add(new CsvField(text.toString(), quoted));
    text.setLength(0);
    state = State.START;
  }

  /** Whether a quoted field goes on in the next line. */
  boolean isOpen() {
    return state == State.QUOTED;
  }

  /** Whether something stands between the end of a quoted field and the next delimiter. */
  boolean isBroken() {
    return state == State.BROKEN;
  }

  /** The fields of a record that is neither open nor broken. */
  List<CsvField> fields() {
    List<CsvField> all = new ArrayList<>(fields);
    all.add(new CsvField(text.toString(), state == State.QUOTE));
    return all;
  }
}
