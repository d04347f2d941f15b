package dev.shardstream.schemas.http;

import dev.shardstream.schemas.contract.ShardstreamException;

/**
 * An error as JSON.
 *
 * @param code name of an ErrorCode
 * @param message its text
 */
public record ErrorBody(String code, String message) {
  public static ErrorBody of(ShardstreamException error) {
    return new ErrorBody(error.code().name(), error.getMessage());
  }

  public ShardstreamException toException() {
    return ShardstreamException.reported(code, message);
  }
}
