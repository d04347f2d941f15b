package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code reshard retry}: does again what a reshard did not get done. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = "Do again what a reshard was to do that failed, was cancelled or rolled back.")
final class ReshardRetryCommand extends ClientCommand {
  @Parameters(paramLabel = "ID", description = "Its change_log_id: 'reshard list'.")
  private String id = "";

  @Mixin private final WatchOption watch = new WatchOption();

  @Override
  int run() {
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      ReshardInfo again = shardstream.reshards().retry(id);
      out().printf("Reshard %s is done again as %s%n", id, again.changeLogId());
      watch.follow(shardstream, again, out());
    }
    return OK;
  }
}
