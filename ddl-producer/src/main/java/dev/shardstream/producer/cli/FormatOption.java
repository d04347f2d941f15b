package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Result;
import picocli.CommandLine.Option;

/** {@code --format} of the commands that print the answer to one statement. */
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "TABLE",
      description = "table, json or csv. Default: table.")
  private OutputFormat format = OutputFormat.TABLE;

  String text(Result result) {
    return format.text(result.columns(), result.rows());
  }
}
