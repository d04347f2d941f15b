package dev.shardstream.standalone.process;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Formats a broker's storage by Kafka's own tool, once in the life of a data directory. */
final class BrokerStorage {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private BrokerStorage() {}

  /**
   * @throws ShardstreamException START_FAILED if the tool does not succeed; names its output
   */
  static void format(ProcessContext context, String clusterId, Path serverProperties) {
    Path output = context.directory().output("broker-format");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    JavaCommand.path(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dlogback.configurationFile=dev/shardstream/producer/cli/logback-cli.xml",
                    "kafka.tools.StorageTool",
                    "format",
                    "--cluster-id",
                    clusterId,
                    "--config",
                    serverProperties.toString()))
            .redirectErrorStream(true);
    ChildEnvironment.prepare(builder.environment(), context.installation());
    try {
      Files.createDirectories(output.getParent());
      run(builder.redirectOutput(output.toFile()).start(), output);
    } catch (IOException e) {
      throw PropertiesFile.unusable(output, e);
    }
  }

  private static void run(Process tool, Path output) {
    try {
      if (tool.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS) && tool.exitValue() == 0) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker's storage is formatted", e);
    } finally {
      tool.destroyForcibly();
    }
    throw new ShardstreamException(
        ErrorCode.START_FAILED, "Formatting of the broker's storage", LIMIT.toSeconds(), output);
  }
}
