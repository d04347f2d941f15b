package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Recovery;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code recover}: whether everything is back after a loss. */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    description =
        "After a loss, wait until the control plane decides and every shard of every table is"
            + " served again, and say what is waited for. Start the processes first: what they have"
            + " lost they make anew from Kafka. Exit status 1 if not everything is back in time.")
final class RecoverCommand extends ClientCommand {
  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "1800",
      description = "How long to wait at most. Default: ${DEFAULT-VALUE}, half an hour.")
  private long timeoutSeconds;

  @Override
  int run() {
    long begun = System.nanoTime();
    long end = begun + Duration.ofSeconds(timeoutSeconds).toNanos();
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      awaitDecision(shardstream, end);
      out().printf(Locale.ROOT, "the control plane decides, after %.1f s%n", since(begun));
      out().flush();
      Recovery recovered = awaitShards(shardstream, end);
      if (!recovered.isComplete()) {
        throw notRecovered(String.join("; ", recovered.waitsFor()));
      }
      out()
          .printf(
              Locale.ROOT,
              "all %d shards of %d tables are served, after %.1f s%n",
              recovered.shards(),
              recovered.tables(),
              since(begun));
    }
    return OK;
  }

  private void awaitDecision(Shardstream shardstream, long end) {
    while (true) {
      try {
        shardstream.nodes().requireControlPlane();
        return;
      } catch (ShardstreamException failure) {
        if (failure.code() != ErrorCode.NO_ANSWER) {
          throw failure;
        }
        if (System.nanoTime() > end) {
          throw notRecovered("streams-app decides nothing: start it");
        }
      }
    }
  }

  private static Recovery awaitShards(Shardstream shardstream, long end) {
    Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    int shards = Math.max(1, shardstream.nodes().view().shards().size());
    try (Progress progress = Progress.on(System.err, "recover", shards)) {
      return shardstream
          .nodes()
          .awaitRecovery(
              left,
              now ->
                  progress.at(
                      Math.min(now.served(), shards),
                      now.waitsFor().isEmpty() ? "" : "waits for " + now.waitsFor().get(0)));
    }
  }

  private ShardstreamException notRecovered(String why) {
    return new ShardstreamException(ErrorCode.NOT_RECOVERED, timeoutSeconds, why);
  }

  private static double since(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }
}
