package dev.shardstream.producer.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a table: an input and what comes of it.
 *
 * @param sql a backslash and n stand for a line's end
 */
record Example(String sql, String expected) {
  /** Reads pairs of lines, the second of which begins with an arrow. */
  static List<Example> table(String text) {
    List<String> lines = text.lines().map(String::strip).toList();
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 2) {
      String expected = lines.get(i + 1);
      if (!expected.startsWith("=> ")) {
        throw new IllegalArgumentException("No arrow: " + expected);
      }
      examples.add(new Example(lines.get(i).replace("\\n", "\n"), expected.substring(3)));
    }
    return examples;
  }

  @Override
  public String toString() {
    return sql;
  }
}
