package dev.shardstream.standalone.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What all processes of a cluster share.
 *
 * @param installation where the program lies
 * @param directory where the data lies
 * @param lifetime whether children survive this JVM
 */
public record ProcessContext(
    Installation installation, DataDirectory directory, Lifetime lifetime) {

  /** What stands before the command of a child, so that the end of a terminal does not end it. */
  List<String> detaching() {
    if (lifetime == Lifetime.WITH_PARENT) {
      return List.of();
    }
    // setsid and nohup replace themselves by the command, so the pid stays the child's.
    return onPath("setsid") ? List.of("setsid") : List.of("nohup");
  }

  private static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
