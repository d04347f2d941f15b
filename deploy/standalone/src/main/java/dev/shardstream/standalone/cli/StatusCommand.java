package dev.shardstream.standalone.cli;

import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.JavaProcess;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code status}: what runs, where and how large. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show the processes. Exit status 0 if all of them are ready, 1 otherwise.")
public final class StatusCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption data = new DataDirectoryOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    List<JavaProcess> processes = Cluster.processesIn(data.path());
    PrintWriter out = Output.of(spec);
    out.print(ProcessTable.of(processes));
    out.flush();
    return processes.stream().allMatch(JavaProcess::isReady) ? 0 : 1;
  }
}
