package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.CommandReceipt;
import dev.shardstream.producer.api.Shardstream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code node}: the shard workers of the cluster. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    description = "List the nodes of the cluster, take shards off them and let them take some.",
    subcommands = {
      ReportCommand.ListNodes.class,
      NodeCommand.Drain.class,
      NodeCommand.Undrain.class
    })
final class NodeCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec, "the command runs without its command line");
    throw new ParameterException(own.commandLine(), "node needs a command: list, drain or undrain");
  }

  /** {@code node drain}. */
  @Command(
      name = "drain",
      mixinStandardHelpOptions = true,
      description = "Put no new shard of the database on a node, and move away those it has.")
  static final class Drain extends ClientCommand {
    @Parameters(paramLabel = "NODE", description = "The node: 'node list'.")
    private String node = "";

    @Mixin private final WatchOption watch = new WatchOption();

    @Override
    int run() {
      try (Shardstream shardstream = Shardstream.connect(settings())) {
        watch.follow(shardstream, shardstream.nodes().drain(node), out());
      }
      return OK;
    }
  }

  /** {@code node undrain}. */
  @Command(
      name = "undrain",
      mixinStandardHelpOptions = true,
      description = "Let a node that was drained take shards again.")
  static final class Undrain extends ClientCommand {
    @Parameters(paramLabel = "NODE", description = "The node: 'node list'.")
    private String node = "";

    @Override
    int run() {
      try (Shardstream shardstream = Shardstream.connect(settings())) {
        CommandReceipt done = shardstream.nodes().undrain(node);
        out().println("Node " + node + " takes shards again (" + done.status() + ")");
      }
      return OK;
    }
  }
}
