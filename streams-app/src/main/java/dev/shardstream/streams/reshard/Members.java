package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.state.DatabaseState;
import java.util.List;
import java.util.stream.Stream;

/** The shards and tasks of one reshard. */
record Members(Topology topology, List<Shard> sources, List<Shard> targets, List<OpenTask> tasks) {

  static Members of(DatabaseState state, Reshard reshard) {
    Topology topology = state.topology(reshard.getTableId()).orElseThrow();
    return new Members(
        topology,
        shards(topology, reshard.getSourceShards()),
        shards(topology, reshard.getTargetShards()),
        state.tasks(reshard.getTableId()).stream()
            .filter(t -> reshard.getChangeLogId().equals(t.getChangeLogId()))
            .toList());
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

  /** Sources, then targets. */
  List<Shard> all() {
    return Stream.concat(sources.stream(), targets.stream()).toList();
  }
}
