package dev.shardstream.worker.verify;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the digests of this node. The applier's thread opens the snapshot at the fence and goes on;
 * a thread of the verifier reads it.
 */
public final class Verifier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  /** Open snapshots keep the write-ahead logs from being reset, so there are few. */
  private static final int MOST_SNAPSHOTS = 32;

  /** An applier stands still while it waits: no longer than this when none is given back at all. */
  private static final Duration SNAPSHOT_WAIT = Duration.ofMinutes(1);

  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final int MOST_ARMED = 4_096;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final ExecutorService threads;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("digest-progress"));

  /** Those that wait for a thread, or are being digested. */
  private final Set<Sight> sights = ConcurrentHashMap.newKeySet();

  private final SnapshotPlaces places;
  private final Counter digested;
  private final Map<Armament, ArmedFence> armed = new LinkedHashMap<>();

  /** The fence of each shard that was armed last, the only one that anybody waits for. */
  private final Map<ShardRef, String> newest = new HashMap<>();

  private volatile boolean closed;

  private record Armament(ShardRef shard, String fenceId) {}

  /**
   * @param threads digests that are computed at the same time
   */
  public Verifier(int threads, MeterRegistry metrics) {
    this(threads, new SnapshotPlaces(MOST_SNAPSHOTS, SNAPSHOT_WAIT), PROGRESS, metrics);
  }

  Verifier(int threads, SnapshotPlaces places, Duration progress, MeterRegistry metrics) {
    this.places = places;
    this.threads = Executors.newFixedThreadPool(threads, DaemonThreads.named("digest"));
    this.digested = WorkerMetric.DIGESTS.counter(metrics);
    ticks.scheduleWithFixedDelay(
        this::tell, progress.toMillis(), progress.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A digest of many rows, or of many shards, takes longer than anybody waits for in silence. */
  private void tell() {
    for (Sight sight : sights) {
      try {
        sight.fence().scope().run(sight.fence().progress()::run);
      } catch (RuntimeException failure) {
        LOG.warn("verify.progress.failed shard={}", sight.file().ref(), failure);
      }
    }
  }

  /**
   * From now on the shard stops for a digest when it meets the fence, and for no earlier one:
   * whoever wrote another fence does not wait for the one before any more. Safe to repeat, also
   * late.
   */
  public synchronized void arm(ShardRef shard, ArmedFence fence) {
    boolean isNew = armed.put(new Armament(shard, fence.fenceId()), fence) == null;
    if (isNew) {
      newest.put(shard, fence.fenceId());
      sights.removeIf(
          sight -> sight.isOf(shard) && !sight.fence().fenceId().equals(fence.fenceId()));
    }
    if (armed.size() > MOST_ARMED) {
      Armament oldest = armed.keySet().iterator().next();
      armed.remove(oldest);
      LOG.warn("verify.forgotten shard={} fence={}", oldest.shard(), oldest.fenceId());
    }
  }

  /** Forgets the fences of a shard; what is being digested ends without an answer. */
  public synchronized void disarm(ShardRef shard) {
    armed.keySet().removeIf(armament -> armament.shard().equals(shard));
    newest.remove(shard);
    sights.removeIf(sight -> sight.isOf(shard));
  }

  /** Whether the shard is to stop at the fence, because somebody waits for its digest there. */
  public boolean isArmed(ShardRef shard, String fenceId) {
    return awaited(shard, fenceId).isPresent();
  }

  private synchronized Optional<ArmedFence> awaited(ShardRef shard, String fenceId) {
    return Optional.ofNullable(armed.get(new Armament(shard, fenceId)))
        .filter(fence -> fenceId.equals(newest.get(shard)));
  }

  /**
   * Opens a snapshot of a shard that stands at a fence, and has it digested. To be called by the
   * shard's owner thread; waits while too many snapshots are open. Whatever goes wrong is told to
   * who waits for the fence, and is no reason for the shard not to go on.
   *
   * @param offsets by partition, the fence's offset
   * @param positions the shard's positions as committed
   */
  public void reached(
      ShardFile file, String fenceId, Map<Integer, Long> offsets, Positions positions) {
    Optional<ArmedFence> fence = awaited(file.ref(), fenceId);
    if (fence.isEmpty()) {
      return;
    }
    try {
      if (!places.acquire(file.ref(), () -> !closed && isArmed(file.ref(), fenceId))) {
        LOG.info("verify.skipped shard={} fence={} reason=stopping", file.ref(), fenceId);
      } else if (!isBegun(file, fence.get(), offsets, positions)) {
        places.giveBack();
      }
    } catch (ShardstreamException tooMany) {
      failed(file, fence.get(), tooMany);
    }
  }

  /** Whether a thread digests it, and gives the snapshot back then. */
  private boolean isBegun(
      ShardFile file, ArmedFence fence, Map<Integer, Long> offsets, Positions positions) {
    try {
      begin(file, fence, offsets, positions);
      return true;
    } catch (RejectedExecutionException stopping) {
      LOG.info("verify.skipped shard={} fence={} reason=stopping", file.ref(), fence.fenceId());
    } catch (SQLException | RuntimeException failure) {
      failed(file, fence, failure);
    }
    return false;
  }

  private void begin(
      ShardFile file, ArmedFence fence, Map<Integer, Long> offsets, Positions positions)
      throws SQLException {
    Connection reader = file.openReader();
    try {
      openSnapshot(reader);
      Sight sight = new Sight(file, file.shape(), reader, fence, offsets, positions);
      sights.add(sight);
      threads.execute(() -> fence.scope().run(() -> digest(sight)));
    } catch (SQLException | RuntimeException failure) {
      reader.close();
      throw failure;
    }
  }

  private static void failed(ShardFile file, ArmedFence fence, Exception failure) {
    LOG.error("verify.failed shard={} fence={}", file.ref(), fence.fenceId(), failure);
    file.noticed(failure);
    fence.failures().accept(FileFailure.explained(file.path(), failure));
  }

  /** A read transaction begins with its first read (https://sqlite.org/isolation.html). */
  private static void openSnapshot(Connection reader) throws SQLException {
    try (Statement statement = reader.createStatement()) {
      statement.execute("BEGIN");
      try (ResultSet row = statement.executeQuery("SELECT count(*) FROM _positions")) {
        row.next();
      }
    }
  }

  private void digest(Sight sight) {
    try (sight) {
      digested.increment(sight.digest(() -> sights.contains(sight)));
      LOG.info(
          sights.contains(sight)
              ? "verify.digested shard={} fence={} offsets={}"
              : "verify.abandoned shard={} fence={} offsets={}",
          sight.file().ref(),
          sight.fence().fenceId(),
          sight.offsets());
    } catch (SQLException | RuntimeException failure) {
      failed(sight.file(), sight.fence(), failure);
    } finally {
      sights.remove(sight);
      places.giveBack();
    }
  }

  /** Stops, and waits until the snapshots are closed; digests in hand are not finished. */
  @Override
  public void close() {
    closed = true;
    ticks.shutdownNow();
    List<Runnable> waiting = threads.shutdownNow();
    sights.clear();
    // Nobody wants these any more, so each does no more than close its snapshot.
    waiting.forEach(Runnable::run);
    try {
      if (!threads.awaitTermination(STOP_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("verify.close.slow waited_s={}", STOP_LIMIT.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
