package dev.shardstream.schemas.sqlite;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The word that a statement begins with, and the names that it may call functions by: each name, in
 * any of SQLite's quotes, that a bracket follows, which finds more than the functions and never
 * less. Tokens are SQLite's (https://sqlite.org/lang_expr.html, tokenize.c): a statement must not
 * mean one thing here and another there.
 */
public final class StatementWords {
  /** Between tokens it is a blank, within a name a letter. */
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final String BLANKS = " \t\n\f\r";

  private final String sql;
  private final Set<String> called = new HashSet<>();
  private @Nullable String first;
  private int at;
  private @Nullable String last;

  private StatementWords(String sql) {
    this.sql = sql;
  }

  /** Of any text: what SQLite would not take has words, too. */
  public static StatementWords of(String sql) {
    StatementWords words = new StatementWords(sql);
    while (words.at < sql.length()) {
      words.token();
    }
    return words;
  }

  /** Its first token, in lower case, if that is a word; empty otherwise. */
  public String first() {
    return first == null ? "" : first;
  }

  /** The names in lower case. */
  public Set<String> called() {
    return called;
  }

  private void token() {
    char c = sql.charAt(at);
    if (BLANKS.indexOf(c) >= 0 || c == BYTE_ORDER_MARK) {
      at++;
    } else if (sql.startsWith("--", at)) {
      at = after("\n");
    } else if (sql.startsWith("/*", at)) {
      at += 2;
      at = after("*/");
    } else if (isOfName(c)) {
      name();
    } else {
      notAWord(c);
      if (first == null) {
        first = "";
      }
    }
  }

  private void name() {
    int start = at;
    while (at < sql.length() && isOfName(sql.charAt(at))) {
      at++;
    }
    last = sql.substring(start, at);
    if (first == null) {
      first = last.toLowerCase(Locale.ROOT);
    }
  }

  private void notAWord(char c) {
    if (c == '"' || c == '`') {
      last = quoted(c);
    } else if (c == '[') {
      int start = at + 1;
      at = after("]");
      last = sql.substring(start, Math.max(start, at - 1));
    } else if (c == '\'') {
      quoted(c);
      last = null;
    } else {
      if (c == '(' && last != null) {
        called.add(last.toLowerCase(Locale.ROOT));
      }
      last = null;
      at++;
    }
  }

  private int after(String end) {
    int found = sql.indexOf(end, at);
    return found < 0 ? sql.length() : found + end.length();
  }

  /** Text up to the next single quote character; a double one stands for one. */
  private String quoted(char quote) {
    StringBuilder text = new StringBuilder();
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c != quote) {
        text.append(c);
      } else if (at < sql.length() && sql.charAt(at) == quote) {
        text.append(c);
        at++;
      } else {
        break;
      }
    }
    return text.toString();
  }

  private static boolean isOfName(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '$'
        || c >= 0x80;
  }
}
