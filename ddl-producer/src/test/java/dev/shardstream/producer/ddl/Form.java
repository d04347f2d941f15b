package dev.shardstream.producer.ddl;

import java.util.ArrayList;
import java.util.List;

/**
 * A definition as SQL, as an event and as what both become.
 *
 * @param event JSON without an id
 */
record Form(String sql, String event, String expected) {
  /** Reads triples of lines; the event has single quotes, the third line begins with an arrow. */
  static List<Form> table(String text) {
    List<String> lines = text.lines().map(String::strip).toList();
    List<Form> forms = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 3) {
      String expected = lines.get(i + 2);
      if (!expected.startsWith("=> ")) {
        throw new IllegalArgumentException("No arrow: " + expected);
      }
      forms.add(new Form(lines.get(i), lines.get(i + 1).replace('\'', '"'), expected.substring(3)));
    }
    return forms;
  }

  @Override
  public String toString() {
    return sql;
  }
}
