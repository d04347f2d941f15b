package dev.shardstream.producer.sql;

/**
 * A piece of a statement's text, comments and spaces in it included.
 *
 * @param text the characters as written
 * @param start where it begins in the statement's text, 0-based, in UTF-16 units
 */
public record SourceText(String text, int start) {
  /** Where it ends in the statement's text, exclusive. */
  public int end() {
    return start + text.length();
  }

  /** Whether a place of the statement's text lies in this piece. */
  public boolean contains(int offset) {
    return offset >= start && offset < end();
  }
}
