package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.SampleKeys;
import dev.shardstream.schemas.event.SchemaReached;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One worker process: takes tasks, follows the catalog, applies, copies, digests, checks. */
final class SimWorker {
  private static final long DISK = 1L << 40;
  private static final int KILLED_IN_THE_MIDDLE = 1_500;

  private final World world;
  private final SimNode node;
  private final String incarnation;
  private final Map<String, HostedShard> shards = new TreeMap<>();
  private final Map<String, Table> catalog = new TreeMap<>();
  private final SimCopies copies;
  private final SimFences fences;
  private final SimChecks checks;
  private int nextTask;
  private int catalogRead;

  /** The process dies here. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  SimWorker(World world, SimNode node, String incarnation) {
    this.world = world;
    this.node = node;
    this.incarnation = incarnation;
    this.nextTask = node.committedTask();
    this.copies = new SimCopies(world, this);
    this.fences = new SimFences(world, this);
    this.checks = new SimChecks(this);
  }

  /** Opens what is on the disk; shards that were applying go on. */
  void open() {
    for (Map.Entry<String, SimFile> entry : List.copyOf(node.files().entrySet())) {
      SimFile file = entry.getValue();
      if (file.content() == null || node.dropped().contains(entry.getKey())) {
        node.files().remove(entry.getKey());
      } else {
        HostedShard shard = new HostedShard(world, this, fences, file);
        shards.put(entry.getKey(), shard);
        if (!shard.content().serving()) {
          world.checker().madeAnew().begin(shard.ref());
        }
      }
    }
  }

  /** The process is no more. */
  void close() {
    shards.values().forEach(HostedShard::close);
  }

  SimNode node() {
    return node;
  }

  Optional<HostedShard> shard(ShardRef ref) {
    return Optional.ofNullable(shards.get(ref.toString()));
  }

  /** The newest definition of a table that this process has heard of. */
  @Nullable Table newest(String tableId) {
    return catalog.get(tableId);
  }

  /** Whether a copy owns a shard's file. */
  boolean isCopied(ShardRef ref) {
    return copies.runs(ref);
  }

  boolean isIdle() {
    return nextTask == node.queue().size() && copies.isIdle() && checks.isIdle();
  }

  /** The process may be killed wherever this is called. */
  void mayDie() {
    if (world.isWild() && world.dice().oneIn(KILLED_IN_THE_MIDDLE)) {
      throw new Killed();
    }
  }

  void work() {
    followCatalog();
    takeTasks();
    List.copyOf(shards.values()).forEach(HostedShard::ask);
    applyAll();
    copies.work();
    fences.answer();
    checks.work();
  }

  void applyAll() {
    for (HostedShard shard : List.copyOf(shards.values())) {
      if (!world.isWild() || !world.dice().oneIn(4)) {
        shard.follow();
      }
    }
  }

  private void followCatalog() {
    List<Table> published = world.catalog();
    int ready = published.size() - catalogRead;
    for (int i = world.isWild() ? world.dice().below(ready + 1) : ready; i > 0; i--) {
      Table table = published.get(catalogRead++);
      catalog.put(table.getTableId(), table);
    }
  }

  private void takeTasks() {
    for (int i = world.dice().below(world.isWild() ? 8 : 40);
        i > 0 && nextTask < node.queue().size();
        i--) {
      take(node.queue().get(nextTask++));
      mayDie();
    }
    if (!world.dice().oneIn(3)) {
      node.commitTask(nextTask);
    }
  }

  private void take(ShardTask task) {
    Object work = task.getTask();
    if (work instanceof CreateShard create) {
      create(task, create);
    } else if (work instanceof CopyShard copy) {
      copies.take(task, copy);
    } else if (work instanceof VerifyShard verify) {
      ShardRef ref = new ShardRef(task.getTableId(), verify.getShardId());
      if (shard(ref).filter(HostedShard::isReadable).isEmpty()) {
        stale(task, ref);
      } else {
        fences.arm(ref, task, verify);
        report(task, new TaskStarted());
      }
    } else if (work instanceof DropShard drop) {
      drop(new ShardRef(task.getTableId(), drop.getShardId()));
      report(task, new TaskDone(null));
    } else if (work instanceof CheckRule check) {
      checks.take(task, check);
    } else if (work instanceof SampleKeys sample) {
      ShardRef ref = new ShardRef(task.getTableId(), sample.getShardId());
      shard(ref)
          .filter(HostedShard::isReadable)
          .ifPresentOrElse(
              s -> report(task, Samples.of(s.content(), sample)), () -> stale(task, ref));
    } else {
      throw new IllegalStateException("No such task: " + work);
    }
  }

  private void create(ShardTask task, CreateShard create) {
    ShardRef ref = new ShardRef(task.getTableId(), create.getShardId());
    if (node.dropped().contains(ref.toString())) {
      stale(task, ref);
      return;
    }
    boolean isMadeAnew =
        create.getFromLogStart()
            && !incarnation.equals(create.getServedBy())
            && !world.has(Mutant.MADE_ANEW_SERVES_AT_ONCE);
    HostedShard there = shards.get(ref.toString());
    if (there != null && there.content().isCopying() && isMadeAnew) {
      copies.stop(ref);
      there.close();
      shards.remove(ref.toString());
    }
    if (!shards.containsKey(ref.toString())) {
      SimFile file = new SimFile();
      file.commit(
          ShardContent.created(
                  new ShardDefinition(
                      ref,
                      create.getTable(),
                      create.getVirtualShards(),
                      create.getRange() == null ? KeyRanges.ALL : create.getRange(),
                      create.getFromLogStart() ? ShardState.APPLYING : ShardState.COPYING))
              .serving(!isMadeAnew));
      file.sync();
      if (isMadeAnew) {
        world.checker().madeAnew().begin(ref);
      }
      node.files().put(ref.toString(), file);
      shards.put(ref.toString(), new HostedShard(world, this, fences, file));
    }
    report(task, new TaskDone(null));
  }

  private void drop(ShardRef ref) {
    copies.stop(ref);
    fences.disarm(ref);
    node.dropped().add(ref.toString());
    shard(ref).ifPresent(HostedShard::close);
    shards.remove(ref.toString());
    node.files().remove(ref.toString());
    world.checker().dropped(ref);
  }

  /** Answers that a shard is not, or not yet, here. */
  void stale(ShardTask task, ShardRef ref) {
    report(task, new TaskFailed("STALE_TOPOLOGY", "Shard " + ref + " is not held here", true));
  }

  void report(ShardTask task, Object event) {
    send(task.getTaskId(), task.getAttempt(), task.getDatabase(), task.getTableId(), event);
  }

  /** Tells which version of its table a shard has. */
  void schemaReached(ShardContent content) {
    send(
        "",
        0,
        content.table().getDatabase(),
        content.table().getTableId(),
        new SchemaReached(
            content.definition().ref().shardId(), content.table().getSchemaVersion(), List.of()));
  }

  private void send(String taskId, int attempt, String database, String tableId, Object event) {
    world
        .events()
        .send(
            node.id(),
            new TaskEvent(
                taskId, attempt, node.id(), incarnation, database, tableId, world.now(), event));
  }

  Node heartbeat() {
    List<ShardReport> reports = new ArrayList<>();
    shards.values().forEach(shard -> reports.add(shard.report()));
    return new Node(
        node.id(),
        incarnation,
        "http://" + node.id(),
        NodeState.UP,
        world.now(),
        DISK,
        DISK,
        reports);
  }
}
