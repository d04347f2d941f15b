package dev.shardstream.worker.verify;

import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import dev.shardstream.worker.shard.TableShape;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
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
import java.util.concurrent.Semaphore;
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

  private static final int MOST_ARMED = 4_096;
  private static final int KEYS_PER_EVENT = 2_000;

  private static final Duration PROGRESS = Duration.ofSeconds(5);

  private final ExecutorService threads;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("digest-progress"));

  /** Those that wait for a thread, or are being digested. */
  private final Set<Sight> sights = ConcurrentHashMap.newKeySet();

  private final Semaphore snapshots = new Semaphore(MOST_SNAPSHOTS);
  private final Counter digested;
  private final Map<Armament, ArmedFence> armed = new LinkedHashMap<>();

  private record Armament(ShardRef shard, String fenceId) {}

  /** A snapshot of a shard at a fence, and the table's shape in it. */
  private record Sight(
      ShardFile file,
      TableShape shape,
      Connection reader,
      ArmedFence fence,
      Map<Integer, Long> offsets,
      Positions positions) {}

  /**
   * @param threads digests that are computed at the same time
   */
  public Verifier(int threads, MeterRegistry metrics) {
    this(threads, PROGRESS, metrics);
  }

  Verifier(int threads, Duration progress, MeterRegistry metrics) {
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

  /** From now on the shard stops for a digest when it meets the fence. Safe to repeat. */
  public synchronized void arm(ShardRef shard, ArmedFence fence) {
    armed.put(new Armament(shard, fence.fenceId()), fence);
    if (armed.size() > MOST_ARMED) {
      Armament oldest = armed.keySet().iterator().next();
      armed.remove(oldest);
      LOG.warn("verify.forgotten shard={} fence={}", oldest.shard(), oldest.fenceId());
    }
  }

  /** Forgets the fences of a shard; what is being digested ends without an answer. */
  public synchronized void disarm(ShardRef shard) {
    armed.keySet().removeIf(armament -> armament.shard().equals(shard));
    sights.removeIf(sight -> sight.file().ref().equals(shard));
  }

  public synchronized boolean isArmed(ShardRef shard, String fenceId) {
    return armed.containsKey(new Armament(shard, fenceId));
  }

  private synchronized Optional<ArmedFence> armed(ShardRef shard, String fenceId) {
    return Optional.ofNullable(armed.get(new Armament(shard, fenceId)));
  }

  /**
   * Opens a snapshot of a shard that stands at a fence, and has it digested. To be called by the
   * shard's owner thread; waits while too many snapshots are open.
   *
   * @param offsets by partition, the fence's offset
   * @param positions the shard's positions as committed
   */
  public void reached(
      ShardFile file, String fenceId, Map<Integer, Long> offsets, Positions positions)
      throws SQLException {
    Optional<ArmedFence> fence = armed(file.ref(), fenceId);
    if (fence.isEmpty()) {
      return;
    }
    snapshots.acquireUninterruptibly();
    boolean handedOver = false;
    Connection reader = file.openReader();
    try {
      openSnapshot(reader);
      Sight sight = new Sight(file, file.shape(), reader, fence.get(), offsets, positions);
      // Whoever wrote another fence does not wait for the one before any more.
      sights.removeIf(
          each -> each.file().ref().equals(file.ref()) && !each.fence().fenceId().equals(fenceId));
      sights.add(sight);
      threads.execute(() -> sight.fence().scope().run(() -> digest(sight)));
      handedOver = true;
    } catch (RejectedExecutionException stopping) {
      LOG.info("verify.skipped shard={} fence={} reason=stopping", file.ref(), fenceId);
    } finally {
      if (!handedOver) {
        snapshots.release();
        reader.close();
      }
    }
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
    try (Connection reader = sight.reader()) {
      TableDigest digest =
          new TableDigest(reader, sight.shape(), sight.file().definition().range());
      for (Map.Entry<Integer, Long> fence : sight.offsets().entrySet()) {
        digest(sight, digest, fence.getKey(), fence.getValue());
      }
      LOG.info(
          sights.contains(sight)
              ? "verify.digested shard={} fence={} offsets={}"
              : "verify.abandoned shard={} fence={} offsets={}",
          sight.file().ref(),
          sight.fence().fenceId(),
          sight.offsets());
    } catch (SQLException | RuntimeException failure) {
      LOG.error(
          "verify.failed shard={} fence={}", sight.file().ref(), sight.fence().fenceId(), failure);
      sight.file().noticed(failure);
      sight.fence().failures().accept(FileFailure.explained(sight.file().path(), failure));
    } finally {
      sights.remove(sight);
      snapshots.release();
    }
  }

  private void digest(Sight sight, TableDigest digest, int partition, long offset)
      throws SQLException {
    List<Digest> digests = new ArrayList<>();
    List<KeyHash> keys = new ArrayList<>();
    for (Positions.Held held : sight.positions().held()) {
      if (!sights.contains(sight)) {
        return;
      }
      // A virtual shard of which anything was copied from behind the fence has nothing to say.
      if (held.partition() != partition
          || sight.positions().of(held.virtualShard()).isEmpty()
          || held.nextOffset() != offset + 1
          || !sight.fence().virtualShards().contains(held.virtualShard())) {
        continue;
      }
      digests.add(
          sight.fence().listKeys()
              ? digest.listing(
                  held.virtualShard(), key -> addKey(sight, partition, offset, keys, key))
              : digest.of(held.virtualShard()));
    }
    digested.increment(digests.size());
    if (!digests.isEmpty()) {
      sight.fence().answers().accept(event(sight, partition, offset, digests, keys));
    }
  }

  private static void addKey(
      Sight sight, int partition, long offset, List<KeyHash> keys, KeyHash key) {
    if (keys.size() == KEYS_PER_EVENT) {
      sight.fence().answers().accept(event(sight, partition, offset, List.of(), List.copyOf(keys)));
      keys.clear();
    }
    keys.add(key);
  }

  private static ShardDigests event(
      Sight sight, int partition, long offset, List<Digest> digests, List<KeyHash> keys) {
    return new ShardDigests(
        sight.file().ref().shardId(),
        sight.fence().fenceId(),
        partition,
        offset,
        sight.shape().table().getSchemaVersion(),
        digests,
        keys);
  }

  /** Stops; digests in hand are not finished. */
  @Override
  public void close() {
    ticks.shutdownNow();
    sights.clear();
    threads.shutdownNow();
  }
}
