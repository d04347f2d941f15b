package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.streams.state.ReshardBook;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reshard, running or ended.
 *
 * @param reshardId unique in its database
 * @param database database of its table
 * @param table name of the table when it started
 * @param tableId the table
 * @param commandId command that asked for it; empty when the control plane began it by itself
 * @param purpose {@code reshard}, {@code move}, {@code verify} or {@code replicate}
 * @param status {@code queued}, {@code copying}, {@code replaying}, {@code verifying}, {@code
 *     switching}, {@code complete}, {@code failed}, {@code cancelled} or {@code rolled_back}
 * @param ended whether nothing follows on the status
 * @param paused whether an operator has paused it
 * @param backingOff whether its copy waits for shards that are behind their log
 * @param waitsForSwitch whether it was verified and waits to be told to switch
 * @param actions verbs that can be asked of it
 * @param sourceShards shards that it takes from
 * @param targetShards shards that it makes
 * @param targets progress of each of those
 * @param rowsPerSecondLimit rate set while it runs, 0 for as fast as it goes; null for none
 * @param remainingMillis how long the copy still takes if it goes on like this; null before there
 *     is a measure, and when it does not copy
 * @param verifyAttempt fences written so far
 * @param digestsCompared virtual shards compared in the last verify
 * @param mismatches what that found different
 * @param repairs how often virtual shards were copied again after a verify
 * @param phases phases in order
 * @param startedAt milliseconds since the epoch
 * @param updatedAt milliseconds since the epoch
 * @param switchedAt time of the cutover; null before it
 * @param rolledBackAt when the table was given back to the sources; null when it was not
 * @param retryOf reshard that it repeats; null for none
 * @param errorCode why it failed; null if it did not
 * @param errorMessage why it failed, in words
 */
public record ReshardBody(
    String reshardId,
    String database,
    String table,
    String tableId,
    String commandId,
    String purpose,
    String status,
    boolean ended,
    boolean paused,
    boolean backingOff,
    boolean waitsForSwitch,
    List<String> actions,
    List<Integer> sourceShards,
    List<Integer> targetShards,
    List<TargetProgressBody> targets,
    @Nullable Long rowsPerSecondLimit,
    @Nullable Long remainingMillis,
    int verifyAttempt,
    int digestsCompared,
    List<MismatchBody> mismatches,
    int repairs,
    List<PhaseBody> phases,
    long startedAt,
    long updatedAt,
    @Nullable Long switchedAt,
    @Nullable Long rolledBackAt,
    @Nullable String retryOf,
    @Nullable String errorCode,
    @Nullable String errorMessage) {

  /**
   * When it was in a phase.
   *
   * @param status the phase
   * @param startedAt milliseconds since the epoch
   * @param finishedAt milliseconds since the epoch; null while it lasts
   */
  public record PhaseBody(String status, long startedAt, @Nullable Long finishedAt) {}

  /**
   * A virtual shard in which both sides differed.
   *
   * @param virtualShard 0 to 255
   * @param sourceShard source shard
   * @param targetShard target shard
   * @param sourceRows rows that the source has
   * @param targetRows rows that the target has
   * @param keys some primary keys that differ, as text
   */
  public record MismatchBody(
      int virtualShard,
      int sourceShard,
      int targetShard,
      long sourceRows,
      long targetRows,
      List<String> keys) {}

  public static ReshardBody of(Reshard reshard) {
    List<TargetProgressBody> targets =
        reshard.getTargets().stream().map(TargetProgressBody::of).toList();
    return new ReshardBody(
        reshard.getChangeLogId(),
        reshard.getDatabase(),
        reshard.getTable(),
        reshard.getTableId(),
        reshard.getCommandId(),
        Words.of(reshard.getPurpose()),
        Words.of(reshard.getStatus()),
        ReshardBook.isEnd(reshard.getStatus()),
        reshard.getPaused(),
        reshard.getBackingOff(),
        ReshardActions.waitsForSwitch(reshard),
        ReshardActions.of(reshard),
        List.copyOf(reshard.getSourceShards()),
        List.copyOf(reshard.getTargetShards()),
        targets,
        reshard.getThrottle() == null ? null : (Long) reshard.getThrottle().getRowsPerSecond(),
        ReshardActions.isCopying(reshard) ? remaining(reshard, targets) : null,
        reshard.getVerifyAttempt(),
        reshard.getDigestsCompared(),
        mismatches(reshard),
        reshard.getRepairs(),
        phases(reshard),
        reshard.getStartedAt(),
        reshard.getUpdatedAt(),
        reshard.getSwitchedAt(),
        reshard.getRolledBackAt(),
        reshard.getRetryOf(),
        reshard.getErrorCode(),
        reshard.getErrorMessage());
  }

  /** By the clock, so that a throttle counts too. */
  private static @Nullable Long remaining(Reshard reshard, List<TargetProgressBody> targets) {
    long all = targets.stream().mapToLong(TargetProgressBody::virtualShards).sum();
    long copied = targets.stream().mapToLong(TargetProgressBody::virtualShardsCopied).sum();
    long begun = reshard.getPhases().get(reshard.getPhases().size() - 1).getStartedAt();
    return copied == 0 ? null : (Long) ((reshard.getUpdatedAt() - begun) * (all - copied) / copied);
  }

  private static List<PhaseBody> phases(Reshard reshard) {
    return reshard.getPhases().stream()
        .map(p -> new PhaseBody(Words.of(p.getStatus()), p.getStartedAt(), p.getFinishedAt()))
        .toList();
  }

  private static List<MismatchBody> mismatches(Reshard reshard) {
    return reshard.getMismatches().stream()
        .map(
            m ->
                new MismatchBody(
                    m.getVirtualShard(),
                    m.getSourceShard(),
                    m.getTargetShard(),
                    m.getSourceRows(),
                    m.getTargetRows(),
                    List.copyOf(m.getKeys())))
        .toList();
  }
}
