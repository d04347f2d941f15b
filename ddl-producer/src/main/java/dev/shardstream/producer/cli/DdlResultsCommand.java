package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.event.DdlResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ddl results}: what became of DDL events. */
@Command(
    name = "results",
    mixinStandardHelpOptions = true,
    description = "Show each transition of DDL commands as one JSON object in a line.")
final class DdlResultsCommand extends ClientCommand {
  @Option(names = "--follow", description = "Go on with those that come, until Ctrl-C.")
  private boolean follow;

  @Option(names = "--id", paramLabel = "ID", description = "Only those of this command.")
  private @Nullable String id;

  @Override
  int run() {
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      shardstream.ddl().results(follow, this::print);
    }
    return OK;
  }

  private boolean print(DdlResult result) {
    if (id == null || id.equals(result.getCommandId())) {
      out().println(DdlLines.result(result));
      out().flush();
    }
    return !out().checkError();
  }
}
