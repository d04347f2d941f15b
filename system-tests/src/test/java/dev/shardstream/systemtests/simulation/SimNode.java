package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A machine that shards are put on: a disk, a queue of tasks in Kafka, and a worker process that
 * can be killed, frozen and started again. A lock on the disk lets one process in at a time.
 */
final class SimNode {
  /** As configured by default: the control plane knows what was, not what is. */
  private static final long HEARTBEAT_MILLIS = 1_000;

  private final World world;
  private final String id;
  private final Map<String, SimFile> files = new TreeMap<>();
  private final Set<String> dropped = new HashSet<>();
  private final List<ShardTask> queue = new ArrayList<>();
  private int committedTask;
  private int incarnations;
  private boolean frozen;
  private @Nullable SimWorker worker;
  private @Nullable SimWorker unlocked;
  private @Nullable Node lastHeartbeat;
  private long nextHeartbeat;

  SimNode(World world, String id) {
    this.world = world;
    this.id = id;
  }

  String id() {
    return id;
  }

  Map<String, SimFile> files() {
    return files;
  }

  Optional<ShardContent> content(ShardRef ref) {
    return Optional.ofNullable(files.get(ref.toString())).map(SimFile::content);
  }

  /** Marks of shards that were dropped and must not come back. */
  Set<String> dropped() {
    return dropped;
  }

  void issue(ShardTask task) {
    queue.add(task);
  }

  /** The tasks that were ever issued to it, in order. */
  List<ShardTask> queue() {
    return queue;
  }

  int committedTask() {
    return committedTask;
  }

  void commitTask(int next) {
    committedTask = next;
  }

  boolean isIdle() {
    return worker != null && !frozen && worker.isIdle();
  }

  boolean isUp() {
    return worker != null;
  }

  boolean isFrozen() {
    return frozen;
  }

  /** The process, when it runs and is not frozen. */
  Optional<SimWorker> running() {
    return frozen ? Optional.empty() : Optional.ofNullable(worker);
  }

  /** A process starts, unless another one holds the disk. */
  void start() {
    if (worker != null && !(frozen && world.has(Mutant.STALE_OWNER_WRITES))) {
      return;
    }
    unlocked = worker;
    frozen = false;
    incarnations++;
    worker = new SimWorker(world, this, id + "-" + incarnations);
    worker.open();
    world.note("node " + id + " started as " + id + "-" + incarnations);
  }

  /** SIGKILL: what is in memory is gone, and some of what was not sent yet. */
  void kill() {
    if (worker != null) {
      world.note("node " + id + " killed");
      worker.close();
      worker = null;
      unlocked = null;
      frozen = false;
      world.events().loseUnsent(id);
    }
  }

  /** The machine loses its power. */
  void cutPower() {
    kill();
    world.note("node " + id + " lost its power");
    // Damage that a write has mended, and that came back without that write, would be a second one.
    files.forEach(
        (ref, file) -> {
          if (!world.checker().isDamaged(ref)) {
            file.loseUnsynced(world.dice());
          }
        });
  }

  /** The disk is replaced by an empty one; what Kafka knows of the node stays. */
  void loseDisk() {
    kill();
    world.note("node " + id + " lost its disk");
    world.checker().lostItsDisk(id);
    files.clear();
    dropped.clear();
  }

  /** SIGSTOP, or SIGCONT. */
  void freeze(boolean stop) {
    if (worker != null && frozen != stop) {
      world.note("node " + id + (stop ? " frozen" : " goes on"));
      frozen = stop;
    }
  }

  /** Lets the process do some of what it has to do. It may be killed on the way. */
  void work() {
    try {
      if (unlocked != null && world.dice().oneIn(3)) {
        unlocked.applyAll();
      }
      if (worker != null && !frozen) {
        worker.work();
      }
    } catch (SimWorker.Killed here) {
      kill();
    }
  }

  /** The last heartbeat that Kafka has; the process sends another one first when it is time. */
  Optional<Node> heartbeat() {
    if (worker != null && !frozen && (lastHeartbeat == null || world.now() >= nextHeartbeat)) {
      lastHeartbeat = worker.heartbeat();
      nextHeartbeat = world.now() + HEARTBEAT_MILLIS;
    }
    return Optional.ofNullable(lastHeartbeat);
  }
}
