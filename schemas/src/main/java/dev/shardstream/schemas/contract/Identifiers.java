package dev.shardstream.schemas.contract;

/** Quotes SQL identifiers, for everybody. */
public final class Identifiers {
  private Identifiers() {}

  /** The identifier in double quotes, whatever characters it has. */
  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
