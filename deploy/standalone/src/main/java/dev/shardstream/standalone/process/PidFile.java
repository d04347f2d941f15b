package dev.shardstream.standalone.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Remembers a process across launchers: its pid and, because pids are used again, when it started.
 */
final class PidFile {
  /** Where only the time is known: it is counted from boot, and the clock is corrected a bit. */
  private static final Duration SAME_START = Duration.ofSeconds(5);

  private final Path file;

  PidFile(Path file) {
    this.file = file;
  }

  void write(ProcessHandle process) {
    long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    String start = LiveProcess.start(process.pid()).orElseGet(() -> Long.toString(started));
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, process.pid() + "\n" + start + "\n");
    } catch (IOException e) {
      throw PropertiesFile.unusable(file, e);
    }
  }

  /** The process that was written, if that very process is still alive. */
  Optional<ProcessHandle> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() < 2) {
        return Optional.empty();
      }
      return ProcessHandle.of(Long.parseLong(lines.get(0)))
          .filter(process -> isTheSame(process, lines.get(1)))
          .filter(LiveProcess::isAlive);
    } catch (IOException e) {
      throw PropertiesFile.unusable(file, e);
    } catch (NumberFormatException e) {
      throw PropertiesFile.unusable(file, new IOException("no pid file: " + e.getMessage()));
    }
  }

  private static boolean isTheSame(ProcessHandle process, String start) {
    return start.contains("/")
        ? LiveProcess.start(process.pid()).filter(start::equals).isPresent()
        : startedAt(process, Instant.ofEpochMilli(Long.parseLong(start)));
  }

  private static boolean startedAt(ProcessHandle process, Instant started) {
    return process
        .info()
        .startInstant()
        .map(actual -> Duration.between(actual, started).abs().compareTo(SAME_START) <= 0)
        .orElse(true);
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw PropertiesFile.unusable(file, e);
    }
  }
}
