package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.sql.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commands that print what a SHOW statement answers. */
abstract class ReportCommand extends ClientCommand {
  @Mixin private final FormatOption format = new FormatOption();

  /** The statement. */
  abstract Report statement();

  @Override
  final int run() {
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      out().print(format.text(shardstream.execute(statement())));
    }
    return OK;
  }

  /** {@code reshard list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the reshards of the database, oldest first.")
  static final class ListReshards extends ReportCommand {
    @Parameters(
        arity = "0..1",
        paramLabel = "PATTERN",
        description = "Only ids like this: %% is any text, _ any character.")
    private @Nullable String pattern;

    @Override
    Report statement() {
      return new Report.ShowReshards(pattern);
    }
  }

  /** {@code reshard show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show everything about one reshard.")
  static final class ShowReshard extends ReportCommand {
    @Parameters(paramLabel = "ID", description = "Its change_log_id.")
    private String id = "";

    @Override
    Report statement() {
      return new Report.ShowReshard(id);
    }
  }

  /** {@code node list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the nodes that the cluster has heard of.")
  static final class ListNodes extends ReportCommand {
    @Override
    Report statement() {
      return new Report.ShowNodes();
    }
  }
}
