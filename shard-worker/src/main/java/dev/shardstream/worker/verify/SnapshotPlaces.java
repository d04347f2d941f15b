package dev.shardstream.worker.verify;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.ShardRef;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Bounds how many snapshots are open. Safe for use by several threads. */
final class SnapshotPlaces {
  private static final long LOOK_MILLIS = 50;

  private final Semaphore places;
  private final Duration wait;

  /** When one was given back last, of {@link System#nanoTime()}. */
  private volatile long givenBack = System.nanoTime();

  /**
   * @param most snapshots at the same time
   * @param wait how long who waits for a place stands still while none is given back
   */
  SnapshotPlaces(int most, Duration wait) {
    this.places = new Semaphore(most);
    this.wait = wait;
  }

  /**
   * Waits for a place.
   *
   * @param shard which the snapshot is to be of
   * @param isWanted asked again and again
   * @return false when it is not wanted any more
   * @throws ShardstreamException INTERNAL when none is given back
   */
  boolean acquire(ShardRef shard, BooleanSupplier isWanted) {
    long began = System.nanoTime();
    try {
      while (!places.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (!isWanted.getAsBoolean()) {
          return false;
        }
        long waited = System.nanoTime() - began;
        long silent = System.nanoTime() - givenBack;
        if (Math.min(waited, silent) >= wait.toNanos()) {
          throw none(shard, "none of those that are open was given back in " + wait);
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw none(shard, "it was interrupted");
    }
  }

  private static ShardstreamException none(ShardRef shard, String reason) {
    return new ShardstreamException(
        ErrorCode.INTERNAL, "no snapshot could be opened for a digest of " + shard + ": " + reason);
  }

  void giveBack() {
    givenBack = System.nanoTime();
    places.release();
  }
}
