package dev.shardstream.producer.cli;

import java.util.List;

/** What a command logs: nothing, since it speaks through its output and its errors. */
public final class CommandLog {
  private static final String CONFIG = "logback.configurationFile";
  private static final String LEVEL = "SHARDSTREAM_LOG_LEVEL";
  private static final String QUIET = "dev/shardstream/producer/cli/logback-cli.xml";

  private CommandLog() {}

  /**
   * To be called before the first logger is made; what the JVM was started with is left as it is.
   */
  public static void configure(String[] arguments) {
    if (System.getProperty(CONFIG) == null) {
      System.setProperty(CONFIG, QUIET);
    }
    // But for this one, which has nobody who reads its output.
    if (List.of(arguments).contains(ServeCommand.NAME) && System.getenv(LEVEL) == null) {
      System.setProperty(LEVEL, "WARN");
    }
  }
}
