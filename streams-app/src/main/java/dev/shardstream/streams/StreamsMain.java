package dev.shardstream.streams;

import dev.shardstream.schemas.config.ConfigSource;
import dev.shardstream.schemas.contract.ShardstreamException;
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
    ControlPlane controlPlane;
    try {
      controlPlane =
          ControlPlane.start(
              ControlPlaneConfig.of(
                  ConfigSource.load(args.length == 0 ? null : Path.of(args[0]), System.getenv())));
    } catch (ShardstreamException e) {
      LOG.error("streams.start.failed code={} message={}", e.code(), e.getMessage(), e);
      System.exit(1);
      return;
    } catch (RuntimeException e) {
      LOG.error("streams.start.failed", e);
      System.exit(1);
      return;
    }
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
