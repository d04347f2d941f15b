package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.CreateLog;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DeleteLog;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.LogCreated;
import dev.shardstream.schemas.event.LogDeleted;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.RegisterSchema;
import dev.shardstream.schemas.event.RuleWritten;
import dev.shardstream.schemas.event.SchemaReached;
import dev.shardstream.schemas.event.SchemaRegistered;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.WriteRule;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import dev.shardstream.streams.task.Tasks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two nodes and a provisioner that do everything that they are told, at a moment that the seed
 * says. Built for speed: one world sees thousands of events in a few milliseconds.
 */
final class DdlWorld {
  private static final Limits LIMITS = Limits.defaults();
  private static final List<String> NODES = List.of("a", "b");

  private record Adoption(String tableId, int shardId, String nodeId) {}

  private final List<Decision> journal = new ArrayList<>();
  private DatabaseState state = new DatabaseState("shop");
  private final Random random;
  private final Cluster cluster;
  private final List<Object> work = new ArrayList<>();
  private final Set<Adoption> adoptions = new HashSet<>();
  private final Map<String, DdlResult> results = new HashMap<>();
  private final Map<String, List<SchemaVersion>> history = new TreeMap<>();
  private long now = 1_000_000;

  DdlWorld(Random random) {
    this.random = random;
    TreeMap<String, Cluster.Seen> nodes = new TreeMap<>();
    for (String id : NODES) {
      Node node = new Node(id, id, "http://" + id, NodeState.UP, 1L, 1L, 1L, List.of());
      // They have only just started: nobody expects them to name their shards.
      nodes.put(id, new Cluster.Seen(node, 0, true, 0));
    }
    cluster = new Cluster(1_000_000, nodes);
  }

  /**
   * A command is delivered.
   *
   * @param at timestamp of its record
   */
  void deliver(DdlCommand command, long at) {
    decide(new Event.CommandReceived(command, at));
  }

  /** Something that was under way is done. */
  boolean doOne() {
    if (work.isEmpty()) {
      return false;
    }
    int last = work.size() - 1;
    Collections.swap(work, random.nextInt(work.size()), last);
    Object next = work.remove(last);
    if (next instanceof Adoption adoption) {
      adopt(adoption);
    } else if (next instanceof ShardTask task) {
      report(task.getNodeId(), task.getTaskId(), task.getAttempt(), task.getTableId(), done());
    } else {
      provision((ProvisionTask) next);
    }
    return true;
  }

  private static TaskDone done() {
    return new TaskDone(null);
  }

  /** What the shard has is what the catalog says when it looks. */
  private void adopt(Adoption adoption) {
    adoptions.remove(adoption);
    Table table = state.table(adoption.tableId()).orElse(null);
    if (table != null) {
      List<Integer> indexes =
          table.getIndexes().stream()
              .filter(i -> i.getStatus() != IndexStatus.FAILED)
              .map(Index::getId)
              .toList();
      report(
          adoption.nodeId(),
          "",
          1,
          adoption.tableId(),
          new SchemaReached(adoption.shardId(), table.getSchemaVersion(), indexes));
    }
  }

  private void provision(ProvisionTask task) {
    Object what = task.getTask();
    Object result;
    if (what instanceof CreateLog) {
      result = new LogCreated(1);
    } else if (what instanceof DeleteLog) {
      result = new LogDeleted();
    } else if (what instanceof RegisterSchema) {
      result = new SchemaRegistered(1);
    } else {
      WriteRule write = (WriteRule) what;
      result =
          new RuleWritten(
              write.getRule().getRuleId(),
              write.getRule().getEnforced(),
              Collections.nCopies(write.getPartitions(), 1L));
    }
    report(Tasks.PROVISIONER, task.getTaskId(), task.getAttempt(), task.getTableId(), result);
  }

  private void report(String by, String taskId, int attempt, String tableId, Object what) {
    decide(
        new Event.TaskReported(new TaskEvent(taskId, attempt, by, by, "shop", tableId, now, what)));
  }

  void tick() {
    now += 200;
    decide(new Event.Tick());
  }

  private void decide(Event event) {
    now++;
    List<Decision> decisions = Coordinator.decide(state, event, new Moment(now, cluster), LIMITS);
    journal.addAll(decisions);
    for (Decision decision : decisions) {
      if (decision instanceof Decision.ShardTaskIssued issued) {
        work.add(issued.task());
      } else if (decision instanceof Decision.ProvisionTaskIssued issued) {
        work.add(issued.task());
      } else if (decision instanceof Decision.TableStored stored) {
        adoptLater(stored.table().getTableId());
      } else if (decision instanceof Decision.TopologyStored stored) {
        adoptLater(stored.topology().getTableId());
      } else if (decision instanceof Decision.ResultStored stored) {
        results.put(stored.result().getCommandId(), stored.result());
      } else if (decision instanceof Decision.VersionRecorded recorded) {
        history
            .computeIfAbsent(recorded.version().getTableId(), t -> new ArrayList<>())
            .add(recorded.version());
      }
    }
  }

  private void adoptLater(String tableId) {
    state
        .topology(tableId)
        .ifPresent(
            topology -> {
              for (Shard shard : topology.getShards()) {
                Adoption adoption = new Adoption(tableId, shard.getId(), shard.getNodeId());
                if (adoptions.add(adoption)) {
                  work.add(adoption);
                }
              }
            });
  }

  /** The control plane is killed and reads its state back. */
  void restart() {
    state = new DatabaseState("shop");
    journal.forEach(state::apply);
  }

  /** Everything under way is done, and time passes where something waits for it. */
  void settle() {
    for (int quiet = 0; quiet < 20 && state.isInMotion(); quiet++) {
      while (doOne()) {
        quiet = 0;
      }
      tick();
    }
  }

  DatabaseState state() {
    return state;
  }

  /** The last result of each command. */
  Map<String, DdlResult> results() {
    return results;
  }

  /** The versions of each table in the order in which they were recorded. */
  Map<String, List<SchemaVersion>> history() {
    return history;
  }
}
