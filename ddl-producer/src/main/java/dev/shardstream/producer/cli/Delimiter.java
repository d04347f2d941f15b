package dev.shardstream.producer.cli;

/** What separates fields of CSV, as an option says it. */
final class Delimiter {
  private Delimiter() {}

  /**
   * @param command whose option it is
   * @throws picocli.CommandLine.ParameterException when it is no single character that CSV can use
   */
  static char parse(String text, ClientCommand command) {
    String character = text.equals("tab") || text.equals("\\t") ? "\t" : text;
    if (character.length() != 1 || "\"\r\n".contains(character)) {
      throw command.usage("--delimiter must be one character, not '" + text + "'");
    }
    return character.charAt(0);
  }
}
