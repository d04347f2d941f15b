package dev.shardstream.systemtests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the processes of a cluster said, for the report of a failed test. */
final class ProcessLogs {
  private static final int LINES = 25;
  private static final int COMPLAINTS = 5;
  private static final int WIDTH = 300;

  private ProcessLogs() {}

  /** Where the logs are, and the last lines of each. */
  static String describe(Path dataDirectory) {
    return describe(dataDirectory, line -> true, LINES);
  }

  /** The last warnings and errors of each process, without what was thrown. */
  static String complaints(Path dataDirectory) {
    return describe(
        dataDirectory, line -> line.contains(" WARN ") || line.contains(" ERROR "), COMPLAINTS);
  }

  private static String describe(Path dataDirectory, Predicate<String> wanted, int most) {
    Path logs = dataDirectory.resolve("logs");
    if (!Files.isDirectory(logs)) {
      return "no logs in " + logs;
    }
    StringBuilder text = new StringBuilder("logs in ").append(logs).append('\n');
    try (Stream<Path> files = Files.list(logs)) {
      files.sorted().forEach(file -> text.append(tail(file, wanted, most)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + logs, e);
    }
    return text.toString();
  }

  private static String tail(Path file, Predicate<String> wanted, int most) {
    String name = file.getFileName().toString();
    if (!name.endsWith(".log") && !name.endsWith(".out")) {
      return "";
    }
    try {
      // A log may be cut within a character; what is readable of it is shown.
      String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      List<String> lines = content.lines().filter(wanted).map(ProcessLogs::cut).toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - most), lines.size());
      return last.isEmpty() ? "" : "--- " + name + "\n" + String.join("\n", last) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static String cut(String line) {
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + " …";
  }
}
