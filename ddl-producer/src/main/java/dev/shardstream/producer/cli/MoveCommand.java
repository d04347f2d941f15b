package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code move}: puts one shard on another node. */
@Command(
    name = "move",
    mixinStandardHelpOptions = true,
    description =
        "Make a shard anew on another node and drop it where it is. The table is read and written"
            + " all the time.")
final class MoveCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "T", description = "The table.")
  private String table = "";

  @Parameters(index = "1", paramLabel = "SHARD", description = "The shard's number.")
  private int shard;

  @Parameters(index = "2", paramLabel = "NODE", description = "The node: 'node list'.")
  private String node = "";

  @Mixin private final WatchOption watch = new WatchOption();

  @Override
  int run() {
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      watch.follow(shardstream, shardstream.tables().moveShard(table, shard, node), out());
    }
    return OK;
  }
}
