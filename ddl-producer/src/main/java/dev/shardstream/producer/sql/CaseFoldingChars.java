package dev.shardstream.producer.sql;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * A string as the lexer reads it: ASCII letters look upper case, so that keywords match in any
 * case, while the text stays as written. Indices are UTF-16 units, as everywhere in Java (the
 * streams that come with ANTLR count code points).
 */
final class CaseFoldingChars implements CharStream {
  private final String text;
  private int index;

  CaseFoldingChars(String text) {
    this.text = text;
  }

  @Override
  public void consume() {
    if (index == text.length()) {
      throw new IllegalStateException("Nothing left to consume");
    }
    index++;
  }

  @Override
  public int LA(int offset) {
    int at = index + (offset > 0 ? offset - 1 : offset);
    if (offset == 0 || at < 0 || at >= text.length()) {
      return IntStream.EOF;
    }
    char character = text.charAt(at);
    return character >= 'a' && character <= 'z' ? character - 'a' + 'A' : character;
  }

  @Override
  public int mark() {
    return -1;
  }

  @Override
  public void release(int marker) {}

  @Override
  public int index() {
    return index;
  }

  @Override
  public void seek(int to) {
    index = Math.min(to, text.length());
  }

  @Override
  public int size() {
    return text.length();
  }

  @Override
  public String getSourceName() {
    return "SQL";
  }

  @Override
  public String getText(Interval interval) {
    int end = Math.min(interval.b + 1, text.length());
    return interval.a >= end ? "" : text.substring(interval.a, end);
  }
}
