package dev.shardstream.systemtests.soak;

import static org.awaitility.Awaitility.await;

import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.systemtests.cluster.HeldProcess;
import dev.shardstream.systemtests.cluster.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong with one process.
 *
 * @param kind how
 * @param process with which
 * @param phase while the reshard is in it, or later
 * @param lasts until the process goes on, or is started again
 */
record Fault(Kind kind, JavaProcess process, String phase, Duration lasts) {
  enum Kind {
    /** kill -9, and a start after a while. */
    KILLED,
    /** SIGSTOP, and SIGCONT after a while: it knows nothing of what happened meanwhile. */
    FROZEN
  }

  private static final List<String> PHASES =
      List.of("queued", "copying", "replaying", "verifying", "switching");

  /**
   * One that is as good as any.
   *
   * @param lost longer than a node may be silent; every fifth fault of a worker lasts so long
   */
  static Fault any(Cluster cluster, Random random, Duration lost) {
    List<JavaProcess> processes = cluster.processes();
    JavaProcess process = processes.get(random.nextInt(processes.size()));
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    boolean isLong = cluster.workers().contains(process) && random.nextInt(5) == 0;
    return new Fault(
        kind,
        process,
        PHASES.get(random.nextInt(PHASES.size())),
        isLong ? lost : Duration.ofMillis(random.nextInt(6_000)));
  }

  /** Lets it happen; afterwards the process runs. */
  void strike() {
    if (kind == Kind.KILLED) {
      process.kill();
      pass(lasts);
      await(process.name() + " is back").atMost(Patience.MANY_STEPS).until(this::isBack);
    } else {
      HeldProcess.during(
          process,
          () -> {
            pass(lasts);
            return null;
          });
    }
  }

  /** As whoever watches over processes does: one that does not run is started, again and again. */
  private boolean isBack() {
    if (!process.isAlive()) {
      process.launch();
    }
    return process.isReady();
  }

  private static void pass(Duration time) {
    await().pollDelay(time).atMost(time.plus(Patience.ONE_STEP)).until(() -> true);
  }

  /** For counting: a worker is one of many alike. */
  String name() {
    return kind + " " + process.name().replaceAll("-\\d+$", "") + " " + phase;
  }

  @Override
  public String toString() {
    return "%s %s while %s for %d ms".formatted(kind, process.name(), phase, lasts.toMillis());
  }
}
