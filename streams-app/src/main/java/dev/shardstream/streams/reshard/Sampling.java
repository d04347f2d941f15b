package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.streams.placement.Holding;
import dev.shardstream.streams.placement.Placement;
import dev.shardstream.streams.placement.TopologySize;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.SortedMap;

/**
 * How a reshard of a RANGE table finds its targets: its sources name shard keys that divide them
 * into parts of equally many rows, and split points are chosen among all of these. What they named
 * is kept until then, so that nobody is asked twice.
 */
public final class Sampling {
  private Sampling() {}

  /** Whether the targets of a reshard are not known yet. */
  static boolean isUnderWay(Reshard reshard) {
    return reshard.getStatus() == ReshardStatus.QUEUED && reshard.getTargetShards().isEmpty();
  }

  /** Asks the sources of a reshard for their keys. */
  static void ask(Turn turn, String tableId, String changeLogId, List<Shard> sources) {
    for (Shard source : sources) {
      Tasks.openForShard(
          turn,
          TaskKind.SAMPLE_KEYS,
          TaskIds.sampleKeys(changeLogId, source.getId()),
          tableId,
          source,
          changeLogId);
    }
  }

  /** Takes in the keys that a source names; the first answer counts. */
  public static void absorb(Turn turn, TaskEvent event) {
    if (event.getEvent() instanceof KeySample sample) {
      Tasks.reported(turn, event, TaskKind.SAMPLE_KEYS, sample.getShardId())
          .map(task -> String.valueOf(task.getChangeLogId()))
          .filter(id -> !turn.state().samples(id).containsKey(sample.getShardId()))
          .ifPresent(id -> turn.emit(new Decision.SampleStored(id, sample)));
    }
  }

  /**
   * Chooses the targets when every source has answered, and has them made. While there are too few
   * nodes for them it waits.
   */
  static void advance(Turn turn, Reshard reshard, Members members) {
    SortedMap<Integer, KeySample> samples = turn.state().samples(reshard.getChangeLogId());
    Table table = turn.state().table(reshard.getTableId()).orElseThrow();
    List<String> nodes = turn.placeable();
    boolean isReady = members.sources().stream().allMatch(s -> samples.containsKey(s.getId()));
    if (!isReady || nodes.size() < table.getReplicas()) {
      return;
    }
    try {
      List<Shard> targets =
          Placement.spread(
              Holding.ofRanges(points(reshard, members, samples)),
              table.getReplicas(),
              members.topology().getNextShardId(),
              nodes);
      TopologySize.require(table.getName(), members.topology(), targets);
      ReshardPlans.requireRoom(turn, table, planned(reshard, members, targets));
      Tasks.close(turn, members.tasks());
      forget(turn, reshard);
      turn.emit(
          new Decision.ReshardStored(
              Phases.after(reshard, ReshardEvent.TARGETS_CHOSEN, turn.now())
                  .setTargetShards(targets.stream().map(Shard::getId).toList())
                  .setTargets(targets.stream().map(Progress::notStarted).toList())
                  .build()));
      ReshardStart.make(turn, reshard.getTableId(), reshard.getChangeLogId(), targets);
    } catch (ShardstreamException impossible) {
      Ending.fail(turn, reshard, ReshardEvent.FAULT, impossible);
    }
  }

  private static List<byte[]> points(
      Reshard reshard, Members members, SortedMap<Integer, KeySample> samples) {
    SplitChoice choice =
        SplitChoice.of(
            members.sources().stream()
                .map(s -> new SplitChoice.Sampled(s.getRange(), samples.get(s.getId())))
                .toList());
    if (reshard.getShardCount() > choice.keys() + 1) {
      throw new ShardstreamException(
          ErrorCode.TOO_FEW_KEYS, reshard.getTable(), choice.keys(), choice.keys() + 1);
    }
    return choice.points(reshard.getShardCount());
  }

  private static NewReshard planned(Reshard reshard, Members members, List<Shard> targets) {
    return new NewReshard(
        reshard.getPurpose(),
        members.sources(),
        targets,
        reshard.getOptions(),
        reshard.getRetryOf(),
        reshard.getShardCount());
  }

  /** Forgets what the sources of a reshard have named. */
  static void forget(Turn turn, Reshard reshard) {
    List.copyOf(turn.state().samples(reshard.getChangeLogId()).keySet())
        .forEach(id -> turn.emit(new Decision.SampleGone(reshard.getChangeLogId(), id)));
  }
}
