package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateLog;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DeleteLog;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.FencesWritten;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.KeyHash;
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
import dev.shardstream.schemas.event.SchemaReached;
import dev.shardstream.schemas.event.SchemaRegistered;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.event.WriteFences;
import dev.shardstream.schemas.event.WriteRule;
import dev.shardstream.streams.task.Tasks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Nodes and a provisioner that do what tasks say at once, in memory. Every virtual shard has one
 * row whose key is its number, so that digests can be told; a test plants what shall differ.
 */
public final class FakeNodes {
  private static final long ENOUGH_BYTES = 1L << 40;

  private record Place(String tableId, int shardId) {}

  private record Armed(ShardTask task, VerifyShard verify) {}

  private record FakeShard(ShardState state, Table table, @Nullable KeyRange range) {
    List<Integer> indexes() {
      return table.getIndexes().stream()
          .filter(i -> i.getStatus() != IndexStatus.FAILED)
          .map(Index::getId)
          .toList();
    }
  }

  private static final class FakeNode {
    private int incarnation = 1;
    private boolean up = true;
    private boolean follows = true;
    private NodeState state = NodeState.UP;
    private final Map<Place, FakeShard> shards = new HashMap<>();
    private final Map<Place, Armed> armed = new HashMap<>();
    private final Set<Place> dropped = new HashSet<>();
  }

  private final Map<String, FakeNode> nodes = new TreeMap<>();
  private final Map<String, Integer> partitions = new HashMap<>();
  private final Map<Place, Set<Integer>> corrupt = new HashMap<>();
  private final Map<String, Table> catalog = new HashMap<>();
  private final Map<String, Set<String>> rules = new HashMap<>();
  private final Map<Place, TaskFailed> broken = new HashMap<>();
  private @Nullable String registryRefusal;
  private @Nullable TaskFailed logFailure;
  private final Map<Place, Long> lags = new HashMap<>();
  private final Map<Place, Integer> repairs = new HashMap<>();
  private final Map<String, Long> freeBytes = new HashMap<>();
  private long offset = 100;
  private long lag = 0;
  private long rows = 1;
  private long bytes = 1;
  private boolean repairsHelp = true;
  private boolean catchUp = true;
  private FakeRows rangeRows = new FakeRows(IntStream.generate(() -> 1).limit(300).toArray());

  public FakeNodes(String... ids) {
    for (String id : ids) {
      nodes.put(id, new FakeNode());
    }
  }

  public void lag(long lag) {
    this.lag = lag;
  }

  /** Lets one shard lag in its own way. */
  public void lag(String tableId, int shardId, long shardLag) {
    lags.put(new Place(tableId, shardId), shardLag);
  }

  /** What every shard says of its size. */
  public void size(long rowsEach, long bytesEach) {
    rows = rowsEach;
    bytes = bytesEach;
  }

  /** What a node says of its file system. */
  public void freeBytes(String id, long free) {
    freeBytes.put(id, free);
  }

  /** What RANGE tables hold; else one row for each of the shard keys 0 to 299. */
  void rangeRows(FakeRows held) {
    rangeRows = held;
  }

  /** Whether virtual shards that are copied again are equal afterwards. */
  public void repairsHelp(boolean help) {
    repairsHelp = help;
  }

  /** Plants a difference in one virtual shard of one shard. */
  public void corrupt(String tableId, int shardId, int virtualShard) {
    corrupt.computeIfAbsent(new Place(tableId, shardId), p -> new HashSet<>()).add(virtualShard);
  }

  /** Takes back all differences. */
  public void mend() {
    corrupt.clear();
  }

  /** The version that a shard's table has, wherever the shard is; 0 for none. */
  public int version(String tableId, int shardId) {
    return nodes.values().stream()
        .map(n -> n.shards.get(new Place(tableId, shardId)))
        .filter(Objects::nonNull)
        .mapToInt(s -> s.table().getSchemaVersion())
        .findFirst()
        .orElse(0);
  }

  /** The rules that hold at the end of a table's log. */
  public Set<String> rulesInForce(String tableId) {
    return rules.getOrDefault(tableId, Set.of());
  }

  /** Plants rows that break every rule which is checked in one shard. */
  public void breakRules(String tableId, int shardId, String code, String message) {
    broken.put(new Place(tableId, shardId), new TaskFailed(code, message, false));
  }

  /** Takes back all rows that break rules. */
  public void mendRules() {
    broken.clear();
  }

  /** Lets the registry refuse every version for a reason; null lets it take them. */
  public void refuseSchemas(@Nullable String reason) {
    registryRefusal = reason;
  }

  /** Lets every creation and deletion of a log fail, a deletion not for good; null for neither. */
  public void failLogs(@Nullable TaskFailed failure) {
    logFailure = failure;
  }

  /** Lets a node follow the catalog, or stay with what it has; what its shards tell. */
  public List<TaskEvent> follow(String id, boolean follows) {
    nodes.get(id).follows = follows;
    return catalog.values().stream().flatMap(t -> adopt(id, t).stream()).toList();
  }

  /** A table in the catalog; what the shards tell that have reached it. */
  public List<TaskEvent> catalog(Table table) {
    catalog.put(table.getTableId(), table);
    return nodes.keySet().stream().flatMap(id -> adopt(id, table).stream()).toList();
  }

  private List<TaskEvent> adopt(String id, Table table) {
    FakeNode node = nodes.get(id);
    List<TaskEvent> reached = new ArrayList<>();
    if (node.up && node.follows) {
      for (Map.Entry<Place, FakeShard> entry : node.shards.entrySet()) {
        Place place = entry.getKey();
        FakeShard before = entry.getValue();
        if (place.tableId().equals(table.getTableId())) {
          FakeShard after = new FakeShard(before.state(), table, before.range());
          entry.setValue(after);
          if (before.table().getSchemaVersion() != table.getSchemaVersion()
              || !before.indexes().equals(after.indexes())) {
            reached.add(reached(id, place, after));
          }
        }
      }
    }
    return reached;
  }

  private TaskEvent reached(String id, Place place, FakeShard shard) {
    return new TaskEvent(
        "",
        0,
        id,
        id + "-" + nodes.get(id).incarnation,
        shard.table().getDatabase(),
        place.tableId(),
        0L,
        new SchemaReached(place.shardId(), shard.table().getSchemaVersion(), shard.indexes()));
  }

  public void kill(String id) {
    nodes.get(id).up = false;
    nodes.get(id).armed.clear();
  }

  public void restart(String id) {
    nodes.get(id).incarnation++;
    nodes.get(id).armed.clear();
    nodes.get(id).up = true;
    catalog.values().forEach(table -> adopt(id, table));
  }

  /** A node starts again with an empty disk. */
  public void loseDisk(String id) {
    nodes.get(id).shards.clear();
    nodes.get(id).dropped.clear();
    restart(id);
  }

  /** What a node has made anew is at the end of its log. */
  public void catchUp(String id) {
    nodes
        .get(id)
        .shards
        .replaceAll(
            (place, shard) ->
                shard.state() == ShardState.FAILED
                    ? new FakeShard(ShardState.APPLYING, shard.table(), shard.range())
                    : shard);
  }

  /** One more node. */
  public void add(String id) {
    nodes.put(id, new FakeNode());
  }

  /** A node says from here on that it stops. */
  public void leave(String id) {
    nodes.get(id).state = NodeState.LEAVING;
  }

  public boolean isUp(String id) {
    return nodes.get(id).up;
  }

  public List<String> ids() {
    return List.copyOf(nodes.keySet());
  }

  /** Shards that some node has, like {@code shop-orders-1/0}. */
  public Set<String> shards() {
    Set<String> names = new HashSet<>();
    nodes
        .values()
        .forEach(n -> n.shards.keySet().forEach(p -> names.add(p.tableId() + "/" + p.shardId())));
    return names;
  }

  /** The heartbeats of the nodes that are up; what is made anew has caught up by the next one. */
  public List<Node> heartbeats(long now) {
    List<Node> heartbeats =
        nodes.entrySet().stream()
            .filter(e -> e.getValue().up)
            .map(e -> heartbeat(e.getKey(), e.getValue(), now))
            .toList();
    if (catchUp) {
      ids().stream().filter(this::isUp).forEach(this::catchUp);
    }
    return heartbeats;
  }

  /** Lets what is made anew wait for {@link #catchUp(String)}. */
  public void holdWhatIsMadeAnew() {
    catchUp = false;
  }

  private Node heartbeat(String id, FakeNode node, long now) {
    List<ShardReport> reports = new ArrayList<>();
    node.shards.forEach(
        (place, shard) ->
            reports.add(
                ShardReport.newBuilder()
                    .setTableId(place.tableId())
                    .setShardId(place.shardId())
                    .setState(shard.state())
                    .setSchemaVersion(shard.table().getSchemaVersion())
                    .setIndexes(shard.indexes())
                    .setRows(rows)
                    .setBytes(bytes)
                    .setAppliedChanges(0)
                    .setPartitions(List.of(partition(place)))
                    .build()));
    return new Node(
        id,
        id + "-" + node.incarnation,
        "http://" + id,
        node.state,
        now,
        freeBytes.getOrDefault(id, ENOUGH_BYTES),
        ENOUGH_BYTES,
        reports);
  }

  private PartitionLag partition(Place place) {
    return new PartitionLag(0, offset - lags.getOrDefault(place, lag), offset);
  }

  /** Does a task; what it reports. A node that is down reports nothing. */
  public List<TaskEvent> perform(ShardTask task) {
    FakeNode node = nodes.get(task.getNodeId());
    if (!node.up) {
      return List.of();
    }
    if (task.getTask() instanceof CreateShard create) {
      Place place = new Place(task.getTableId(), create.getShardId());
      if (!node.dropped.contains(place)) {
        node.shards.computeIfPresent(
            place,
            (p, s) -> s.state() == ShardState.COPYING && create.getFromLogStart() ? null : s);
        node.shards.putIfAbsent(
            place,
            new FakeShard(
                state(create, task.getNodeId() + "-" + node.incarnation),
                node.follows
                    ? catalog.getOrDefault(place.tableId(), create.getTable())
                    : create.getTable(),
                create.getRange()));
      }
      return List.of(event(task, new TaskDone(null)));
    } else if (task.getTask() instanceof CopyShard copy) {
      return copied(task, node, copy);
    } else if (task.getTask() instanceof VerifyShard verify) {
      node.armed.put(new Place(task.getTableId(), verify.getShardId()), new Armed(task, verify));
      return List.of(event(task, new TaskStarted()));
    } else if (task.getTask() instanceof SampleKeys sample) {
      FakeShard shard = node.shards.get(new Place(task.getTableId(), sample.getShardId()));
      return shard == null || shard.range() == null
          ? List.of(event(task, new TaskFailed("INTERNAL", "no such shard", true)))
          : List.of(
              event(task, rangeRows.sample(sample.getShardId(), shard.range(), sample.getParts())));
    } else if (task.getTask() instanceof CheckRule check) {
      TaskFailed failure = broken.get(new Place(task.getTableId(), check.getShardId()));
      boolean fails = failure != null && check.getRule().getEnforced();
      return List.of(event(task, fails ? failure : new TaskDone(null)));
    }
    Place place = new Place(task.getTableId(), ((DropShard) task.getTask()).getShardId());
    node.shards.remove(place);
    node.dropped.add(place);
    return List.of(event(task, new TaskDone(null)));
  }

  /** One that may have been made before serves when it has caught up. */
  private static ShardState state(CreateShard create, String incarnation) {
    if (!create.getFromLogStart()) {
      return ShardState.COPYING;
    }
    return incarnation.equals(create.getServedBy()) ? ShardState.APPLYING : ShardState.FAILED;
  }

  private List<TaskEvent> copied(ShardTask task, FakeNode node, CopyShard copy) {
    Place place = new Place(task.getTableId(), copy.getShardId());
    if (copy.getPaused()) {
      return List.of(event(task, new TaskStarted()), event(task, new TaskProgress(0, 0L, 0L, 0L)));
    }
    boolean isFirst =
        copy.getRepair() > Objects.requireNonNullElse(repairs.put(place, copy.getRepair()), 0);
    if (isFirst && repairsHelp) {
      corrupt.getOrDefault(place, new HashSet<>()).removeAll(copy.getCopyAgain());
    }
    node.shards.computeIfPresent(
        place, (p, s) -> new FakeShard(ShardState.APPLYING, s.table(), s.range()));
    int count = copy.getSources().stream().mapToInt(s -> s.getVirtualShards().size()).sum();
    TaskProgress progress = new TaskProgress(count, (long) count, 0L, 7L);
    return List.of(
        event(task, new TaskStarted()), event(task, progress), event(task, new TaskDone(progress)));
  }

  /** Does a task of the provisioner; writing fences makes the armed nodes report digests too. */
  public List<TaskEvent> perform(ProvisionTask task) {
    List<TaskEvent> events = new ArrayList<>();
    Object result;
    boolean isAboutLog = task.getTask() instanceof CreateLog || task.getTask() instanceof DeleteLog;
    if (isAboutLog && logFailure != null) {
      boolean again = task.getTask() instanceof DeleteLog || logFailure.getRetriable();
      result = TaskFailed.newBuilder(logFailure).setRetriable(again).build();
    } else if (task.getTask() instanceof CreateLog create) {
      partitions.put(task.getTableId(), create.getTable().getPartitions());
      result = new LogCreated(1);
    } else if (task.getTask() instanceof DeleteLog) {
      result = new LogDeleted();
      catalog.remove(task.getTableId());
    } else if (task.getTask() instanceof RegisterSchema) {
      result =
          registryRefusal == null
              ? new SchemaRegistered(2)
              : new TaskFailed("INVALID_ARGUMENT", registryRefusal, false);
    } else if (task.getTask() instanceof WriteRule write) {
      offset += 10;
      Set<String> inForce = rules.computeIfAbsent(task.getTableId(), t -> new TreeSet<>());
      if (write.getRule().getEnforced()) {
        inForce.add(write.getRule().getRuleId());
      } else {
        inForce.remove(write.getRule().getRuleId());
      }
      result =
          new RuleWritten(
              write.getRule().getRuleId(),
              write.getRule().getEnforced(),
              Collections.nCopies(write.getPartitions(), offset));
    } else {
      WriteFences fences = (WriteFences) task.getTask();
      offset += 10;
      events.addAll(digests(task.getTableId(), fences.getFenceId()));
      result = new FencesWritten(fences.getFenceId(), List.of(offset));
    }
    events.add(
        new TaskEvent(
            task.getTaskId(),
            task.getAttempt(),
            Tasks.PROVISIONER,
            "p-1",
            task.getDatabase(),
            task.getTableId(),
            0L,
            result));
    return events;
  }

  private List<TaskEvent> digests(String tableId, String fenceId) {
    List<TaskEvent> events = new ArrayList<>();
    for (FakeNode node : nodes.values()) {
      node.armed.forEach(
          (place, armed) -> {
            if (place.tableId().equals(tableId)
                && armed.verify().getFenceId().equals(fenceId)
                && node.up
                && node.shards.containsKey(place)) {
              events.addAll(digests(place, armed));
            }
          });
    }
    return events;
  }

  private List<TaskEvent> digests(Place place, Armed armed) {
    int count = partitions.get(place.tableId());
    Map<Integer, List<Integer>> byPartition = new TreeMap<>();
    for (int v : armed.verify().getVirtualShards()) {
      byPartition
          .computeIfAbsent(VirtualShards.partitionOf(v, count), p -> new ArrayList<>())
          .add(v);
    }
    List<TaskEvent> events = new ArrayList<>();
    byPartition.forEach(
        (partition, held) ->
            events.add(event(armed.task(), digest(place, armed, partition, held))));
    return events;
  }

  private ShardDigests digest(
      Place place, Armed armed, int partition, List<Integer> virtualShards) {
    VerifyShard verify = armed.verify();
    FakeShard shard = nodes.get(armed.task().getNodeId()).shards.get(place);
    List<Digest> digests = new ArrayList<>();
    List<KeyHash> keys = new ArrayList<>();
    for (int v : virtualShards) {
      boolean differs = corrupt.getOrDefault(place, Set.of()).contains(v);
      if (shard.range() != null) {
        digests.add(rangeRows.digest(shard.range(), v, differs));
        if (verify.getListKeys()) {
          keys.addAll(rangeRows.list(shard.range(), v, differs));
        }
        continue;
      }
      ByteBuffer hash = ByteBuffer.wrap(new byte[] {(byte) v, (byte) (differs ? 1 : 0)});
      digests.add(new Digest(v, 1L, hash));
      if (verify.getListKeys()) {
        keys.add(new KeyHash(v, Integer.toString(v), hash));
      }
    }
    return new ShardDigests(
        place.shardId(),
        verify.getFenceId(),
        partition,
        offset,
        shard.table().getSchemaVersion(),
        digests,
        keys);
  }

  private TaskEvent event(ShardTask task, Object what) {
    return new TaskEvent(
        task.getTaskId(),
        task.getAttempt(),
        task.getNodeId(),
        task.getNodeId() + "-" + nodes.get(task.getNodeId()).incarnation,
        task.getDatabase(),
        task.getTableId(),
        0L,
        what);
  }
}
