package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything there is in one run: clock, chance, logs, topics, nodes, control plane. */
final class World {
  private final Dice dice;
  private final Set<Mutant> mutants;
  private final Trace trace = new Trace();
  private final SimRegistry registry = new SimRegistry();
  private final EventTopic events;
  private final SimProvisioner provisioner;
  private final Map<String, SimNode> nodes = new TreeMap<>();
  private final Map<String, SimLog> logs = new TreeMap<>();
  private final Map<String, Model> models = new TreeMap<>();
  private final List<Table> catalog = new ArrayList<>();
  private final Map<String, List<Topology>> topologies = new TreeMap<>();
  private final Checker checker;
  private final ControlPlane control;
  private long now = 1_000_000;
  private boolean wild = true;
  private long calmSince = Long.MAX_VALUE;

  World(Dice dice, Set<Mutant> mutants, List<String> nodeIds) {
    this.dice = dice;
    this.mutants = mutants;
    this.events = new EventTopic(dice);
    this.provisioner = new SimProvisioner(this);
    nodeIds.forEach(id -> nodes.put(id, new SimNode(this, id)));
    this.checker = new Checker(this);
    this.control = new ControlPlane(this);
    nodes.values().forEach(SimNode::start);
  }

  long now() {
    return now;
  }

  Dice dice() {
    return dice;
  }

  boolean has(Mutant mutant) {
    return mutants.contains(mutant);
  }

  /** Whether things go wrong by chance; at the end of a run they do not any more. */
  boolean isWild() {
    return wild;
  }

  void calmDown() {
    wild = false;
    calmSince = now;
    note("calm");
  }

  /** For how many milliseconds nothing has gone wrong; negative while it may. */
  long calmMillis() {
    return now - calmSince;
  }

  void note(String what) {
    trace.note(now, what);
  }

  Trace trace() {
    return trace;
  }

  SimRegistry registry() {
    return registry;
  }

  EventTopic events() {
    return events;
  }

  SimProvisioner provisioner() {
    return provisioner;
  }

  Checker checker() {
    return checker;
  }

  ControlPlane control() {
    return control;
  }

  List<SimNode> nodes() {
    return List.copyOf(nodes.values());
  }

  SimNode node(String id) {
    return Objects.requireNonNull(nodes.get(id), id);
  }

  /** Every definition of a table that was ever published, in order. */
  List<Table> catalog() {
    return catalog;
  }

  /** The last definition of a table that was published. */
  Optional<Table> table(String tableId) {
    for (int i = catalog.size() - 1; i >= 0; i--) {
      if (catalog.get(i).getTableId().equals(tableId)) {
        return Optional.of(catalog.get(i));
      }
    }
    return Optional.empty();
  }

  void createLog(Table table) {
    logs.computeIfAbsent(table.getTableId(), id -> new SimLog(table, registry));
  }

  /** A table's log, null before it is created. */
  @Nullable SimLog log(String tableId) {
    return logs.get(tableId);
  }

  Set<String> tableIds() {
    return logs.keySet();
  }

  Model model(String tableId) {
    return models.computeIfAbsent(tableId, id -> new Model());
  }

  void publish(Topology topology) {
    List<Topology> published =
        topologies.computeIfAbsent(topology.getTableId(), id -> new ArrayList<>());
    Topology next = topology;
    if (has(Mutant.EPOCH_REUSED) && !published.isEmpty()) {
      next = inEpochOf(published.get(published.size() - 1), topology);
    } else if (has(Mutant.TWO_HOLDERS_ON_ONE_NODE)) {
      next = TopologyChecks.onNodesOfOwners(topology);
    }
    published.add(next);
    checker.published(next);
  }

  private static Topology inEpochOf(Topology last, Topology topology) {
    return new Topology(
        topology.getDatabase(),
        topology.getTableId(),
        Tables.owners(last).isEmpty() ? topology.getEpoch() : last.getEpoch(),
        topology.getShards(),
        topology.getNextShardId(),
        topology.getChangeLogId());
  }

  /** Every topology of a table that was ever published, in order. */
  List<Topology> topologies(String tableId) {
    return topologies.getOrDefault(tableId, List.of());
  }

  /** Time passes, and everybody does some of what there is to do. */
  void step() {
    now += dice.between(50, 500);
    if (wild && dice.oneIn(50)) {
      now += dice.below(12_000);
    }
    logs.values().forEach(log -> log.remember(now));
    for (SimNode node : nodes.values()) {
      node.work();
    }
    for (int i = dice.below(4); i > 0; i--) {
      provisioner.work();
    }
    List<Node> heartbeats = new ArrayList<>();
    for (SimNode node : nodes.values()) {
      node.heartbeat().ifPresent(heartbeats::add);
    }
    control.work(heartbeats);
  }
}
