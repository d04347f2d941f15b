package dev.shardstream.producer.cli;

/**
 * One field of a CSV record.
 *
 * @param text what it says, without its quotes
 * @param quoted whether it stood in quotes: {@code ""} is an empty text, nothing at all is NULL
 */
record CsvField(String text, boolean quoted) {
  /** Whether there is nothing, not even quotes. */
  boolean isAbsent() {
    return text.isEmpty() && !quoted;
  }
}
