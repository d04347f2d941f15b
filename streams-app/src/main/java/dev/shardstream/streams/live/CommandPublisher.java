package dev.shardstream.streams.live;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.kafka.Acknowledgement;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.trace.TraceHeaders;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes commands that came over HTTP, as any other client does. Safe for use by several
 * threads.
 */
public final class CommandPublisher implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  static {
    Events.trust(DdlCommand.class);
  }

  private final String topic;
  private final Duration patience;
  private final Producer<String, DdlCommand> producer;

  public CommandPublisher(ClusterConfig config, KafkaClients kafka, Events events) {
    this.topic = config.topics().ddlCommands();
    this.patience = config.connectTimeout();
    this.producer =
        kafka.producer(
            new StringSerializer(),
            events.serde(DdlCommand.class).serializer(),
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
  }

  /**
   * Publishes a command, for whom this thread works, and waits until Kafka has it.
   *
   * @param command its database in lower case
   * @throws ShardstreamException WRITE_FAILED, REGISTRY_UNREACHABLE
   */
  public void publish(DdlCommand command) {
    ProducerRecord<String, DdlCommand> record =
        new ProducerRecord<>(topic, command.getDatabase(), command);
    TraceHeaders.writeCurrent(record.headers());
    Acknowledgement.await(topic, patience, () -> producer.send(record));
  }

  @Override
  public void close() {
    producer.close(CLOSE_WAIT);
  }
}
