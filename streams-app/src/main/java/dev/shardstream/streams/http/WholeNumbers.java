package dev.shardstream.streams.http;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;

/** Numbers in queries. */
final class WholeNumbers {
  private WholeNumbers() {}

  /**
   * @throws ShardstreamException INVALID_ARGUMENT that names the parameter
   */
  static int parse(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new ShardstreamException(
              ErrorCode.INVALID_ARGUMENT, name + " must be a whole number, not '" + text + "'")
          .causedBy(e);
    }
  }
}
