package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.decide.Standing;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A shard of a process: its file, and its applier once it has one. */
final class HostedShard {
  private static final int SLOW = 120;
  private static final long TOO_OLD_FOR_A_MUTANT = 6_000;

  private final World world;
  private final SimWorker worker;
  private final SimFences fences;
  private final SimFile file;
  private final Map<Integer, Long> ends = new TreeMap<>();
  private final SimFreshness freshness;
  private Standing standing;
  private long slowUntil;
  private @Nullable Table seen;

  HostedShard(World world, SimWorker worker, SimFences fences, SimFile file) {
    this.world = world;
    this.worker = worker;
    this.fences = fences;
    this.file = file;
    this.standing = content().standing();
    this.freshness = new SimFreshness(world, ref(), standing.positions());
  }

  /** The process ends, or the shard is dropped. */
  void close() {
    freshness.close();
  }

  /** Whether its rows may be shown and told of. */
  boolean isReadable() {
    return content().serving() && !content().isCopying();
  }

  ShardContent content() {
    return Objects.requireNonNull(file.content());
  }

  ShardRef ref() {
    return content().definition().ref();
  }

  /** A transaction of whoever owns the file. */
  void commit(ShardContent next) {
    file.commit(next);
    standing = next.standing();
    freshness.committed(standing.positions());
    world.checker().contents().committed(next);
  }

  /** One virtual shard is copied. */
  void commit(ShardContent next, int virtualShard) {
    file.commit(next);
    standing = next.standing();
    freshness.committed(standing.positions());
    world.checker().contents().committed(next, List.of(virtualShard));
  }

  /** The file holds something else than was written to it. */
  void spoil(ShardContent content) {
    file.commit(content);
  }

  /** What is committed stays, even when the power is cut. */
  void sync() {
    file.sync();
  }

  /** Takes over the newest definition of its table that the process knows. */
  void adopt() {
    Table newest = worker.newest(ref().tableId());
    if (newest == null || newest == seen) {
      return;
    }
    boolean altered = content().isNews(newest);
    if (altered) {
      commit(content().adopting(newest));
    }
    if (altered || seen == null) {
      worker.schemaReached(content());
    }
    seen = newest;
  }

  /** Takes what Kafka has answered about the end of the log, and asks again. */
  void ask() {
    SimLog log = world.log(ref().tableId());
    freshness.follow(!content().isCopying());
    if (log != null && !content().isCopying()) {
      freshness.work(log);
    }
  }

  /** Its disk takes its time now and then. */
  private boolean isSlow() {
    if (world.isWild() && world.dice().oneIn(SLOW)) {
      slowUntil = world.now() + world.dice().below(6_000);
    }
    return world.isWild() && world.now() < slowUntil;
  }

  /** Lets its owner do a batch. */
  void follow() {
    if (content().isCopying()) {
      if (!worker.isCopied(ref())) {
        adopt();
      }
      return;
    }
    adopt();
    SimLog log = world.log(ref().tableId());
    if (log == null) {
      return;
    }
    if (isSlow()) {
      return;
    }
    int most = world.isWild() ? 1 + world.dice().below(24) : 200;
    List<LogEntry> entries = new ArrayList<>();
    Map<Integer, Long> reached = new TreeMap<>();
    for (Map.Entry<Integer, Long> from : standing.positions().leastByPartition().entrySet()) {
      int partition = from.getKey();
      long end = log.end(partition, world.now());
      List<LogEntry> read = log.read(partition, from.getValue(), end, most);
      entries.addAll(read);
      boolean all = read.size() < most;
      reached.put(partition, all ? end : read.get(read.size() - 1).offset() + 1);
      ends.put(partition, end);
    }
    if ((!entries.isEmpty() || moves(reached)) && meetsNeed(entries)) {
      apply(entries, reached);
    }
    if (!content().serving() && standing.positions().leastByPartition().equals(ends)) {
      commit(content().serving(true));
      world.checker().madeAnew().serves(content());
    }
  }

  private boolean moves(Map<Integer, Long> reached) {
    return reached.entrySet().stream()
        .anyMatch(
            r -> standing.positions().least(r.getKey()).orElse(Long.MAX_VALUE) < r.getValue());
  }

  /** What a batch is decided with has to be known first: columns of rules, versions of fences. */
  private boolean meetsNeed(List<LogEntry> entries) {
    Table table = content().table();
    for (LogEntry entry : entries) {
      boolean met = true;
      if (entry instanceof LogEntry.Changed changed) {
        met = table.getNextColumnId() >= changed.change().change().version().nextColumnId();
      } else if (entry instanceof LogEntry.Fenced fence && fences.isArmed(ref(), fence.fenceId())) {
        met = table.getSchemaVersion() >= fence.schemaVersion();
      } else if (entry instanceof LogEntry.Ruled ruled && ruled.rule().getEnforced()) {
        met = table.getNextColumnId() > Collections.max(ruled.rule().getColumns());
      }
      if (!met) {
        return false;
      }
    }
    return true;
  }

  private void apply(List<LogEntry> entries, Map<Integer, Long> reached) {
    boolean missesFences = world.has(Mutant.FENCE_MISSED);
    List<Segment> segments =
        Segment.cut(entries, fence -> !missesFences && fences.isArmed(ref(), fence));
    for (Iterator<Segment> each = segments.iterator(); each.hasNext(); ) {
      Segment segment = each.next();
      commit(segment, each.hasNext() ? segment.reached() : reached);
      new TreeMap<>(segment.fences())
          .values()
          .forEach(fence -> fences.reached(content(), fence, false));
      worker.mayDie();
    }
    if (missesFences) {
      entries.stream()
          .filter(LogEntry.Fenced.class::isInstance)
          .map(LogEntry.Fenced.class::cast)
          .filter(fence -> fences.isArmed(ref(), fence.fenceId()))
          .forEach(fence -> fences.reached(content(), fence, true));
    }
  }

  private void commit(Segment segment, Map<Integer, Long> reached) {
    ShardContent next = content().after(segment, reached, standing, this::isRefusedByMutant);
    if (world.has(Mutant.POSITION_OUTSIDE_THE_TRANSACTION)) {
      file.commit(next.with(standing));
      if (world.dice().oneIn(50)) {
        throw new SimWorker.Killed();
      }
    }
    commit(next);
  }

  private boolean isRefusedByMutant(LogEntry entry) {
    return world.has(Mutant.REJECTION_DECIDED_BY_THE_CLOCK)
        && entry instanceof LogEntry.Changed changed
        && changed.change().timestamp() < world.now() - TOO_OLD_FOR_A_MUTANT;
  }

  /**
   * Whether it answers a read.
   *
   * @param bound milliseconds that the answer may be behind the log, 0 for any time
   */
  boolean answers(long bound, List<Position> minPositions) {
    return content().positions().reached(minPositions) && (bound == 0 || freshness.isAsOf(bound));
  }

  ShardReport report() {
    List<PartitionLag> lags = new ArrayList<>();
    content()
        .positions()
        .leastByPartition()
        .forEach((p, at) -> lags.add(new PartitionLag(p, at, ends.getOrDefault(p, -1L))));
    return new ShardReport(
        ref().tableId(),
        ref().shardId(),
        content().serving() ? content().definition().state() : ShardState.FAILED,
        content().table().getSchemaVersion(),
        List.of(),
        content().positions().rows(),
        1_000 * content().positions().rows(),
        0L,
        lags,
        content().serving() ? null : "it is being made anew",
        null);
  }
}
