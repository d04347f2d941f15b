package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.record.VerifyStage;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Begins and ends verifies. Each has a fence of its own, so that digests never mix. */
final class VerifyRounds {
  private VerifyRounds() {}

  /**
   * Arms every shard that holds one of some virtual shards.
   *
   * @param listKeys whether this verify only names keys
   */
  static void begin(
      Turn turn, Reshard reshard, Members members, List<Integer> virtualShards, boolean listKeys) {
    int attempt = reshard.getVerifyAttempt() + 1;
    String id = reshard.getChangeLogId();
    String fenceId = id + "-f" + attempt;
    turn.emit(
        new Decision.ReshardStored(
            Reshard.newBuilder(reshard)
                .setVerifyAttempt(attempt)
                .setUpdatedAt(turn.now())
                .build()));
    List<Shard> shards = participants(members, virtualShards);
    turn.emit(
        new Decision.RoundStored(
            new VerifyRound(
                id,
                fenceId,
                VerifyStage.ARMING,
                virtualShards,
                listKeys,
                turn.now(),
                incarnations(turn, shards))));
    for (Shard shard : shards) {
      Tasks.openForShard(
          turn,
          TaskKind.VERIFY_SHARD,
          TaskIds.verifyShard(fenceId, shard.getId()),
          reshard.getTableId(),
          shard,
          id);
    }
  }

  private static List<Shard> participants(Members members, List<Integer> virtualShards) {
    Set<Integer> compared =
        Sides.of(members, virtualShards).stream()
            .flatMap(Sides::shards)
            .collect(Collectors.toSet());
    return members.topology().getShards().stream()
        .filter(s -> compared.contains(s.getId()))
        .toList();
  }

  private static Map<String, String> incarnations(Turn turn, List<Shard> shards) {
    Map<String, String> incarnations = new TreeMap<>();
    for (Shard shard : shards) {
      String incarnation = turn.cluster().incarnation(shard.getNodeId());
      if (incarnation != null) {
        incarnations.put(shard.getNodeId(), incarnation);
      }
    }
    return incarnations;
  }

  /** Asks for the fence once every shard is ready for it; before, a shard could miss it. */
  static void writeFencesWhenArmed(Turn turn, Reshard reshard, Members members, VerifyRound round) {
    boolean armed =
        members.tasks().stream()
            .filter(t -> t.getKind() == TaskKind.VERIFY_SHARD)
            .allMatch(t -> t.getStatus() == TaskStatus.STARTED);
    if (round.getStage() == VerifyStage.ARMING && armed) {
      turn.emit(
          new Decision.RoundStored(
              VerifyRound.newBuilder(round)
                  .setStage(VerifyStage.DIGESTING)
                  .setHeardAt(turn.now())
                  .build()));
      Tasks.openForProvisioner(
          turn,
          TaskKind.WRITE_FENCES,
          TaskIds.writeFences(round.getFenceId()),
          reshard.getTableId(),
          round.getChangeLogId());
    }
  }

  /** Whether a node that takes part has started again and forgotten the fence. */
  static boolean hasLostANode(Turn turn, VerifyRound round) {
    return round.getIncarnations().entrySet().stream()
        .anyMatch(
            e -> {
              String now = turn.cluster().incarnation(e.getKey());
              return now != null && !Objects.equals(now, e.getValue());
            });
  }

  /** Forgets the running verify of a reshard with all that belongs to it. */
  static void close(Turn turn, String changeLogId) {
    turn.state()
        .round(changeLogId)
        .ifPresent(
            round -> {
              List.copyOf(turn.state().digests(round.getFenceId()).keySet())
                  .forEach(key -> turn.emit(new Decision.DigestsGone(key)));
              turn.emit(new Decision.RoundGone(changeLogId));
            });
    List<OpenTask> tasks =
        turn.state().reshard(changeLogId).stream()
            .flatMap(reshard -> turn.state().tasks(reshard.getTableId()).stream())
            .filter(t -> changeLogId.equals(t.getChangeLogId()))
            .filter(
                t -> t.getKind() == TaskKind.VERIFY_SHARD || t.getKind() == TaskKind.WRITE_FENCES)
            .toList();
    Tasks.close(turn, tasks);
  }
}
