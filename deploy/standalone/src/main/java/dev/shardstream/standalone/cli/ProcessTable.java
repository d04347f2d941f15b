package dev.shardstream.standalone.cli;

import dev.shardstream.standalone.process.JavaProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The processes of a cluster as a person reads them: one line each, columns aligned. */
final class ProcessTable {
  private static final List<String> HEADER =
      List.of("PROCESS", "STATE", "PID", "ADDRESS", "MEMORY", "HEAP LIMIT", "LOG");

  private ProcessTable() {}

  static String of(List<JavaProcess> processes) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEADER);
    processes.forEach(process -> lines.add(line(process)));
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder aligned = new StringBuilder();
      for (int column = 0; column < line.size(); column++) {
        aligned.append(padded(line.get(column), width(lines, column)));
      }
      text.append(aligned.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private static List<String> line(JavaProcess process) {
    OptionalLong pid = process.pid();
    return List.of(
        process.name(),
        state(process),
        pid.isPresent() ? Long.toString(pid.getAsLong()) : "-",
        process.endpoint(),
        memory(process.residentBytes()),
        process.size().heap() + " MiB",
        process.log().toString());
  }

  private static String state(JavaProcess process) {
    if (!process.isAlive()) {
      return "stopped";
    }
    return process.isReady() ? "ready" : "not ready";
  }

  private static String memory(OptionalLong bytes) {
    return bytes.isPresent() ? (bytes.getAsLong() >> 20) + " MiB" : "-";
  }

  private static int width(List<List<String>> lines, int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length() + 2);
  }
}
