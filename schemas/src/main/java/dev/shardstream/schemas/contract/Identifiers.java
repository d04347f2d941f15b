package dev.shardstream.worker.shard;

/** Quoting of SQL identifiers, in one place. */
public final class Identifiers {
  private Identifiers() {}

  /** The identifier in double quotes, whatever characters it has. */
  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
