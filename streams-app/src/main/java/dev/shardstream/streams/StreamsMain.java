package dev.shardstream.streams;

import dev.shardstream.schemas.config.ConfigSource;
import dev.shardstream.schemas.config.Startup;
import dev.shardstream.streams.config.ControlPlaneConfig;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the control plane: {@code StreamsMain [properties file]}. Ends with status 1 when it
 * cannot start or cannot go on; a supervisor starts it again.
 */
public final class StreamsMain {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsMain.class);

  private StreamsMain() {}

  public static void main(String[] args) throws InterruptedException {
    Path file = args.length == 0 ? null : Path.of(args[0]);
    ControlPlane controlPlane =
        Startup.orExit(
            "streams",
            () ->
                ControlPlane.start(
                    ControlPlaneConfig.of(ConfigSource.load(file, System.getenv()))));
    AtomicBoolean stopping = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  LOG.info("streams.stopping");
                  controlPlane.close();
                },
                "stop"));
    controlPlane.awaitFailure();
    if (!stopping.get()) {
      LOG.error("streams.failed: see the errors before");
      System.exit(1);
    }
  }
}
