package dev.shardstream.schemas.contract;

import java.util.Locale;
import java.util.regex.Pattern;

/** The rule for names of databases, tables and columns: ASCII, so that they fit topics and Avro. */
public final class Names {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

  private Names() {}

  /**
   * @return the name, unchanged
   * @throws ShardstreamException INVALID_NAME or RESERVED_NAME
   */
  public static String requireUsable(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ShardstreamException(ErrorCode.INVALID_NAME, name);
    }
    if (name.startsWith("_") || name.toLowerCase(Locale.ROOT).startsWith("sqlite_")) {
      throw new ShardstreamException(ErrorCode.RESERVED_NAME, name);
    }
    return name;
  }

  /** Names are compared without regard to case, as SQLite compares them. */
  public static boolean same(String left, String right) {
    return left.equalsIgnoreCase(right);
  }
}
