package dev.shardstream.schemas.kafka;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/** Kafka's word that it has a record. */
public final class Acknowledgement {
  private Acknowledgement() {}

  /**
   * Sends a record and waits until Kafka has it.
   *
   * @param topic for the message of a failure
   * @param send sends it
   * @throws ShardstreamException WRITE_FAILED, also when the thread is interrupted meanwhile; what
   *     the sending throws besides, like REGISTRY_UNREACHABLE
   */
  public static void await(String topic, Duration patience, Supplier<? extends Future<?>> send) {
    try {
      send.get().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failed(topic, e.getCause() == null ? e : e.getCause());
    } catch (KafkaException | TimeoutException e) {
      throw failed(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(topic, e);
    }
  }

  private static ShardstreamException failed(String topic, Throwable cause) {
    return new ShardstreamException(ErrorCode.WRITE_FAILED, topic, cause.getMessage())
        .causedBy(cause);
  }
}
