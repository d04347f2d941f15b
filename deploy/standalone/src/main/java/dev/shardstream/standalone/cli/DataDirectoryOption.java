package dev.shardstream.standalone.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the data is: the same rule for every command. */
final class DataDirectoryOption {
  private static final String ENVIRONMENT = "SHARDSTREAM_DATA_DIR";
  private static final String DEFAULT = ".shardstream";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where the data is kept. Default: $SHARDSTREAM_DATA_DIR, or .shardstream beside the"
              + " launcher.")
  private @Nullable Path directory;

  /** The directory, absolute. */
  Path path() {
    Path chosen = directory;
    if (chosen == null) {
      chosen = Path.of(System.getenv().getOrDefault(ENVIRONMENT, DEFAULT));
    }
    return chosen.toAbsolutePath().normalize();
  }
}
