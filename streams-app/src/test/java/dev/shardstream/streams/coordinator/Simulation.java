package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.streams.placement.NodeWatch;
import dev.shardstream.streams.placement.Replication;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import dev.shardstream.streams.state.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A cluster in one thread whose every delay, loss, repetition and crash follows from a seed. Tasks
 * lie in durable queues, as in Kafka; reports can come late, twice, in any order or never.
 */
final class Simulation {
  /** Shorter waits than in life, so that many of them fit into one run. */
  static final Limits LIMITS =
      new Limits(
          6_000, 2_000, 50, 1_000, 4_000, 20, 1_000, 60_000, 0, 10_000, 500, 100_000, 100_000, 2,
          12_000, 20_000);

  private final Random random;
  private final Consumer<TaskEvent> delivered;
  private final Consumer<Decision> decided;
  private final FakeNodes nodes;
  private final Map<String, Node> heartbeats = new TreeMap<>();
  private final Map<String, Deque<ShardTask>> queues = new HashMap<>();
  private final Map<String, ShardTask> lastDone = new HashMap<>();
  private final Deque<ProvisionTask> provisioning = new ArrayDeque<>();
  private final List<TaskEvent> reports = new ArrayList<>();
  private final List<Decision> journal = new ArrayList<>();
  private final Map<String, DdlResult> results = new LinkedHashMap<>();
  private DatabaseState state = new DatabaseState("shop");
  private NodeWatch watch;
  private Cluster cluster;
  private long now = 1_000_000;
  private double loss;

  /**
   * @param nodes at first all up
   * @param loss how likely a report is never to arrive, 0 to 1
   * @param delivered sees every report that arrives, before it is decided on
   * @param decided sees every decision, in order
   */
  Simulation(
      Random random,
      FakeNodes nodes,
      double loss,
      Consumer<TaskEvent> delivered,
      Consumer<Decision> decided) {
    this.random = random;
    this.nodes = nodes;
    this.loss = loss;
    this.delivered = delivered;
    this.decided = decided;
    nodes.ids().forEach(id -> queues.put(id, new ArrayDeque<>()));
    journal.add(new Decision.NamespaceStored(new Namespace("shop", now)));
    journal.forEach(state::apply);
    watch = new NodeWatch(now, LIMITS);
    cluster = watch.observe(List.of(), now);
  }

  void command(DdlCommand command) {
    decide(new Event.CommandReceived(command, now));
  }

  /** Something happens: time passes, and some of what is under way arrives. */
  void step() {
    now += 20 + random.nextInt(200);
    if (random.nextInt(3) > 0) {
      nodes.heartbeats(now).forEach(node -> heartbeats.put(node.getNodeId(), node));
    }
    cluster = watch.observe(heartbeats.values(), now);
    queues.forEach((id, queue) -> work(id, queue));
    if (!provisioning.isEmpty() && random.nextInt(3) == 0) {
      send(nodes.perform(provisioning.poll()));
    }
    for (int i = random.nextInt(8); i > 0 && !reports.isEmpty(); i--) {
      TaskEvent report = reports.get(random.nextInt(reports.size()));
      if (random.nextInt(10) > 0) {
        reports.remove(report);
      }
      decide(new Event.TaskReported(report));
    }
    if (Coordinator.needsTime(state, cluster, LIMITS)) {
      decide(new Event.Tick());
    }
  }

  private void work(String id, Deque<ShardTask> queue) {
    for (int i = random.nextInt(6); i > 0 && !queue.isEmpty() && nodes.isUp(id); i--) {
      ShardTask task = queue.poll();
      lastDone.put(id, task);
      send(nodes.perform(task));
    }
  }

  private void send(List<TaskEvent> events) {
    for (TaskEvent event : events) {
      if (random.nextDouble() >= loss) {
        reports.add(event);
      }
    }
  }

  private void decide(Event event) {
    if (event instanceof Event.TaskReported reported) {
      delivered.accept(reported.event());
    }
    List<Decision> decisions = Coordinator.decide(state, event, new Moment(now, cluster), LIMITS);
    journal.addAll(decisions);
    for (Decision decision : decisions) {
      route(decision);
      decided.accept(decision);
    }
  }

  private void route(Decision decision) {
    if (decision instanceof Decision.ShardTaskIssued issued) {
      queues.get(issued.task().getNodeId()).add(issued.task());
    } else if (decision instanceof Decision.ProvisionTaskIssued issued) {
      provisioning.add(issued.task());
    } else if (decision instanceof Decision.ResultStored stored) {
      results.put(stored.result().getCommandId(), stored.result());
    } else if (decision instanceof Decision.TableStored stored) {
      send(nodes.catalog(stored.table()));
    }
  }

  /** The control plane is killed and reads its state back; its watch begins again. */
  void restartControlPlane() {
    DatabaseState rebuilt = new DatabaseState("shop");
    journal.forEach(rebuilt::apply);
    state = rebuilt;
    watch = new NodeWatch(now, LIMITS);
    cluster = watch.observe(heartbeats.values(), now);
  }

  /** A node follows the catalog, or stays for a while with what its shards have. */
  void follow(String node, boolean follows) {
    send(nodes.follow(node, follows));
  }

  void kill(String node) {
    nodes.kill(node);
  }

  /** The node is back, and may do its last task once more. */
  void restart(String node) {
    nodes.restart(node);
    ShardTask last = lastDone.get(node);
    if (last != null && random.nextBoolean()) {
      queues.get(node).addFirst(last);
    }
  }

  /** Everything works again, and nobody is in the way; runs until nothing is waited for. */
  boolean settles(int steps) {
    loss = 0;
    nodes.ids().stream().filter(id -> !nodes.isUp(id)).forEach(this::restart);
    nodes.ids().forEach(id -> follow(id, true));
    nodes.mend();
    nodes.mendRules();
    nodes.refuseSchemas(null);
    for (int i = 0; i < steps; i++) {
      ReshardScript.letGo(state, i).forEach(this::command);
      step();
      boolean idle = queues.values().stream().allMatch(Deque::isEmpty);
      if (!state.isInMotion() && idle && isReplicated()) {
        return true;
      }
    }
    return false;
  }

  /** Whether every table has the replicas that it shall have. */
  private boolean isReplicated() {
    Turn turn = new Turn(state, new Moment(now, cluster), LIMITS);
    return state.tables().stream()
        .filter(t -> t.getStatus() == TableStatus.ACTIVE)
        .allMatch(t -> Replication.isAsWanted(turn, t));
  }

  /** What is under way or missing, for people. */
  String unrest() {
    return "tasks %s, reshards %s, commands %s, replicated %s, topologies %s"
        .formatted(
            state.tasks(),
            state.reshards(),
            state.unfinished().stream().map(c -> c.getId() + results.get(c.getId())).toList(),
            isReplicated(),
            state.topologies());
  }

  FakeNodes nodes() {
    return nodes;
  }

  DatabaseState state() {
    return state;
  }

  /** Last result of each command. */
  Map<String, DdlResult> results() {
    return results;
  }
}
