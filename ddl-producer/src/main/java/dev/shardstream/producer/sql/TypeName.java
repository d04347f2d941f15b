package dev.shardstream.producer.sql;

import java.util.Locale;
import java.util.Optional;

/** The column types; synonyms are already folded into one constant. */
public enum TypeName {
  /** INT, INTEGER and INT32, 32 bits. */
  INTEGER,
  /** BIGINT and INT64, 64 bits. */
  BIGINT,
  /** FLOAT and FLOAT32, 32 bits IEEE 754. */
  FLOAT,
  /** DOUBLE, DOUBLE PRECISION, REAL and FLOAT64, 64 bits IEEE 754. */
  DOUBLE,
  /** TEXT and STRING. */
  TEXT,
  /** Text with an optional greatest length in code points. */
  VARCHAR,
  /** BOOLEAN and BOOL. */
  BOOLEAN,
  DATE,
  TIMESTAMP,
  /** BLOB and BYTES. */
  BLOB;

  /**
   * The type that these words name.
   *
   * @param words as written, one space between words; case does not matter
   */
  public static Optional<TypeName> of(String words) {
    return switch (words.toUpperCase(Locale.ROOT)) {
      case "INT", "INTEGER", "INT32" -> Optional.of(INTEGER);
      case "BIGINT", "INT64" -> Optional.of(BIGINT);
      case "FLOAT", "FLOAT32" -> Optional.of(FLOAT);
      case "REAL", "DOUBLE", "DOUBLE PRECISION", "FLOAT64" -> Optional.of(DOUBLE);
      case "TEXT", "STRING" -> Optional.of(TEXT);
      case "VARCHAR" -> Optional.of(VARCHAR);
      case "BOOLEAN", "BOOL" -> Optional.of(BOOLEAN);
      case "DATE" -> Optional.of(DATE);
      case "TIMESTAMP" -> Optional.of(TIMESTAMP);
      case "BLOB", "BYTES" -> Optional.of(BLOB);
      default -> Optional.empty();
    };
  }
}
