package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.state.DatabaseState;
import java.util.List;
import java.util.stream.Stream;

/**
 * The shards and tasks of one reshard.
 *
 * @param sources whose rows the targets get, as far as the topology still has them
 * @param replaced shards that the targets take the place of at the switch, replicas included
 */
record Members(
    Topology topology,
    List<Shard> sources,
    List<Shard> targets,
    List<Shard> replaced,
    List<OpenTask> tasks) {

  static Members of(DatabaseState state, Reshard reshard) {
    Topology topology = state.topology(reshard.getTableId()).orElseThrow();
    return new Members(
        topology,
        shards(topology, reshard.getSourceShards()),
        shards(topology, reshard.getTargetShards()),
        replaced(topology, reshard),
        state.tasks(reshard.getTableId()).stream()
            .filter(t -> reshard.getChangeLogId().equals(t.getChangeLogId()))
            .toList());
  }

  private static List<Shard> replaced(Topology topology, Reshard reshard) {
    return switch (reshard.getPurpose()) {
      case RESHARD ->
          topology.getShards().stream()
              .filter(s -> !reshard.getTargetShards().contains(s.getId()))
              .toList();
      case MOVE -> shards(topology, reshard.getSourceShards());
      case REPLICATE, VERIFY -> List.of();
    };
  }

  private static List<Shard> shards(Topology topology, List<Integer> ids) {
    return ids.stream().map(id -> Tables.shard(topology, id).orElseThrow()).toList();
  }

  /** The virtual shards of the targets, ascending, each once. */
  List<Integer> virtualShards() {
    return targets.stream()
        .flatMap(s -> s.getVirtualShards().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * The targets that were made for it: others were there before, and stay whatever becomes of it.
   */
  List<Shard> made() {
    return targets.stream().filter(s -> s.getStatus() == ShardStatus.PENDING).toList();
  }

  /** Before the switch: all on which it depends, sources, their owners and targets. */
  List<Shard> all() {
    return Stream.of(sources, Group.owners(topology, sources), targets)
        .flatMap(List::stream)
        .distinct()
        .toList();
  }
}
