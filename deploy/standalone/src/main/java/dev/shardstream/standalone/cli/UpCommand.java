package dev.shardstream.standalone.cli;

import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.cluster.ClusterOptions;
import dev.shardstream.standalone.cluster.StartListener;
import dev.shardstream.standalone.process.JavaProcess;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code up}: starts what does not run yet and leaves it running. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Start Kafka, the schema registry, the control plane and the shard workers.")
public final class UpCommand implements Runnable {
  @Mixin private final DataDirectoryOption data = new DataDirectoryOption();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description =
          "Number of shard workers, 1 to 16. Default: as many as the data directory has, 2 at"
              + " first. More than before adds nodes.")
  private @Nullable Integer nodes;

  @Option(
      names = "--control-planes",
      paramLabel = "N",
      description =
          "Number of control planes, 1 to 4: the others take over when one dies. Default: as many as"
              + " the data directory has, 1 at first.")
  private @Nullable Integer controlPlanes;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = Output.of(spec);
    ClusterOptions options = ClusterOptions.in(data.path()).detached();
    if (nodes != null) {
      options = options.withNodes(nodes);
    }
    if (controlPlanes != null) {
      options = options.withStreams(controlPlanes);
    }
    Narrator narrator = new Narrator(out);
    try (Cluster cluster = Cluster.start(options, narrator)) {
      out.println(narrator.summary(cluster));
      out.println();
      out.print(ProcessTable.of(cluster.processes()));
      out.println();
      out.println("Clients connect by " + cluster.clientConfig());
      out.println("The console is at " + cluster.streams().url() + "/");
      out.println("Go on with:  ./shardstream sql     ./shardstream status     ./shardstream down");
      out.flush();
    }
  }

  /** Tells of the start while it happens. */
  private static final class Narrator implements StartListener {
    private final PrintWriter out;
    private final long begin = System.nanoTime();
    private int started;

    Narrator(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void starting(JavaProcess process) {
      started++;
      say("starting %s", process.name());
    }

    @Override
    public void ready(JavaProcess process, Duration took) {
      say("%s is ready after %.1f s", process.name(), took.toMillis() / 1000.0);
    }

    String summary(Cluster cluster) {
      if (started == 0) {
        return "Shardstream is already running in " + cluster.directory().root();
      }
      double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
      return String.format(
          Locale.ROOT, "Shardstream is up in %s (%.1f s)", cluster.directory().root(), seconds);
    }

    private void say(String format, Object... values) {
      out.println(String.format(Locale.ROOT, "  " + format, values));
      out.flush();
    }
  }
}
