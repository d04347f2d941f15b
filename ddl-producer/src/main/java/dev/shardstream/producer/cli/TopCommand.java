package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ClusterView;
import dev.shardstream.producer.api.NodeOperations;
import dev.shardstream.producer.api.Shardstream;
import java.time.Duration;
import picocli.CommandLine.Command;

/** {@code top}: nodes, shards, reshards and rates as they are. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    description =
        "Show nodes, running reshards and the shards that are furthest behind, drawn again every"
            + " second until q or Ctrl-C. Where the output is no terminal: one picture.")
final class TopCommand extends ClientCommand {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** Two heartbeats make a rate; without them the picture has none. */
  private static final Duration RATES_LIMIT = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofMillis(250);

  @Override
  int run() {
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      NodeOperations nodes = shardstream.nodes();
      ApplyRates rates = new ApplyRates();
      if (Terminals.isOutput()) {
        LiveScreen.on(out(), EVERY).show(() -> frame(nodes, rates));
      } else {
        awaitRates(nodes, rates);
        out().print(frame(nodes, rates));
      }
    }
    return OK;
  }

  private static String frame(NodeOperations nodes, ApplyRates rates) {
    ClusterView view = nodes.view();
    return TopFrame.text(view, rates.see(view));
  }

  private static void awaitRates(NodeOperations nodes, ApplyRates rates) {
    long deadline = System.nanoTime() + RATES_LIMIT.toNanos();
    try {
      while (!rates.see(nodes.view()).isComplete() && System.nanoTime() < deadline) {
        Thread.sleep(LOOK.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
