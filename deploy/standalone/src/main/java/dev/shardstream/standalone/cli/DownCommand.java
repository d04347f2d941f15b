package dev.shardstream.standalone.cli;

import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.JavaProcess;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code down}: ends everything and keeps the data. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stop everything that 'up' started. The data stays.")
public final class DownCommand implements Runnable {
  @Mixin private final DataDirectoryOption data = new DataDirectoryOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = Output.of(spec);
    Path directory = data.path();
    AtomicInteger ended = new AtomicInteger();
    Cluster.stop(
        directory,
        (process, pid, ending) -> {
          ended.incrementAndGet();
          out.println("  " + process.name() + " (pid " + pid + ") " + text(ending));
          out.flush();
        });
    out.println(
        ended.get() == 0
            ? "Nothing was running in " + directory
            : "Shardstream is down. Its data stays in " + directory);
  }

  private static String text(JavaProcess.Ending ending) {
    return switch (ending) {
      case IN_ORDER -> "has ended";
      case KILLED -> "did not end in time and was killed";
    };
  }
}
