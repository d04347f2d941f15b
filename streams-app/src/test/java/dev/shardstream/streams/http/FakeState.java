package dev.shardstream.streams.http;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.view.ClusterState;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A state that a test fills: one database, {@code shop}, and others that are kept elsewhere. */
final class FakeState implements ClusterState {
  final List<Table> tables = new ArrayList<>();
  final List<Topology> topologies = new ArrayList<>();
  final List<Reshard> reshards = new ArrayList<>();
  final List<DdlResult> results = new ArrayList<>();
  final Map<String, URI> elsewhere = new HashMap<>();
  Cluster nodes = new Cluster(0, new TreeMap<>());

  @Override
  public Optional<URI> keptElsewhere(String database) {
    return Optional.ofNullable(elsewhere.get(database));
  }

  @Override
  public List<URI> others() {
    return elsewhere.values().stream().distinct().toList();
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
    return tables;
  }

  @Override
  public List<Topology> topologies(String database) {
    return topologies;
  }

  @Override
  public List<Reshard> reshards(String database) {
    return reshards;
  }

  @Override
  public List<DdlResult> results(String database) {
    return results;
  }

  @Override
  public Optional<DdlResult> result(String database, String commandId) {
    return results.stream().filter(r -> r.getCommandId().equals(commandId)).findFirst();
  }

  @Override
  public Cluster nodes() {
    return nodes;
  }
}
