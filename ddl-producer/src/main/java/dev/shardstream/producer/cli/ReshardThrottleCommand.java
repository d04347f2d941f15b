package dev.shardstream.producer.cli;

import dev.shardstream.producer.sql.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reshard throttle}: changes how fast a reshard copies. */
@Command(
    name = "throttle",
    mixinStandardHelpOptions = true,
    description = "Set how fast a reshard copies from now on.")
final class ReshardThrottleCommand extends ReshardControlCommand {
  @Parameters(
      index = "1",
      paramLabel = "ROWS_PER_SECOND",
      description = "Most rows that all its shards together copy in a second; 0 for no limit.")
  private long rowsPerSecond;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description = "Then it copies as it was started. Default: until it ends.")
  private @Nullable Long seconds;

  @Override
  Statement statement(String id) {
    return new Statement.ThrottleReshard(null, id, rowsPerSecond, seconds);
  }
}
