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
      return Optional.of(Files.readString(BOOT_ID).strip() + "/" + fieldsFromThird(stat)[22 - 3]);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether the process waits to be reaped, or is just being reaped; see proc(5). */
  private static boolean hasEnded(long pid) {
    try {
      return hasEnded(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The state is that of the first thread. It may have ended while others still run, or are about
   * to end, and hold the process's sockets and locks.
   *
   * @param stat the text of /proc/PID/stat
   */
  static boolean hasEnded(String stat) {
    String[] fields = fieldsFromThird(stat);
    boolean firstThreadEnded = fields[0].equals("Z") || fields[0].equals("X");
    return firstThreadEnded && Integer.parseInt(fields[20 - 3]) <= 1;
  }

  /** See proc(5). The second field is a name in parentheses, which may hold anything. */
  private static String[] fieldsFromThird(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
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
        // Much may have happened since it was asked: threads pause.
        return condition.getAsBoolean();
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while waiting for a process");
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    return true;
  }
}
