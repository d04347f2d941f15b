package dev.shardstream.producer.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --delimiter}: what separates fields of CSV. */
final class DelimiterOption {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--delimiter",
      paramLabel = "C",
      defaultValue = ",",
      description = "What separates fields; 'tab' for a tabulator. Default: ','.")
  private String delimiter = ",";

  /**
   * @throws ParameterException when it is no single character that CSV can use
   */
  char separator() {
    String character = delimiter.equals("tab") || delimiter.equals("\\t") ? "\t" : delimiter;
    if (character.length() == 1 && !"\"\r\n".contains(character)) {
      return character.charAt(0);
    }
    CommandSpec own = command;
    if (own == null) {
      throw new IllegalStateException("the option is read without its command line");
    }
    throw new ParameterException(
        own.commandLine(), "--delimiter must be one character, not '" + delimiter + "'");
  }
}
