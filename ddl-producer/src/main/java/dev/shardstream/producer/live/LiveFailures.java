package dev.shardstream.producer.live;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a live query ends: at the edge of its thread, where nobody else would hear of an error. */
final class LiveFailures {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFailures.class);

  private LiveFailures() {}

  /** Why the work ended; empty when it was closed, which breaks off whatever it was waiting for. */
  static Optional<ShardstreamException> of(Runnable work, BooleanSupplier closed) {
    try {
      work.run();
      return Optional.empty();
    } catch (RuntimeException e) {
      if (closed.getAsBoolean()) {
        return Optional.empty();
      }
      if (e instanceof ShardstreamException known) {
        return Optional.of(known);
      }
      LOG.error("event=live_query_failed", e);
      return Optional.of(
          new ShardstreamException(ErrorCode.INTERNAL, "the live query failed: " + e).causedBy(e));
    } finally {
      Thread.interrupted(); // of the one who closed it; there is still something to tidy up
    }
  }
}
