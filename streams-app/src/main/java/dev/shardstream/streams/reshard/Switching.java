package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.Tasks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The cutover, and what follows it. A rollback is a cutover in the other direction: readers of the
 * epoch between are served for a grace period of their own.
 */
final class Switching {
  private Switching() {}

  /** The cutover itself: one topology record. */
  static void cutOver(Turn turn, Reshard reshard, Members members, int digestsCompared) {
    Topology.Builder switched = handOver(reshard, members, members.targets(), members.replaced());
    turn.emit(new Decision.TopologyStored(switched.build()));
    turn.emit(
        new Decision.ReshardStored(
            Phases.after(reshard, ReshardEvent.DIGESTS_EQUAL, turn.now())
                .setSwitchedAt(turn.now())
                .setDigestsCompared(digestsCompared)
                .setMismatches(List.of())
                .setCopyAgain(List.of())
                .setTargets(Progress.targets(turn, reshard, members))
                .build()));
  }

  /** The targets serve beside the sources from here on: one topology record, and the end. */
  static void join(Turn turn, Reshard reshard, Members members, int digestsCompared) {
    Topology.Builder joined = handOver(reshard, members, members.targets(), List.of());
    turn.emit(new Decision.TopologyStored(joined.setChangeLogId(null).build()));
    Ending.joined(turn, reshard, members, digestsCompared);
  }

  /** The cutover taken back: one topology record. */
  static void rollBack(Turn turn, Reshard reshard, Members members) {
    Topology.Builder switched = handOver(reshard, members, members.replaced(), members.targets());
    turn.emit(new Decision.TopologyStored(switched.build()));
    turn.emit(
        new Decision.ReshardStored(
            Phases.after(reshard, ReshardEvent.ROLLBACK_ASKED, turn.now())
                .setRolledBackAt(turn.now())
                .build()));
  }

  private static Topology.Builder handOver(
      Reshard reshard, Members members, List<Shard> toShards, List<Shard> fromShards) {
    Map<Integer, ShardRole> roles =
        reshard.getPurpose() == ReshardPurpose.MOVE ? roles(toShards, fromShards) : Map.of();
    List<Shard> shards =
        members.topology().getShards().stream()
            .map(
                shard ->
                    toShards.contains(shard)
                        ? Shard.newBuilder(with(shard, ShardStatus.ACTIVE))
                            .setRole(roles.getOrDefault(shard.getId(), shard.getRole()))
                            .build()
                        : fromShards.contains(shard)
                            ? with(shard, ShardStatus.TO_BE_DELETED)
                            : shard)
            .toList();
    return Topology.newBuilder(members.topology())
        .setEpoch(members.topology().getEpoch() + 1)
        .setShards(shards);
  }

  /**
   * A shard that takes the place of another one takes its role too: since the target was made, or
   * since the switch, another holder of the same rows may have become the owner.
   */
  private static Map<Integer, ShardRole> roles(List<Shard> toShards, List<Shard> fromShards) {
    Map<Integer, ShardRole> roles = new HashMap<>();
    for (int i = 0; i < toShards.size(); i++) {
      roles.put(toShards.get(i).getId(), fromShards.get(i).getRole());
    }
    return roles;
  }

  private static Shard with(Shard shard, ShardStatus status) {
    return Shard.newBuilder(shard).setStatus(status).build();
  }

  /** Whether the shards that the table does not need are being dropped. */
  static boolean isCleaningUp(Members members) {
    return !members.tasks().isEmpty();
  }

  /**
   * Keeps what was active before for the grace period, drops it, and ends the reshard. What was
   * active before is all that is left of the rows while a shard that is active now is away: unless
   * an operator says otherwise it is kept until they all serve, so that the switch can be taken
   * back.
   */
  static void advance(Turn turn, Reshard reshard, Members members) {
    if (isCleaningUp(members)) {
      if (Tasks.allOver(members.tasks())) {
        Ending.cleanedUp(turn, reshard, members);
      }
    } else if (reshard.getCompleteAsked()
        || isGraceOver(turn, reshard) && servedSinceThen(turn, reshard, members)) {
      (reshard.getRolledBackAt() == null ? members.replaced() : members.targets())
          .forEach(
              s -> TableDrop.dropShard(turn, reshard.getTableId(), s, reshard.getChangeLogId()));
    }
  }

  private static boolean isGraceOver(Turn turn, Reshard reshard) {
    return sinceGrace(turn, reshard) >= 0;
  }

  private static long sinceGrace(Turn turn, Reshard reshard) {
    return turn.now() - handedOverAt(reshard) - grace(reshard, turn.limits());
  }

  /**
   * Whether of all rows some shard that is active now was heard to serve when the grace period was
   * over.
   */
  private static boolean servedSinceThen(Turn turn, Reshard reshard, Members members) {
    List<Shard> active = reshard.getRolledBackAt() == null ? members.targets() : members.replaced();
    return Group.owners(members.topology(), active).stream()
        .allMatch(
            owner ->
                Tables.holders(members.topology(), owner).stream()
                    .anyMatch(holder -> servedSinceThen(turn, reshard, holder)));
  }

  private static boolean servedSinceThen(Turn turn, Reshard reshard, Shard shard) {
    return turn.cluster().isCurrent(shard.getNodeId(), turn.limits())
        && turn.cluster().silentMillis(shard.getNodeId()) <= sinceGrace(turn, reshard)
        && Lag.of(turn, reshard.getTableId(), shard) != Lag.UNKNOWN;
  }

  private static long handedOverAt(Reshard reshard) {
    return Objects.requireNonNull(
        reshard.getRolledBackAt() == null ? reshard.getSwitchedAt() : reshard.getRolledBackAt());
  }

  private static long grace(Reshard reshard, Limits limits) {
    ReshardOptions options = reshard.getOptions();
    return options == null || options.getGraceMillis() == null
        ? limits.grace()
        : options.getGraceMillis();
  }
}
