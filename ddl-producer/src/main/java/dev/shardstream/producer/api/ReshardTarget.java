package dev.shardstream.producer.api;

import dev.shardstream.schemas.event.TargetProgress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one target of a reshard is.
 *
 * @param shardId the shard
 * @param nodeId node that holds it
 * @param virtualShards virtual shards to copy
 * @param virtualShardsCopied copied so far
 * @param rowsCopied rows
 * @param rowsCopiedLocally of these, rows from a shard of the same node
 * @param copyMillis time spent copying
 * @param replayedChanges changes applied from the log after the copy
 * @param lag offsets that it is behind; null before it is known
 * @param role {@code owner} or {@code replica}
 */
public record ReshardTarget(
    int shardId,
    String nodeId,
    int virtualShards,
    int virtualShardsCopied,
    long rowsCopied,
    long rowsCopiedLocally,
    long copyMillis,
    long replayedChanges,
    @Nullable Long lag,
    String role) {

  static ReshardTarget of(TargetProgress target) {
    return new ReshardTarget(
        target.getShardId(),
        target.getNodeId(),
        target.getVirtualShards(),
        target.getVirtualShardsCopied(),
        target.getRowsCopied(),
        target.getRowsCopiedLocally(),
        target.getCopyMillis(),
        target.getReplayedChanges(),
        target.getLag() < 0 ? null : (Long) target.getLag(),
        TableFacts.lower(target.getRole()));
  }

  /** Rows copied per second of copying; 0 before the first. */
  public long rowsPerSecond() {
    return copyMillis <= 0 ? 0 : rowsCopied * 1000 / copyMillis;
  }

  /** How long its copy still takes if it goes on like this; empty before there is a measure. */
  public Optional<Duration> remaining() {
    int left = virtualShards - virtualShardsCopied;
    if (left <= 0) {
      return Optional.of(Duration.ZERO);
    }
    return virtualShardsCopied == 0 || copyMillis <= 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(copyMillis * left / virtualShardsCopied));
  }
}
