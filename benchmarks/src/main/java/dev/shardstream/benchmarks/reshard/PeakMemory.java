package dev.shardstream.benchmarks.reshard;

import dev.shardstream.standalone.process.JavaProcess;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The most resident memory that processes were seen with, looked at five times a second. */
final class PeakMemory implements AutoCloseable {
  private final Map<String, Long> peaks = new ConcurrentHashMap<>();
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();

  PeakMemory(List<? extends JavaProcess> processes) {
    looks.scheduleAtFixedRate(
        () ->
            processes.forEach(
                process ->
                    process
                        .residentBytes()
                        .ifPresent(bytes -> peaks.merge(process.name(), bytes, Math::max))),
        0,
        200,
        TimeUnit.MILLISECONDS);
  }

  /** MiB by process. */
  Map<String, Long> mebibytes() {
    Map<String, Long> result = new TreeMap<>();
    peaks.forEach((name, bytes) -> result.put(name, bytes >> 20));
    return result;
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
