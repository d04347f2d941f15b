package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.TargetProgress;
import org.jspecify.annotations.Nullable;

/**
 * How far one target of a reshard is.
 *
 * @param shardId the shard that is made
 * @param node node that makes it
 * @param role {@code owner} or {@code replica}
 * @param virtualShards virtual shards to copy
 * @param virtualShardsCopied of these
 * @param rowsCopied rows so far
 * @param rowsCopiedLocally of these, rows from a shard of the same node
 * @param rowsPerSecond rows copied per second of copying, so far; 0 before the first
 * @param replayedChanges changes applied from the log after the copy
 * @param lag offsets to the end of the log; null before it is known
 * @param remainingMillis how long its copy still takes if it goes on like this; null before there
 *     is a measure
 */
public record TargetProgressBody(
    int shardId,
    String node,
    String role,
    int virtualShards,
    int virtualShardsCopied,
    long rowsCopied,
    long rowsCopiedLocally,
    long rowsPerSecond,
    long replayedChanges,
    @Nullable Long lag,
    @Nullable Long remainingMillis) {

  static TargetProgressBody of(TargetProgress target) {
    long millis = target.getCopyMillis();
    return new TargetProgressBody(
        target.getShardId(),
        target.getNodeId(),
        Words.of(target.getRole()),
        target.getVirtualShards(),
        target.getVirtualShardsCopied(),
        target.getRowsCopied(),
        target.getRowsCopiedLocally(),
        millis <= 0 ? 0 : target.getRowsCopied() * 1000 / millis,
        target.getReplayedChanges(),
        target.getLag() < 0 ? null : (Long) target.getLag(),
        remaining(target));
  }

  private static @Nullable Long remaining(TargetProgress target) {
    int copied = target.getVirtualShardsCopied();
    int left = target.getVirtualShards() - copied;
    if (left <= 0) {
      return 0L;
    }
    long millis = target.getCopyMillis();
    return copied == 0 || millis <= 0 ? null : (Long) (millis * left / copied);
  }
}
