package dev.shardstream.producer.sql;

import java.util.Locale;
import java.util.Optional;

/** The column types of CREATE TABLE; synonyms are already folded into one constant. */
public enum TypeName {
  /** INT and INTEGER, 32 bits. */
  INTEGER,
  /** 64 bits. */
  BIGINT,
  /** 32 bits IEEE 754. */
  FLOAT,
  /** DOUBLE, DOUBLE PRECISION and REAL, 64 bits IEEE 754. */
  DOUBLE,
  TEXT,
  /** Text with an optional greatest length in code points. */
  VARCHAR,
  BOOLEAN,
  DATE,
  TIMESTAMP,
  BLOB;

  /**
   * The type that these words name.
   *
   * @param words as written, one space between words; case does not matter
   */
  static Optional<TypeName> of(String words) {
    return switch (words.toUpperCase(Locale.ROOT)) {
      case "INT", "INTEGER" -> Optional.of(INTEGER);
      case "BIGINT" -> Optional.of(BIGINT);
      case "FLOAT" -> Optional.of(FLOAT);
      case "REAL", "DOUBLE", "DOUBLE PRECISION" -> Optional.of(DOUBLE);
      case "TEXT" -> Optional.of(TEXT);
      case "VARCHAR" -> Optional.of(VARCHAR);
      case "BOOLEAN" -> Optional.of(BOOLEAN);
      case "DATE" -> Optional.of(DATE);
      case "TIMESTAMP" -> Optional.of(TIMESTAMP);
      case "BLOB" -> Optional.of(BLOB);
      default -> Optional.empty();
    };
  }
}
