package dev.shardstream.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** The file system that the state of this process is on. */
final class StateDisk {
  /** With less, none of the stores can be opened, whatever the error says. */
  private static final long LEAST_BYTES = 1 << 20;

  private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();

  private final LongSupplier usableBytes;

  /**
   * @param usableBytes throws UncheckedIOException when nobody knows
   */
  StateDisk(LongSupplier usableBytes) {
    this.usableBytes = usableBytes;
  }

  /** The file system of a directory that exists. */
  static StateDisk of(Path directory) {
    return new StateDisk(
        () -> {
          try {
            return Files.getFileStore(directory).getUsableSpace();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Whether it is known that there is no room. */
  boolean isFull() {
    try {
      return usableBytes.getAsLong() < LEAST_BYTES;
    } catch (UncheckedIOException unknown) {
      return false;
    }
  }

  /** Waits until there is room, for a while, or until the thread is interrupted. */
  void awaitRoom(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (isFull() && System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
