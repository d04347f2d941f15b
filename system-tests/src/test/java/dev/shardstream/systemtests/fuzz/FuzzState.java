package dev.shardstream.systemtests.fuzz;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.view.ClusterState;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What a control plane knows of one database with {@link FuzzTable} in it. */
final class FuzzState implements ClusterState {
  private static final Topology TOPOLOGY =
      Topology.newBuilder()
          .setDatabase("shop")
          .setTableId(FuzzTable.ID)
          .setEpoch(1)
          .setShards(List.of())
          .setNextShardId(1)
          .build();

  @Override
  public Optional<URI> keptElsewhere(String database) {
    return Optional.empty();
  }

  @Override
  public List<URI> others() {
    return List.of();
  }

  @Override
  public List<String> databases() {
    return List.of("shop");
  }

  @Override
  public boolean exists(String database) {
    return database.equals("shop");
  }

  @Override
  public List<Table> tables(String database) {
    return List.of(FuzzTable.TABLE);
  }

  @Override
  public List<Topology> topologies(String database) {
    return List.of(TOPOLOGY);
  }

  @Override
  public List<Reshard> reshards(String database) {
    return List.of();
  }

  @Override
  public List<DdlResult> results(String database) {
    return List.of();
  }

  @Override
  public Optional<DdlResult> result(String database, String commandId) {
    return Optional.empty();
  }

  @Override
  public Cluster nodes() {
    return new Cluster(60_000, new TreeMap<>());
  }
}
