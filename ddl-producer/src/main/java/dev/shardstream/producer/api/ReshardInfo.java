package dev.shardstream.producer.api;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Throttle;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a reshard is.
 *
 * @param changeLogId unique in its database
 * @param tableName name of the table when it started
 * @param tableId the table
 * @param purpose {@code reshard}, {@code move}, {@code verify} or {@code replicate}
 * @param status {@code queued}, {@code copying}, {@code replaying}, {@code verifying}, {@code
 *     switching}, {@code complete}, {@code failed}, {@code cancelled} or {@code rolled_back}
 * @param paused whether an operator has paused it
 * @param waitsFor what it waits for, in words; null when it goes on
 * @param sourceShards shards that it takes from
 * @param targetShards shards that it makes
 * @param virtualShards virtual shards that it makes anew, counted for each target that has them
 * @param virtualShardsCopied of these
 * @param rowsCopied rows
 * @param rowsCopiedLocally of these, rows from a shard of the same node
 * @param replayedChanges changes applied from the log after the copy
 * @param lag offsets that the targets are behind; null before it is known
 * @param digestsCompared virtual shards compared in the last verify
 * @param mismatches virtual shards that the last verify found different
 * @param startedAt milliseconds since the epoch
 * @param updatedAt milliseconds since the epoch
 * @param phaseMillis how long each phase took, in order; the running one until the last update
 * @param targets progress of each target
 * @param retryOf the reshard that it repeats; null for none
 * @param errorCode why it failed; null if it did not
 * @param errorMessage why it failed, in words
 */
public record ReshardInfo(
    String changeLogId,
    String tableName,
    String tableId,
    String purpose,
    String status,
    boolean paused,
    @Nullable String waitsFor,
    int sourceShards,
    int targetShards,
    int virtualShards,
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
    List<ReshardTarget> targets,
    @Nullable String retryOf,
    @Nullable String errorCode,
    @Nullable String errorMessage) {
  public ReshardInfo {
    phaseMillis = Collections.unmodifiableMap(new LinkedHashMap<>(phaseMillis));
    targets = List.copyOf(targets);
  }

  static ReshardInfo of(Reshard reshard) {
    List<ReshardTarget> targets = reshard.getTargets().stream().map(ReshardTarget::of).toList();
    boolean lagKnown =
        !targets.isEmpty() && targets.stream().allMatch(target -> target.lag() != null);
    return new ReshardInfo(
        reshard.getChangeLogId(),
        reshard.getTable(),
        reshard.getTableId(),
        TableFacts.lower(reshard.getPurpose()),
        TableFacts.lower(reshard.getStatus()),
        reshard.getPaused(),
        waitsFor(reshard),
        reshard.getSourceShards().size(),
        reshard.getShardCount() > 0 ? reshard.getShardCount() : reshard.getTargetShards().size(),
        targets.isEmpty()
            ? VirtualShards.COUNT
            : targets.stream().mapToInt(ReshardTarget::virtualShards).sum(),
        targets.stream().mapToInt(ReshardTarget::virtualShardsCopied).sum(),
        targets.stream().mapToLong(ReshardTarget::rowsCopied).sum(),
        targets.stream().mapToLong(ReshardTarget::rowsCopiedLocally).sum(),
        targets.stream().mapToLong(ReshardTarget::replayedChanges).sum(),
        lagKnown ? reshard.getTargets().stream().mapToLong(t -> t.getLag()).sum() : null,
        reshard.getDigestsCompared(),
        (int) reshard.getMismatches().stream().map(Mismatch::getVirtualShard).distinct().count(),
        reshard.getStartedAt(),
        reshard.getUpdatedAt(),
        phases(reshard),
        targets,
        reshard.getRetryOf(),
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
                  TableFacts.lower(phase.getStatus()),
                  Math.max(0, end - phase.getStartedAt()),
                  Long::sum);
            });
    return millis;
  }

  private static @Nullable String waitsFor(Reshard reshard) {
    ReshardStatus status = reshard.getStatus();
    boolean beforeSwitch =
        switch (status) {
          case QUEUED, COPYING, REPLAYING, VERIFYING -> true;
          default -> false;
        };
    if (status == ReshardStatus.SWITCHING) {
      return "the end of the grace period, or completeReshard";
    }
    if (!beforeSwitch) {
      return null;
    }
    if (reshard.getPaused()) {
      return "resumeReshard";
    }
    if (reshard.getBackingOff()) {
      return "shards that are too far behind their log";
    }
    if (status == ReshardStatus.VERIFYING
        && reshard.getVerifiedAttempt() > 0
        && !reshard.getSwitchAsked()) {
      return "switchReshard";
    }
    Throttle throttle = reshard.getThrottle();
    return status == ReshardStatus.COPYING && throttle != null && throttle.getRowsPerSecond() > 0
        ? "its throttle of " + throttle.getRowsPerSecond() + " rows per second"
        : null;
  }

  /** How long the copy still takes if it goes on like this; empty when that is not known. */
  public Optional<Duration> remaining() {
    if (!status.equals("copying") || paused || targets.isEmpty()) {
      return Optional.empty();
    }
    Duration longest = Duration.ZERO;
    for (ReshardTarget target : targets) {
      Optional<Duration> one = target.remaining();
      if (one.isEmpty()) {
        return Optional.empty();
      }
      longest = one.get().compareTo(longest) > 0 ? one.get() : longest;
    }
    return Optional.of(longest);
  }

  /** Whether it has ended, well or not. */
  public boolean ended() {
    return switch (status) {
      case "complete", "failed", "cancelled", "rolled_back" -> true;
      default -> false;
    };
  }

  /** Whether it has ended as it was meant to: its shards active, or found equal to their log. */
  public boolean succeeded() {
    return status.equals("complete");
  }
}
