package dev.shardstream.producer.sql;

import org.jspecify.annotations.Nullable;

/**
 * A table's name as written, unquoted, its case kept.
 *
 * @param database null if none was written
 * @param name the table
 */
public record QualifiedName(@Nullable String database, String name) {
  /** A name without a database. */
  public static QualifiedName of(String name) {
    return new QualifiedName(null, name);
  }

  /** A name that came as text, like the argument of a PRAGMA: the first dot ends the database. */
  public static QualifiedName parse(String text) {
    int dot = text.indexOf('.');
    return dot < 0 ? of(text) : new QualifiedName(text.substring(0, dot), text.substring(dot + 1));
  }

  @Override
  public String toString() {
    return database == null ? name : database + "." + name;
  }
}
