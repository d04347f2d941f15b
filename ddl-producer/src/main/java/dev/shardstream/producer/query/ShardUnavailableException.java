package dev.shardstream.producer.query;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard did not answer, or is not where it was looked for: worth another try with newer metadata.
 * Users see {@link #after} when tries have come to an end.
 */
public final class ShardUnavailableException extends RuntimeException {
  private final ShardAddress shard;
  private final String reason;
  private final @Nullable ErrorCode answer;

  /**
   * The shard did not answer, or not to the end.
   *
   * @param reason why, for the user
   * @param cause null for none
   */
  public ShardUnavailableException(ShardAddress shard, String reason, @Nullable Throwable cause) {
    this(shard, reason, null, cause);
  }

  private ShardUnavailableException(
      ShardAddress shard, String reason, @Nullable ErrorCode answer, @Nullable Throwable cause) {
    super(named(shard) + ": " + reason, cause);
    this.shard = shard;
    this.reason = reason;
    this.answer = answer;
  }

  /** The shard answered that it, or what the asker knows, is behind. */
  static ShardUnavailableException behind(ShardAddress shard, ErrorCode answer, String message) {
    return new ShardUnavailableException(shard, message, answer, null);
  }

  private static String named(ShardAddress shard) {
    return "Shard " + shard.shardName() + " at " + shard.endpoint();
  }

  public ShardAddress shard() {
    return shard;
  }

  public String reason() {
    return reason;
  }

  /** Whether it was the shard who said so. */
  boolean answered() {
    return answer != null;
  }

  /** This and what others who hold the same rows failed with: all that were tried are named. */
  ShardUnavailableException with(List<RuntimeException> others) {
    if (others.isEmpty()) {
      return this;
    }
    StringBuilder reasons = new StringBuilder(reason);
    boolean allAnsweredTheSame = true;
    for (RuntimeException other : others) {
      reasons.append("; ");
      if (other instanceof ShardUnavailableException unavailable) {
        ShardAddress tried = unavailable.shard;
        reasons
            .append(named(tried))
            .append(" on node '")
            .append(tried.nodeId())
            .append("': ")
            .append(unavailable.reason);
        allAnsweredTheSame &= unavailable.answer == answer;
      } else {
        reasons.append(other.getMessage());
        allAnsweredTheSame = false;
      }
    }
    ShardUnavailableException all =
        new ShardUnavailableException(
            shard, reasons.toString(), allAnsweredTheSame ? answer : null, this);
    others.forEach(all::addSuppressed);
    return all;
  }

  /** The error for the user. */
  public ShardstreamException after(Duration waited) {
    if (answer == ErrorCode.READ_TOO_STALE) {
      return ShardstreamException.reported(answer, reason).causedBy(this);
    }
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
