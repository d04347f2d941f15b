package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The copies of a process: one virtual shard after the other, each in one transaction. */
final class SimCopies {
  private final World world;
  private final SimWorker worker;
  private final Map<String, Copy> running = new TreeMap<>();

  private static final class Copy {
    private ShardTask task;
    private CopyShard work;
    private final Set<String> done = new HashSet<>();
    private final Deque<Missing> left = new ArrayDeque<>();
    private @Nullable SliceCopy onItsWay;

    Copy(ShardTask task, CopyShard work) {
      this.task = task;
      this.work = work;
      goOn(work);
    }

    private void goOn(CopyShard next) {
      work = next;
      left.clear();
      for (CopySource source : next.getSources()) {
        KeyRange range = source.getRange() == null ? KeyRanges.ALL : source.getRange();
        source.getVirtualShards().forEach(v -> left.add(new Missing(source, v, range)));
      }
    }
  }

  /** A part of a virtual shard that is still to come from a source. */
  private record Missing(CopySource source, int virtualShard, KeyRange range) {
    String name() {
      return source.getShardId() + "/" + virtualShard;
    }
  }

  SimCopies(World world, SimWorker worker) {
    this.world = world;
    this.worker = worker;
  }

  boolean isIdle() {
    return running.isEmpty();
  }

  boolean runs(ShardRef ref) {
    return running.containsKey(ref.toString());
  }

  void stop(ShardRef ref) {
    running.remove(ref.toString());
  }

  /** Starts a copy; of one that runs, the newest attempt says how it goes on. */
  void take(ShardTask task, CopyShard work) {
    ShardRef ref = new ShardRef(task.getTableId(), work.getShardId());
    HostedShard shard = worker.shard(ref).orElse(null);
    if (shard == null) {
      worker.stale(task, ref);
      return;
    }
    if (work.getRepair() > shard.content().repair()) {
      stop(ref);
      shard.commit(shard.content().without(work.getCopyAgain(), work.getRepair()));
      world.checker().copiedAgain(ref, work.getCopyAgain());
    }
    if (!shard.content().isCopying()) {
      worker.report(task, new TaskDone(progress(shard)));
      return;
    }
    Copy going = running.get(ref.toString());
    if (going != null && going.task.getTaskId().equals(task.getTaskId())) {
      going.task = task;
      going.goOn(work);
      worker.report(task, progress(shard));
    } else {
      running.put(ref.toString(), new Copy(task, work));
      worker.report(task, new TaskStarted());
    }
  }

  private static TaskProgress progress(HostedShard shard) {
    return new TaskProgress(
        shard.content().positions().held().size(), shard.content().positions().rows(), 0L, 1L);
  }

  void work() {
    for (Map.Entry<String, Copy> each : List.copyOf(running.entrySet())) {
      Copy copy = each.getValue();
      ShardRef ref = new ShardRef(copy.task.getTableId(), copy.work.getShardId());
      Optional<HostedShard> shard = worker.shard(ref);
      if (shard.isEmpty()) {
        running.remove(each.getKey());
      } else {
        go(each.getKey(), shard.get(), copy);
      }
    }
  }

  private void go(String key, HostedShard shard, Copy copy) {
    int most = copy.work.getPaused() ? 0 : world.isWild() ? world.dice().below(96) : 256;
    for (int i = 0; i < most; i++) {
      SliceCopy slice = next(key, shard, copy);
      if (slice == null) {
        return;
      }
      shard.commit(slice.into(shard.content(), how()), slice.virtualShard());
      worker.mayDie();
    }
    if (world.dice().oneIn(3)) {
      worker.report(copy.task, progress(shard));
    }
  }

  private SliceCopy.How how() {
    return new SliceCopy.How(
        !world.has(Mutant.COPY_RESUMES_FROM_THE_START_WITHOUT_CLEARING),
        !world.has(Mutant.RULES_NOT_COPIED),
        !world.has(Mutant.COPY_IGNORES_THE_RANGE),
        !world.has(Mutant.ONE_POSITION_FOR_ALL_SEGMENTS));
  }

  /** The next slice; null when there is none now, or when the copy has ended one way or another. */
  private @Nullable SliceCopy next(String key, HostedShard shard, Copy copy) {
    shard.adopt();
    SliceCopy slice = copy.onItsWay;
    copy.onItsWay = null;
    if (slice == null) {
      Missing missing = missing(shard.content(), copy);
      if (missing == null) {
        end(key, shard, copy);
        return null;
      }
      int virtualShard = missing.virtualShard();
      ShardRef ref = new ShardRef(copy.task.getTableId(), missing.source().getShardId());
      Optional<ShardContent> content = fetch(missing.source(), ref);
      if (content.filter(c -> c.positions().holds(virtualShard)).isEmpty()) {
        running.remove(key);
        worker.report(copy.task, new TaskFailed("SHARD_UNREACHABLE", "Shard " + ref, true));
        return null;
      }
      copy.done.add(missing.name());
      slice = new SliceCopy(virtualShard, missing.range(), content.get());
      if (world.isWild() && world.dice().oneIn(60)) {
        copy.onItsWay = slice;
        return null;
      }
    }
    if (slice.source().table().getSchemaVersion() > shard.content().table().getSchemaVersion()) {
      return null;
    }
    return slice;
  }

  /** What is there stays there as long as this copy runs, so it is looked at once. */
  private @Nullable Missing missing(ShardContent content, Copy copy) {
    boolean fromTheStart = world.has(Mutant.COPY_RESUMES_FROM_THE_START_WITHOUT_CLEARING);
    for (; !copy.left.isEmpty(); copy.left.remove()) {
      Missing part = copy.left.element();
      List<KeyRange> missing =
          fromTheStart
              ? copy.done.contains(part.name()) ? List.of() : List.of(part.range())
              : content.positions().missing(part.virtualShard(), part.range());
      if (!missing.isEmpty()) {
        return new Missing(part.source(), part.virtualShard(), missing.get(0));
      }
    }
    return null;
  }

  /** The source as it is now; empty when its node cannot be reached or the transfer is cut off. */
  private Optional<ShardContent> fetch(CopySource source, ShardRef ref) {
    if (source.getNodeId().equals(worker.node().id())) {
      return worker.node().content(ref).filter(ShardContent::serving);
    }
    if (world.isWild() && world.dice().oneIn(1_000)) {
      return Optional.empty();
    }
    return world
        .node(source.getNodeId())
        .running()
        .flatMap(other -> other.shard(ref))
        .map(HostedShard::content)
        .filter(ShardContent::serving);
  }

  private void end(String key, HostedShard shard, Copy copy) {
    running.remove(key);
    shard.commit(shard.content().in(ShardState.APPLYING));
    world.checker().madeAnew().forget(shard.ref());
    if (!world.has(Mutant.END_OF_COPY_NOT_SYNCED)) {
      shard.sync();
    }
    worker.report(copy.task, new TaskDone(progress(shard)));
  }
}
