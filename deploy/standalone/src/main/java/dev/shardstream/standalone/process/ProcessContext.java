package dev.shardstream.standalone.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What all processes of a cluster share.
 *
 * @param installation where the program lies
 * @param directory where the data lies
 * @param lifetime whether children survive this JVM
 * @param site where they run
 */
public record ProcessContext(
    Installation installation, DataDirectory directory, Lifetime lifetime, Site site) {

  /** On this machine. */
  public ProcessContext(Installation installation, DataDirectory directory, Lifetime lifetime) {
    this(installation, directory, lifetime, Site.LOCAL);
  }

  /** The same at another site. */
  public ProcessContext at(Site other) {
    return new ProcessContext(installation, directory, lifetime, other);
  }

  /** The address that processes listen on. */
  String host() {
    return site.host();
  }

  /** What stands before the command of a child. */
  List<String> entry() {
    return Stream.concat(detaching().stream(), site.entry().stream()).toList();
  }

  /**
   * What sets a child free. A session of its own keeps the end of a terminal away from a child that
   * shall survive it, and an interrupt from one that the launcher ends in order.
   */
  private List<String> detaching() {
    // Both replace themselves by the command, so the pid stays the child's.
    if (onPath("setsid")) {
      return List.of("setsid");
    }
    return lifetime == Lifetime.DETACHED ? List.of("nohup") : List.of();
  }

  private static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
