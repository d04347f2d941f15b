package dev.shardstream.schemas.config;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The start of a process. */
public final class Startup {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

  private Startup() {}

  /**
   * What was started. When it cannot start, the JVM ends with status 1 and a last line on standard
   * error, {@code ERROR CODE: words}; the log has the rest.
   *
   * <p>From then on a thread that ends by a failure ends the process too, with status 1 and at
   * once: half a process would look alive to those who should start it again. Nothing is lost by
   * that, since every process may be killed at any moment.
   *
   * @param name of the process, for the log
   */
  public static <T> T orExit(String name, Callable<T> start) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          LOG.error("{}.thread.failed thread={}", name, thread.getName(), failure);
          System.err.println(
              "ERROR "
                  + ErrorCode.INTERNAL
                  + ": thread "
                  + thread.getName()
                  + " of this process has failed: "
                  + failure);
          Runtime.getRuntime().halt(1);
        });
    ShardstreamException why;
    try {
      return start.call();
    } catch (ShardstreamException failure) {
      why = failure;
    } catch (Exception failure) {
      why = new ShardstreamException(ErrorCode.INTERNAL, failure.toString()).causedBy(failure);
    }
    LOG.error("{}.start.failed code={}", name, why.code(), why);
    System.err.println("ERROR " + why.code() + ": " + why.getMessage());
    System.exit(1);
    throw why;
  }
}
