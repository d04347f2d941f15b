package dev.shardstream.systemtests.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docs/metrics.md: the list that alerts and dashboards are made of. */
final class MetricsPage {
  static final String WORKER = "## Shard worker";
  static final String STREAMS = "## Streams-app";
  static final String GATEWAY = "## Gateway";

  private static final Pattern ROW = Pattern.compile("\\| `(shardstream_\\w+)` \\| (\\w+) \\|.*");
  private static final Pattern NAME = Pattern.compile("\\bshardstream_\\w+");

  private final List<String> lines;

  private MetricsPage(List<String> lines) {
    this.lines = lines;
  }

  static MetricsPage read() {
    return new MetricsPage(lines(repository("docs/metrics.md")));
  }

  /** A file of the repository; tests run in the directory of their module. */
  static Path repository(String relative) {
    return Path.of("..").resolve(relative).normalize();
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows below a heading, without the table's head. */
  List<String> rows(String heading) {
    return lines.stream()
        .skip(lines.indexOf(heading) + 1L)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> ROW.matcher(line).matches())
        .toList();
  }

  /** The names of all metrics of ours. */
  List<String> names() {
    return lines.stream().map(ROW::matcher).filter(Matcher::matches).map(m -> m.group(1)).toList();
  }

  /** Everything that is exposed under a name of ours. */
  Set<String> exposed() {
    Set<String> names = new TreeSet<>();
    for (String line : lines) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        names.addAll(exposed(row.group(1), row.group(2)));
      }
    }
    return names;
  }

  /** What is exposed of one metric. */
  static List<String> exposed(String name, String type) {
    return type.equals("timer")
        ? List.of(name + "_bucket", name + "_count", name + "_max", name + "_sum")
        : List.of(name);
  }

  /** The metrics of an expression that the page does not have. */
  Set<String> unknownIn(String expression) {
    Set<String> unknown = new TreeSet<>();
    Matcher name = NAME.matcher(expression);
    while (name.find()) {
      unknown.add(name.group());
    }
    unknown.removeAll(exposed());
    return unknown;
  }
}
