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
   * @param name of the process, for the log
   */
  public static <T> T orExit(String name, Callable<T> start) {
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
