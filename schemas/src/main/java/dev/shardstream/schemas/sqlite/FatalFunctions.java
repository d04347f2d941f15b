package dev.shardstream.schemas.sqlite;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;

/**
 * Functions that the driver adds to SQLite's. They take a length that they do not check: beyond
 * 2^31 they write past their memory and end the process, whatever the limits of the connection.
 * They cannot be replaced (the driver registers others for another encoding, which come second).
 */
public final class FatalFunctions {
  private static final List<String> NAMES = List.of("replicate", "padl", "padr", "padc");

  private FatalFunctions() {}

  /**
   * Has to be asked before a SQLite gets the text.
   *
   * @throws ShardstreamException QUERY_FAILED when one of them is called
   */
  public static void requireNone(StatementWords words) {
    for (String function : NAMES) {
      if (words.called().contains(function)) {
        throw new ShardstreamException(ErrorCode.QUERY_FAILED, "no such function: " + function);
      }
    }
  }
}
