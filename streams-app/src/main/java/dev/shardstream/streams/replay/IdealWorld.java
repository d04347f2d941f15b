package dev.shardstream.streams.replay;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.CreateLog;
import dev.shardstream.schemas.event.DeleteLog;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.FencesWritten;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.LogCreated;
import dev.shardstream.schemas.event.LogDeleted;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.RegisterSchema;
import dev.shardstream.schemas.event.RuleWritten;
import dev.shardstream.schemas.event.SampleKeys;
import dev.shardstream.schemas.event.SchemaRegistered;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.event.WriteFences;
import dev.shardstream.schemas.event.WriteRule;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.task.Tasks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * As many nodes as a table can have replicas, always alive, and a provisioner, which have done
 * every task by the time it is given to them: the shards are empty, at the catalog's version, agree
 * with each other, and can be split wherever a table shall be. What a real cluster refused for
 * reasons of its own, it refuses too, where it is told.
 */
final class IdealWorld {
  private static final List<String> NODES =
      List.of(
          "ideal-a", "ideal-b", "ideal-c", "ideal-d", "ideal-e", "ideal-f", "ideal-g", "ideal-h");
  private static final long ALWAYS = Long.MAX_VALUE / 4;
  private static final long OFFSET = 1;

  private final DatabaseState state;
  private final Map<String, String> refusals;
  private final List<ShardTask> armed = new ArrayList<>();

  /**
   * @param state is looked at and never changed
   * @param refusals code by id of the commands that the world refuses
   */
  IdealWorld(DatabaseState state, Map<String, String> refusals) {
    this.state = state;
    this.refusals = refusals;
  }

  /** The nodes, as far as they hold shards of these tables. */
  Cluster cluster(Iterable<String> tableIds) {
    Map<String, List<ShardReport>> reports = new HashMap<>();
    for (String tableId : tableIds) {
      Table table = state.table(tableId).orElse(null);
      if (table != null) {
        state
            .topology(tableId)
            .ifPresent(
                topology ->
                    topology
                        .getShards()
                        .forEach(
                            shard ->
                                reports
                                    .computeIfAbsent(shard.getNodeId(), n -> new ArrayList<>())
                                    .add(report(table, shard))));
      }
    }
    SortedMap<String, Cluster.Seen> nodes = new TreeMap<>();
    for (String id : NODES) {
      Node node =
          new Node(
              id,
              id,
              "http://" + id,
              NodeState.UP,
              0L,
              0L,
              0L,
              reports.getOrDefault(id, List.of()));
      nodes.put(id, new Cluster.Seen(node, 0, true, ALWAYS));
    }
    return new Cluster(ALWAYS, nodes);
  }

  private static ShardReport report(Table table, Shard shard) {
    return new ShardReport(
        table.getTableId(),
        shard.getId(),
        ShardState.APPLYING,
        table.getSchemaVersion(),
        table.getIndexes().stream()
            .filter(index -> index.getStatus() != IndexStatus.FAILED)
            .map(Index::getId)
            .toList(),
        0L,
        0L,
        0L,
        List.of(new PartitionLag(0, OFFSET, OFFSET)),
        null,
        null);
  }

  /** Does a task of a shard; what is reported of it. */
  List<TaskEvent> perform(ShardTask task) {
    if (task.getTask() instanceof VerifyShard) {
      armed.add(task);
      return List.of(event(task, new TaskStarted()));
    }
    if (task.getTask() instanceof SampleKeys sample) {
      Topology topology = state.topology(task.getTableId()).orElseThrow();
      KeyRange range = Tables.shard(topology, sample.getShardId()).orElseThrow().getRange();
      return List.of(event(task, IdealKeys.sample(sample, Objects.requireNonNull(range))));
    }
    if (task.getTask() instanceof CheckRule check && check.getRule().getEnforced()) {
      String code =
          refusal(
              task.getTableId(),
              ErrorCode.NULLS_PRESENT.name(),
              ErrorCode.DUPLICATES_PRESENT.name());
      if (code != null) {
        return List.of(event(task, failed(code)));
      }
    }
    return List.of(event(task, new TaskDone(null)));
  }

  /** Does a task of the provisioner; what is reported, of the fences' digests too. */
  List<TaskEvent> perform(ProvisionTask task) {
    List<TaskEvent> events = new ArrayList<>();
    if (task.getTask() instanceof WriteFences fences) {
      events.addAll(digests(fences.getFenceId()));
    }
    events.add(
        new TaskEvent(
            task.getTaskId(),
            task.getAttempt(),
            Tasks.PROVISIONER,
            Tasks.PROVISIONER,
            task.getDatabase(),
            task.getTableId(),
            0L,
            outcome(task)));
    return events;
  }

  private Object outcome(ProvisionTask task) {
    Object work = task.getTask();
    if (work instanceof CreateLog) {
      String code = refusal(task.getTableId(), WorldRefusals.OF_NEW_TABLES);
      return code == null ? new LogCreated(1) : failed(code);
    } else if (work instanceof RegisterSchema) {
      String code = refusal(task.getTableId(), ErrorCode.SCHEMA_REFUSED.name());
      return code == null ? new SchemaRegistered(1) : failed(code);
    } else if (work instanceof WriteRule write) {
      return new RuleWritten(
          write.getRule().getRuleId(),
          write.getRule().getEnforced(),
          Collections.nCopies(write.getPartitions(), OFFSET));
    } else if (work instanceof WriteFences fences) {
      return new FencesWritten(fences.getFenceId(), List.of(OFFSET));
    } else if (work instanceof DeleteLog) {
      return new LogDeleted();
    }
    throw new IllegalArgumentException("Unknown work: " + work);
  }

  /** The code with which a command that runs on a table is refused, if it is one of these. */
  private @Nullable String refusal(String tableId, String... codes) {
    return state.runningOn(tableId).stream()
        .map(command -> refusals.get(command.getId()))
        .filter(code -> code != null && List.of(codes).contains(code))
        .findFirst()
        .orElse(null);
  }

  private static TaskFailed failed(String code) {
    return new TaskFailed(code, "the live cluster refused it", false);
  }

  private List<TaskEvent> digests(String fenceId) {
    List<TaskEvent> events = new ArrayList<>();
    for (ShardTask task : List.copyOf(armed)) {
      VerifyShard verify = (VerifyShard) task.getTask();
      if (verify.getFenceId().equals(fenceId)) {
        armed.remove(task);
        events.addAll(digests(task, verify));
      }
    }
    return events;
  }

  private List<TaskEvent> digests(ShardTask task, VerifyShard verify) {
    Table table = state.table(task.getTableId()).orElseThrow();
    Map<Integer, List<Digest>> byPartition = new TreeMap<>();
    for (int v : verify.getVirtualShards()) {
      byPartition
          .computeIfAbsent(
              VirtualShards.partitionOf(v, table.getPartitions()), p -> new ArrayList<>())
          .add(new Digest(v, 0L, ByteBuffer.allocate(16)));
    }
    List<TaskEvent> events = new ArrayList<>();
    byPartition.forEach(
        (partition, digests) ->
            events.add(
                event(
                    task,
                    new ShardDigests(
                        verify.getShardId(),
                        verify.getFenceId(),
                        partition,
                        OFFSET,
                        table.getSchemaVersion(),
                        digests,
                        List.of()))));
    return events;
  }

  private static TaskEvent event(ShardTask task, Object what) {
    return new TaskEvent(
        task.getTaskId(),
        task.getAttempt(),
        task.getNodeId(),
        task.getNodeId(),
        task.getDatabase(),
        task.getTableId(),
        0L,
        what);
  }
}
