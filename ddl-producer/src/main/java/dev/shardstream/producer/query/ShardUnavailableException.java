package dev.shardstream.producer.query;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A shard did not answer, or is not where it was looked for: worth another try with newer metadata.
 * Users see {@link #after} when tries have come to an end.
 */
public final class ShardUnavailableException extends RuntimeException {
  private final ShardAddress shard;
  private final String reason;

  /**
   * @param reason why, for the user
   * @param cause null for none
   */
  public ShardUnavailableException(ShardAddress shard, String reason, @Nullable Throwable cause) {
    super("Shard " + shard.shardName() + " at " + shard.endpoint() + ": " + reason, cause);
    this.shard = shard;
    this.reason = reason;
  }

  public ShardAddress shard() {
    return shard;
  }

  public String reason() {
    return reason;
  }

  /** The error for the user. */
  public ShardstreamException after(Duration waited) {
    return new ShardstreamException(
            ErrorCode.SHARD_UNREACHABLE,
            shard.shardName(),
            shard.nodeId(),
            shard.endpoint(),
            waited.toSeconds(),
            reason)
        .causedBy(this);
  }
}
