package dev.shardstream.worker;

import dev.shardstream.schemas.config.ConfigSource;
import dev.shardstream.schemas.config.Startup;
import dev.shardstream.worker.config.WorkerConfig;
import java.nio.file.Path;

/** Runs a worker until it is asked to end. */
public final class WorkerMain {
  private WorkerMain() {}

  /**
   * @param arguments a properties file; none for settings from the environment alone
   */
  public static void main(String[] arguments) {
    Path file = arguments.length == 0 ? null : Path.of(arguments[0]);
    Worker worker =
        Startup.orExit(
            "worker",
            () -> Worker.start(WorkerConfig.of(ConfigSource.load(file, System.getenv()))));
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown"));
  }
}
