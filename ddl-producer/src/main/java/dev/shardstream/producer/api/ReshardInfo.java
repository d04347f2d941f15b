package dev.shardstream.producer.api;

import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.TargetProgress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a reshard is.
 *
 * @param changeLogId unique in its database
 * @param tableName name of the table when it started
 * @param tableId the table
 * @param status {@code queued}, {@code copying}, {@code replaying}, {@code verifying}, {@code
 *     switching}, {@code complete}, {@code failed}, {@code cancelled} or {@code rolled_back}
 * @param sourceShards shards that it takes from
 * @param targetShards shards that it makes
 * @param virtualShardsCopied of 256
 * @param rowsCopied rows
 * @param rowsCopiedLocally of these, rows from a shard of the same node
 * @param replayedChanges changes applied from the log after the copy
 * @param lag offsets that the targets are behind; null before it is known
 * @param digestsCompared virtual shards compared in the last verify
 * @param mismatches virtual shards that the last verify found different
 * @param startedAt milliseconds since the epoch
 * @param updatedAt milliseconds since the epoch
 * @param phaseMillis how long each phase took, in order; the running one until the last update
 * @param errorCode why it failed; null if it did not
 * @param errorMessage why it failed, in words
 */
public record ReshardInfo(
    String changeLogId,
    String tableName,
    String tableId,
    String status,
    int sourceShards,
    int targetShards,
    int virtualShardsCopied,
    long rowsCopied,
    long rowsCopiedLocally,
    long replayedChanges,
    @Nullable Long lag,
    int digestsCompared,
    int mismatches,
    long startedAt,
    long updatedAt,
    Map<String, Long> phaseMillis,
    @Nullable String errorCode,
    @Nullable String errorMessage) {

  static ReshardInfo of(Reshard reshard) {
    List<TargetProgress> targets = reshard.getTargets();
    boolean lagKnown =
        !targets.isEmpty() && targets.stream().allMatch(target -> target.getLag() >= 0);
    return new ReshardInfo(
        reshard.getChangeLogId(),
        reshard.getTable(),
        reshard.getTableId(),
        lower(reshard.getStatus()),
        reshard.getSourceShards().size(),
        reshard.getTargetShards().size(),
        targets.stream().mapToInt(TargetProgress::getVirtualShardsCopied).sum(),
        targets.stream().mapToLong(TargetProgress::getRowsCopied).sum(),
        targets.stream().mapToLong(TargetProgress::getRowsCopiedLocally).sum(),
        targets.stream().mapToLong(TargetProgress::getReplayedChanges).sum(),
        lagKnown ? targets.stream().mapToLong(TargetProgress::getLag).sum() : null,
        reshard.getDigestsCompared(),
        (int) reshard.getMismatches().stream().map(Mismatch::getVirtualShard).distinct().count(),
        reshard.getStartedAt(),
        reshard.getUpdatedAt(),
        phases(reshard),
        reshard.getErrorCode(),
        reshard.getErrorMessage());
  }

  private static Map<String, Long> phases(Reshard reshard) {
    Map<String, Long> millis = new LinkedHashMap<>();
    reshard
        .getPhases()
        .forEach(
            phase -> {
              Long finished = phase.getFinishedAt();
              long end = finished == null ? reshard.getUpdatedAt() : finished;
              millis.merge(
                  lower(phase.getStatus()), Math.max(0, end - phase.getStartedAt()), Long::sum);
            });
    return millis;
  }

  private static String lower(ReshardStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  /** Whether it has ended, well or not. */
  public boolean ended() {
    return switch (status) {
      case "complete", "failed", "cancelled", "rolled_back" -> true;
      default -> false;
    };
  }

  /** Whether it has ended with the new shards active. */
  public boolean succeeded() {
    return status.equals("complete");
  }
}
