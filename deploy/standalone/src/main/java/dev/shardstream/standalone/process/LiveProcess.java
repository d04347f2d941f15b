package dev.shardstream.standalone.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the operating system says of a process, ours or one that an earlier launcher started. */
final class LiveProcess {
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private LiveProcess() {}

  /**
   * Whether the process still runs. A zombie does not: where nobody reaps orphans (a container
   * whose first process is not an init) a dead one would otherwise look alive for ever.
   *
   * <p>Once false, it stays false. So the state is read before the handle is asked: a process that
   * is reaped between the two is gone for the second.
   */
  static boolean isAlive(ProcessHandle process) {
    return !hasEnded(process.pid()) && process.isAlive();
  }

  /** Resident memory in bytes; empty where the system has no /proc or the process has ended. */
  static OptionalLong residentBytes(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * What tells a process from another one with its pid: the boot, and the clock ticks since then at
   * which it started, which stay what they are when the clock is set. Empty where the system has no
   * /proc or the process has ended.
   */
  static Optional<String> start(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // See proc(5): the third field follows the name in parentheses, and the start is the 22nd.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Optional.of(Files.readString(BOOT_ID).strip() + "/" + fields[22 - 3]);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether the process waits to be reaped, or is just being reaped; see proc(5). */
  private static boolean hasEnded(long pid) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    try {
      String text = Files.readString(stat);
      // The name in parentheses may hold anything, so the state is looked for after the last one.
      int state = text.lastIndexOf(')') + 2;
      return text.startsWith("Z", state) || text.startsWith("X", state);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Polls until the condition holds or the time is over.
   *
   * @return whether the condition came to hold
   * @throws IllegalStateException if the thread is interrupted
   */
  static boolean await(Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while waiting for a process");
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    return true;
  }
}
