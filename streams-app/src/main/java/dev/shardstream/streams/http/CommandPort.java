package dev.shardstream.streams.http;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where commands go. */
public interface CommandPort {
  /**
   * Publishes a command.
   *
   * @param wait how long its outcome is waited for; zero for not at all
   * @return completes with the result by which it was accepted, applied or rejected, or empty when
   *     that time has passed
   * @throws dev.shardstream.schemas.contract.ShardstreamException WRITE_FAILED when Kafka does not
   *     have it, TOO_MANY_AT_ONCE when too many wait
   */
  CompletableFuture<Optional<DdlResult>> publish(DdlCommand command, Duration wait);
}
