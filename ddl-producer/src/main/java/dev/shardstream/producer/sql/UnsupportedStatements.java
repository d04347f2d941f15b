package dev.shardstream.producer.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/** Statements that SQLite users know and Shardstream has not: named, instead of a syntax error. */
final class UnsupportedStatements {
  private static final Set<String> VERBS =
      Set.of(
          "ANALYZE",
          "ATTACH",
          "BEGIN",
          "COMMIT",
          "DETACH",
          "END",
          "EXPLAIN",
          "REINDEX",
          "RELEASE",
          "ROLLBACK",
          "SAVEPOINT",
          "TRUNCATE",
          "VACUUM");

  /** What CREATE and DROP are not for. */
  private static final Set<String> OBJECTS =
      Set.of("TEMP", "TEMPORARY", "TRIGGER", "VIEW", "VIRTUAL");

  /** Of those, the ones before the word that says what is created. */
  private static final Set<String> ATTRIBUTES = Set.of("TEMP", "TEMPORARY", "VIRTUAL");

  private UnsupportedStatements() {}

  /**
   * @param tokens of one statement, at least one
   */
  static void refuse(List<Token> tokens) {
    String first = word(tokens.get(0));
    String second = tokens.size() > 1 ? word(tokens.get(1)) : "";
    boolean plan = first.equals("EXPLAIN") && second.equals("PRAGMA");
    if (VERBS.contains(first) && !plan) {
      throw StatementSource.unsupported(first);
    }
    if ((first.equals("CREATE") || first.equals("DROP")) && OBJECTS.contains(second)) {
      boolean attribute = tokens.size() > 2 && ATTRIBUTES.contains(second);
      throw StatementSource.unsupported(
          first + " " + second + (attribute ? " " + word(tokens.get(2)) : ""));
    }
  }

  private static String word(Token token) {
    return token.getText().toUpperCase(Locale.ROOT);
  }
}
