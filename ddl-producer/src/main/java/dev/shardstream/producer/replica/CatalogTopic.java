package dev.shardstream.producer.replica;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What tells one cluster's catalog from another's. */
final class CatalogTopic {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private CatalogTopic() {}

  /**
   * The id that Kafka gave the catalog topic when it was made.
   *
   * @throws ShardstreamException NO_ANSWER when there is none after the connect timeout,
   *     KAFKA_UNREACHABLE
   */
  static String id(ClientConfig config, KafkaClients kafka) {
    String topic = config.topics().catalog();
    long deadline = System.nanoTime() + config.connectTimeout().toNanos();
    try (Admin admin = kafka.admin()) {
      while (true) {
        try {
          return admin
              .describeTopics(List.of(topic))
              .topicNameValues()
              .get(topic)
              .get(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
              .topicId()
              .toString();
        } catch (ExecutionException e) {
          requireMissing(config, e);
        }
        if (System.nanoTime() >= deadline) {
          throw ShardstreamException.reported(
              ErrorCode.NO_ANSWER,
              "Kafka at %s has no topic %s (waited %d s): check cluster.name and whether streams-app is running"
                  .formatted(
                      config.bootstrapServers(), topic, config.connectTimeout().toSeconds()));
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (TimeoutException e) {
      throw config.kafkaFailure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw config.kafkaFailure(e);
    }
  }

  private static void requireMissing(ClientConfig config, ExecutionException e) {
    if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
      throw config.kafkaFailure(e);
    }
  }
}
