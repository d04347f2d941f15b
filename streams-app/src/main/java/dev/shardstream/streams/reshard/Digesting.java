package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.Objects;
import java.util.Optional;

/**
 * Collects digests, and signs of those that take long. Those of another fence than the running one
 * have no effect.
 */
public final class Digesting {
  private Digesting() {}

  /** Takes in digests that a node reports. */
  public static void absorb(Turn turn, TaskEvent event) {
    if (event.getEvent() instanceof ShardDigests digests) {
      Tasks.reported(turn, event, TaskKind.VERIFY_SHARD, digests.getShardId())
          .flatMap(task -> turn.state().round(String.valueOf(task.getChangeLogId())))
          .filter(round -> round.getFenceId().equals(digests.getFenceId()))
          .ifPresent(round -> store(turn, round, digests));
    } else if (event.getEvent() instanceof TaskProgress) {
      turn.state()
          .task(event.getTaskId())
          .filter(task -> task.getKind() == TaskKind.VERIFY_SHARD)
          .filter(task -> event.getReportedBy().equals(task.getNodeId()))
          .flatMap(task -> round(turn, task))
          .ifPresent(round -> heard(turn, round));
    }
  }

  /** The running round, if a task is of it. */
  private static Optional<VerifyRound> round(Turn turn, OpenTask task) {
    int shardId = Objects.requireNonNull(task.getShardId());
    return turn.state()
        .round(String.valueOf(task.getChangeLogId()))
        .filter(round -> TaskIds.verifyShard(round.getFenceId(), shardId).equals(task.getTaskId()));
  }

  private static void store(Turn turn, VerifyRound round, ShardDigests digests) {
    turn.emit(new Decision.DigestsStored(key(digests), digests));
    heard(turn, round);
  }

  private static void heard(Turn turn, VerifyRound round) {
    turn.emit(
        new Decision.RoundStored(VerifyRound.newBuilder(round).setHeardAt(turn.now()).build()));
  }

  /** Digests given twice have the same key; parts of a long list of keys have different ones. */
  private static String key(ShardDigests digests) {
    String part = "";
    if (!digests.getKeys().isEmpty()) {
      KeyHash first = digests.getKeys().get(0);
      part = first.getVirtualShard() + ":" + first.getKey();
    }
    return digests.getFenceId()
        + "/"
        + digests.getShardId()
        + "/"
        + digests.getPartition()
        + "/"
        + digests.getPosition()
        + "/"
        + part;
  }
}
