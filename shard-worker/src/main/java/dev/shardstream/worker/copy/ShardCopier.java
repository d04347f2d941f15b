package dev.shardstream.worker.copy;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.worker.catalog.Catalog;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the virtual shards that a target does not hold yet. What a source has of one is there
 * whole or not at all, so a copy that was cut off goes on with what is missing.
 */
public final class ShardCopier {
  private static final Logger LOG = LoggerFactory.getLogger(ShardCopier.class);

  private static final Duration SCHEMA_PATIENCE = Duration.ofSeconds(20);
  private static final Duration SCHEMA_LOOK = Duration.ofMillis(500);

  private final String nodeId;
  private final Function<ShardRef, Optional<Path>> localShards;
  private final Catalog catalog;
  private final Consumer<ShardFile> adopted;
  private final SliceClient slices;
  private final Path temporary;
  private final MeterRegistry metrics;

  /**
   * @param localShards the file of a shard of this node
   * @param adopted called after a target has taken over another definition of its table
   * @param temporary directory for slices on their way
   */
  public ShardCopier(
      String nodeId,
      Function<ShardRef, Optional<Path>> localShards,
      Catalog catalog,
      Consumer<ShardFile> adopted,
      SliceClient slices,
      Path temporary,
      MeterRegistry metrics) {
    this.nodeId = nodeId;
    this.localShards = localShards;
    this.catalog = catalog;
    this.adopted = adopted;
    this.slices = slices;
    this.temporary = temporary;
    this.metrics = metrics;
  }

  /**
   * One copy.
   *
   * @param target its file; this thread owns it until the copy ends
   * @param sources where the virtual shards are
   * @param pace how fast, and whether at all
   * @param progress counts
   * @param afterEach gets the target's positions after each virtual shard
   */
  public record Job(
      ShardFile target,
      List<CopySource> sources,
      Pace pace,
      CopyProgress progress,
      Consumer<Positions> afterEach) {}

  /** How far a copy has got when it returns. */
  public enum Outcome {
    /** The target holds every virtual shard of the sources. */
    COMPLETE,
    /** Its pace lets it copy no more at the moment. */
    HELD_UP,
    /** It was stopped. */
    STOPPED
  }

  /**
   * Copies what is missing as long as its pace lets it, then builds the table's indexes: that is
   * faster than to copy into them. It never waits for its pace, and can be called again.
   *
   * @throws ShardstreamException STALE_TOPOLOGY, SHARD_UNREACHABLE or STALE_SCHEMA; another attempt
   *     may succeed
   */
  public Outcome copy(Job job) throws SQLException, IOException {
    Positions present = PositionTable.read(job.target().writer());
    job.progress().present(whole(job.target(), present), present.rows());
    for (int virtualShard : job.target().definition().virtualShards()) {
      if (isWhole(job.target(), present, virtualShard)) {
        continue;
      }
      Outcome outcome = copyParts(job, virtualShard);
      Positions reached = PositionTable.read(job.target().writer());
      job.afterEach().accept(reached);
      if (outcome != Outcome.COMPLETE) {
        return outcome;
      }
      if (isWhole(job.target(), reached, virtualShard)) {
        job.progress().whole();
      }
    }
    adopt(job.target());
    Outcome outcome = buildIndexes(job);
    if (outcome == Outcome.COMPLETE) {
      LOG.info("copy.done shard={} progress={}", job.target().ref(), job.progress().toEvent());
    }
    return outcome;
  }

  /** An index that was being built when the copy was stopped is built by whoever copies next. */
  private Outcome buildIndexes(Job job) throws SQLException {
    if (job.pace().isStopped()) {
      return Outcome.STOPPED;
    }
    try {
      if (job.target().buildIndexes()) {
        adopted.accept(job.target());
      }
      return Outcome.COMPLETE;
    } catch (SQLException failure) {
      if (job.pace().isStopped() && FileFailure.isInterrupted(failure)) {
        LOG.info("copy.indexes.stopped shard={}", job.target().ref());
        return Outcome.STOPPED;
      }
      throw failure;
    }
  }

  private static int whole(ShardFile target, Positions present) {
    return (int)
        target.definition().virtualShards().stream()
            .filter(v -> isWhole(target, present, v))
            .count();
  }

  private static boolean isWhole(ShardFile target, Positions present, int virtualShard) {
    return present.missing(virtualShard, target.definition().range()).isEmpty();
  }

  /** Copies what the target lacks of one virtual shard, from each of the sources that have it. */
  private Outcome copyParts(Job job, int virtualShard) throws SQLException, IOException {
    for (CopySource source : job.sources()) {
      for (KeyRange part : missing(job.target(), source, virtualShard)) {
        if (job.pace().isStopped()) {
          return Outcome.STOPPED;
        }
        if (job.pace().waitNanos().orElse(Long.MAX_VALUE) > 0) {
          return Outcome.HELD_UP;
        }
        copyOne(job, source, virtualShard, part);
      }
    }
    return Outcome.COMPLETE;
  }

  /** What a target can take of a virtual shard from a source, and does not have yet. */
  private static List<KeyRange> missing(ShardFile target, CopySource source, int virtualShard)
      throws SQLException {
    Optional<KeyRange> shared =
        KeyRanges.intersection(target.definition().range(), KeyRanges.orAll(source.getRange()));
    return shared.isEmpty() || !source.getVirtualShards().contains(virtualShard)
        ? List.of()
        : PositionTable.read(target.writer(), "main", virtualShard)
            .missing(virtualShard, shared.get());
  }

  /**
   * Takes over the newest definition of a target's table, without its indexes. To be called by the
   * thread that owns the file.
   */
  public void adopt(ShardFile target) throws SQLException {
    Optional<Table> newest = catalog.newest(target.ref().tableId());
    if (newest.isPresent() && target.adopt(newest.get())) {
      adopted.accept(target);
    }
  }

  private void copyOne(Job job, CopySource source, int virtualShard, KeyRange part)
      throws SQLException, IOException {
    ShardRef shard = new ShardRef(job.target().ref().tableId(), source.getShardId());
    boolean local = source.getNodeId().equals(nodeId);
    long started = System.nanoTime();
    long rows =
        atVersion(
            job,
            () ->
                local
                    ? fromFile(job.target(), localFile(shard), shard, virtualShard, part)
                    : fromNode(job.target(), source, shard, virtualShard, part));
    long took = System.nanoTime() - started;
    job.progress().copied(rows, local, took);
    job.pace().copied(rows, took);
    WorkerMetric.COPIED_ROWS.counter(metrics, local ? "attach" : "slice").increment(rows);
    job.target().checkpointIfLarge();
  }

  @FunctionalInterface
  private interface Copying {
    long run() throws SQLException, IOException;
  }

  /** A source may learn of a version first: then the target waits for the catalog a little. */
  private long atVersion(Job job, Copying copying) throws SQLException, IOException {
    long deadline = System.nanoTime() + SCHEMA_PATIENCE.toNanos();
    while (true) {
      adopt(job.target());
      int version = job.target().definition().table().getSchemaVersion();
      try {
        return copying.run();
      } catch (ShardstreamException behind) {
        if (behind.code() != ErrorCode.STALE_SCHEMA
            || job.pace().isStopped()
            || System.nanoTime() > deadline) {
          throw behind;
        }
        catalog.await(
            job.target().ref().tableId(), table -> table.getSchemaVersion() > version, SCHEMA_LOOK);
      }
    }
  }

  private Path localFile(ShardRef shard) {
    return localShards
        .apply(shard)
        .orElseThrow(() -> new ShardstreamException(ErrorCode.STALE_TOPOLOGY, shard));
  }

  private static long fromFile(
      ShardFile target, Path file, ShardRef shard, int virtualShard, KeyRange part)
      throws SQLException {
    try {
      return VirtualShardCopy.attached(
              target.writer(),
              file,
              () -> VirtualShardCopy.copy(target.writer(), target.shape(), virtualShard, part))
          .orElseThrow(() -> new ShardstreamException(ErrorCode.STALE_TOPOLOGY, shard));
    } catch (SQLException failure) {
      if (!FileFailure.isBroken(failure)) {
        throw failure;
      }
      // Which of both files is broken, the next one who reads them finds out.
      throw new ShardstreamException(
              ErrorCode.FILE_ERROR,
              file,
              "this file or " + target.path() + " is broken: " + failure.getMessage())
          .causedBy(failure);
    }
  }

  private long fromNode(
      ShardFile target, CopySource source, ShardRef shard, int virtualShard, KeyRange part)
      throws SQLException, IOException {
    Path file = temporary.resolve("fetched-" + UUID.randomUUID() + ".sqlite");
    try {
      slices.fetch(source, shard, virtualShard, part, file);
      return Slice.takeInto(target, file, virtualShard, part)
          .orElseThrow(() -> new ShardstreamException(ErrorCode.STALE_TOPOLOGY, shard));
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
