package dev.shardstream.worker.node;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.apply.ApplyStatus;
import dev.shardstream.worker.fresh.Freshness;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ReaderPool;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A shard of this node: its file, its readers, its positions, and its applier once it has one. */
public final class HostedShard {
  private static final String IS_MADE_ANEW =
      "it is being made anew from its log, and serves when it has caught up";

  private final ShardFile file;
  private final ReaderPool readers;
  private final PositionBoard board;
  private final Freshness freshness;
  private volatile @Nullable Applier applier;
  private boolean closed;

  HostedShard(ShardFile file, ReaderPool readers, PositionBoard board, Freshness freshness) {
    this.file = file;
    this.readers = readers;
    this.board = board;
    this.freshness = freshness;
  }

  public ShardRef ref() {
    return file.ref();
  }

  public ShardFile file() {
    return file;
  }

  public ReaderPool readers() {
    return readers;
  }

  public PositionBoard board() {
    return board;
  }

  public Freshness freshness() {
    return freshness;
  }

  public Optional<Applier> applier() {
    return Optional.ofNullable(applier);
  }

  public boolean isCopying() {
    return file.definition().state() == ShardState.COPYING;
  }

  /**
   * The shard for a reader.
   *
   * @throws ShardstreamException STALE_TOPOLOGY while it is copied, SHARD_FAILED when its file is
   *     broken or is made anew
   */
  public HostedShard requireReadable() {
    unreadable()
        .ifPresent(
            reason -> {
              throw new ShardstreamException(ErrorCode.SHARD_FAILED, ref(), reason);
            });
    if (isCopying()) {
      throw new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref());
    }
    return this;
  }

  /** Why its rows must not be shown. */
  private Optional<String> unreadable() {
    return file.broken().or(() -> file.isServing() ? Optional.empty() : Optional.of(IS_MADE_ANEW));
  }

  /** What the owner of a file does with it. */
  @FunctionalInterface
  public interface Work {
    void run(ShardFile file) throws SQLException;
  }

  /**
   * Works with the file of a shard that is COPYING and that no copy works with, which the caller
   * takes care of; no effect on any other.
   */
  public void whileCopying(Work work) throws SQLException {
    // Before it waits for one that is being closed, which may take long.
    if (!isCopying()) {
      return;
    }
    synchronized (this) {
      if (!closed && isCopying()) {
        work.run(file);
      }
    }
  }

  /**
   * Works with the file of a shard whose applier has ended by itself, as one does whose log no
   * longer holds its position.
   *
   * @return false when it has not, and nothing was done
   */
  boolean whileEnded(Work work) throws SQLException {
    // Before it waits for one that is being closed, which may take long.
    if (applier().filter(Applier::hasEnded).isEmpty()) {
      return false;
    }
    synchronized (this) {
      if (!closed) {
        work.run(file);
      }
      return !closed;
    }
  }

  /** Lets the applier own the file from now on. */
  synchronized void start(Applier follower) throws SQLException {
    if (closed || applier != null) {
      throw new IllegalStateException("shard " + ref() + " is closed or already applies");
    }
    if (isCopying()) {
      file.startApplying();
    }
    freshness.follow();
    applier = follower;
    follower.start();
  }

  /** Ends the applier, if there is one, and lets the shard forget virtual shards. */
  synchronized void copyAgain(int repair, Collection<Integer> virtualShards) throws SQLException {
    if (closed) {
      throw new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref());
    }
    if (applier != null) {
      applier.close();
      applier = null;
    }
    freshness.rest();
    file.copyAgain(repair, virtualShards);
    board.publish(PositionTable.read(file.writer()));
  }

  /** Why it is not as it should be; empty when all is well. */
  public Optional<String> failure() {
    return file.broken()
        .or(() -> applier().map(Applier::status).flatMap(ApplyStatus::failure))
        .or(this::unreadable);
  }

  /** What a heartbeat says of it. */
  public ShardReport report() throws IOException {
    Positions positions = board.current();
    Optional<ApplyStatus> status = applier().map(Applier::status);
    Optional<String> failure = failure();
    Map<Integer, Long> ends = status.map(ApplyStatus::ends).orElse(Map.of());
    List<PartitionLag> lags =
        positions.leastByPartition().entrySet().stream()
            .map(
                p -> new PartitionLag(p.getKey(), p.getValue(), ends.getOrDefault(p.getKey(), -1L)))
            .toList();
    return new ShardReport(
        ref().tableId(),
        ref().shardId(),
        failure.isPresent() ? ShardState.FAILED : file.definition().state(),
        file.definition().table().getSchemaVersion(),
        file.indexes(),
        positions.rows(),
        file.bytes(),
        status.map(ApplyStatus::appliedChanges).orElse(0L),
        lags,
        failure.orElse(null),
        freshness.staleness().map(Duration::toMillis).orElse(null));
  }

  /**
   * Stops the applier after its batch, then closes everything; safe to repeat. While the applier
   * does not stop, everything stays open, and to be closed again.
   */
  synchronized void close() throws SQLException {
    if (closed) {
      return;
    }
    if (applier != null) {
      applier.close();
    }
    closed = true;
    board.close();
    freshness.close();
    readers.close();
    file.close();
  }
}
