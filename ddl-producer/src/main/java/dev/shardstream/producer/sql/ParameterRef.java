package dev.shardstream.producer.sql;

/**
 * A place where a statement takes a value. Numbered as SQLite does: {@code ?} is one more than the
 * largest so far, {@code ?3} is 3, and a name that comes again keeps its number.
 *
 * @param index which value, 1-based; several places may share one
 * @param start where it begins in the statement's text, 0-based, in UTF-16 units
 * @param end where it ends, exclusive
 */
public record ParameterRef(int index, int start, int end) {}
