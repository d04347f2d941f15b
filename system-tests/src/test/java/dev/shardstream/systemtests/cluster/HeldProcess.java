package dev.shardstream.systemtests.cluster;

import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.systemtests.process.ProgramRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process held still, as a long pause of its machine would: it keeps its files, its locks and its
 * connections, and does nothing.
 */
public final class HeldProcess {
  private HeldProcess() {}

  /** What happens meanwhile. */
  public interface Meanwhile<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Holds a running process while something happens; afterwards it goes on, unless it was killed.
   *
   * @return what the action returns
   */
  public static <T, E extends Exception> T during(JavaProcess process, Meanwhile<T, E> action)
      throws E {
    long pid = process.pid().orElseThrow();
    shell("kill -STOP " + pid);
    try {
      return action.run();
    } finally {
      shell("kill -CONT %1$d 2>&- || ! kill -0 %1$d 2>&-".formatted(pid));
    }
  }

  private static void shell(String command) {
    Path directory = Directories.existing(TestPaths.directory("signals"));
    ProgramRun.of(List.of("sh", "-c", command), directory, Map.of(), "", Patience.ONE_STEP)
        .succeeded();
  }
}
