package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.NodeWatch;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Drives the coordinator step by step; a test says which tasks are held back. */
final class Scenario {
  static final long START = 1_000_000;
  static final String TABLE = "shop-orders-1";
  private static final long STEP = 200;

  /** What the next steps are bounded by. */
  Limits limits = Limits.defaults();

  private DatabaseState state = new DatabaseState("shop");
  private final FakeNodes nodes;
  private final Map<String, Node> heartbeats = new TreeMap<>();
  private final NodeWatch watch = new NodeWatch(START, Limits.defaults());
  private final List<Decision> journal = new ArrayList<>();
  private final List<ShardTask> tasks = new ArrayList<>();
  private final List<ProvisionTask> provisioning = new ArrayList<>();
  private final List<TaskEvent> told = new ArrayList<>();
  private final Decision namespace = new Decision.NamespaceStored(new Namespace("shop", START));
  private boolean tellsAreLost;
  private Predicate<Object> held = task -> false;
  private Cluster cluster = watch.observe(List.of(), START);
  private long now = START;

  Scenario(String... nodeIds) {
    nodes = new FakeNodes(nodeIds);
    state.apply(namespace);
    beat();
    now += STEP;
    beat();
  }

  private void beat() {
    nodes.heartbeats(now).forEach(n -> heartbeats.put(n.getNodeId(), n));
    cluster = watch.observe(heartbeats.values(), now);
  }

  /** Like {@code 3 replica on a}; what is not active says so. */
  List<String> shards() {
    return topology().getShards().stream()
        .map(
            s ->
                s.getId()
                    + " "
                    + s.getRole().name().toLowerCase(Locale.ROOT)
                    + " on "
                    + s.getNodeId()
                    + switch (s.getStatus()) {
                      case ACTIVE -> "";
                      default -> " " + s.getStatus().name().toLowerCase(Locale.ROOT);
                    })
        .toList();
  }

  /** Makes the table {@code orders}, and lets some time pass. */
  void create(int shards, int replicas, long millis) {
    send(Commands.of("c1", Commands.table("orders", shards).setReplicas(replicas).build()));
    run(millis);
  }

  List<Decision> send(DdlCommand command) {
    return decide(new Event.CommandReceived(command, now));
  }

  List<Decision> report(TaskEvent event) {
    return decide(new Event.TaskReported(event));
  }

  List<Decision> hear(LiveQuery query) {
    return decide(new Event.LiveQueryHeard("shop/" + query.getId(), query));
  }

  /** The control plane is another process from here on, with what the decisions hold. */
  void restart() {
    DatabaseState rebuilt = new DatabaseState("shop");
    rebuilt.apply(namespace);
    journal.forEach(rebuilt::apply);
    state = rebuilt;
  }

  /** What shards tell of their own accord is lost from here on; heartbeats remain. */
  void loseWhatShardsTell() {
    tellsAreLost = true;
  }

  /** Tasks for which this holds are not done until it is called again. */
  void hold(Predicate<Object> which) {
    held = which;
  }

  /** Tasks that wait to be done are lost. */
  void forget(Class<?> kind) {
    tasks.removeIf(task -> kind.isInstance(task.getTask()));
  }

  /** Lets time pass; every task that is not held back is done within a step. */
  void run(long millis) {
    for (long end = now + millis; now < end; ) {
      now += STEP;
      beat();
      decide(new Event.Tick());
      List<TaskEvent> answers = new ArrayList<>();
      for (ProvisionTask task : take(provisioning)) {
        answers.addAll(nodes.perform(task));
      }
      for (ShardTask task : take(tasks)) {
        answers.addAll(nodes.perform(task));
      }
      answers.addAll(told);
      told.clear();
      answers.forEach(this::report);
    }
  }

  private <T> List<T> take(List<T> queue) {
    List<T> ready = queue.stream().filter(task -> !held.test(task)).toList();
    queue.removeAll(ready);
    return ready;
  }

  private List<Decision> decide(Event event) {
    List<Decision> decisions = Coordinator.decide(state, event, new Moment(now, cluster), limits);
    journal.addAll(decisions);
    for (Decision decision : decisions) {
      if (decision instanceof Decision.ShardTaskIssued issued) {
        tasks.add(issued.task());
      } else if (decision instanceof Decision.ProvisionTaskIssued issued) {
        provisioning.add(issued.task());
      } else if (decision instanceof Decision.TableStored stored) {
        List<TaskEvent> events = nodes.catalog(stored.table());
        told.addAll(tellsAreLost ? List.of() : events);
      }
    }
    return decisions;
  }

  /** Everything that was decided, in order. */
  List<Decision> journal() {
    return List.copyOf(journal);
  }

  FakeNodes nodes() {
    return nodes;
  }

  DatabaseState state() {
    return state;
  }

  long now() {
    return now;
  }

  Topology topology() {
    return state.topology(TABLE).orElseThrow();
  }

  /** Tasks that wait to be done. */
  List<ShardTask> waiting() {
    return List.copyOf(tasks);
  }

  /** The last published record of a reshard. */
  Reshard reshard(String changeLogId) {
    Reshard last = null;
    for (Decision decision : journal) {
      if (decision instanceof Decision.ReshardStored stored
          && stored.reshard().getChangeLogId().equals(changeLogId)) {
        last = stored.reshard();
      }
    }
    if (last == null) {
      throw new AssertionError("No reshard " + changeLogId);
    }
    return last;
  }

  /** The text of the last result of a command, null where it has none. */
  @Nullable String message(String commandId) {
    return state.result(commandId).orElseThrow().getMessage();
  }

  /** What the last attempt of each copy of a reshard says, by shard. */
  Map<Integer, CopyShard> copies(String changeLogId) {
    Map<Integer, CopyShard> copies = new TreeMap<>();
    for (Decision decision : journal) {
      if (decision instanceof Decision.ShardTaskIssued issued
          && issued.task().getTask() instanceof CopyShard copy
          && changeLogId.equals(issued.task().getChangeLogId())) {
        copies.put(copy.getShardId(), copy);
      }
    }
    return copies;
  }

  ReshardStatus status(String changeLogId) {
    return reshard(changeLogId).getStatus();
  }

  /** All results of a command in order, like {@code REJECTED TABLE_NOT_FOUND}. */
  List<String> results(String commandId) {
    List<String> results = new ArrayList<>();
    for (Decision decision : journal) {
      if (decision instanceof Decision.ResultStored stored) {
        add(results, commandId, stored.result());
      } else if (decision instanceof Decision.ResultRepeated repeated) {
        add(results, commandId, repeated.result());
      }
    }
    return results;
  }

  private static void add(List<String> results, String commandId, DdlResult result) {
    if (result.getCommandId().equals(commandId)) {
      results.add(
          result.getStatus() == DdlStatus.REJECTED
              ? result.getStatus() + " " + result.getCode()
              : result.getStatus().name());
    }
  }
}
