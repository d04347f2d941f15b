package dev.shardstream.worker;

import dev.shardstream.schemas.config.ConfigSource;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.config.WorkerConfig;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a worker until it is asked to end. */
public final class WorkerMain {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

  private WorkerMain() {}

  /**
   * @param arguments a properties file; none for settings from the environment alone
   */
  public static void main(String[] arguments) {
    try {
      Path file = arguments.length == 0 ? null : Path.of(arguments[0]);
      Worker worker = Worker.start(WorkerConfig.of(ConfigSource.load(file, System.getenv())));
      Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown"));
    } catch (ShardstreamException failure) {
      exit(failure);
    } catch (Exception failure) {
      exit(new ShardstreamException(ErrorCode.INTERNAL, failure.toString()).causedBy(failure));
    }
  }

  private static void exit(ShardstreamException failure) {
    LOG.error("worker.start.failed code={}", failure.code(), failure);
    System.err.println("ERROR " + failure.code() + ": " + failure.getMessage());
    System.exit(1);
  }
}
