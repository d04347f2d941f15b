package dev.shardstream.benchmarks.ddl;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Publishes commands and takes the time at which each of their results can be read. */
final class DdlClient implements AutoCloseable {
  static final String DATABASE = "default";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** A command that was published. Times in nanoseconds of one clock; 0 for not yet. */
  static final class Sent {
    private final String id;
    private final long published = System.nanoTime();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long accepted;
    private volatile long applied;
    private volatile @Nullable String refusal;

    private Sent(String id) {
      this.id = id;
    }

    /**
     * Waits for the command's end.
     *
     * @throws IllegalStateException when it is refused, or has no end within two minutes
     */
    Sent await() {
      try {
        if (!done.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(
              "Command " + id + " has no end after " + LIMIT.toSeconds() + " s");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      if (refusal != null) {
        throw new IllegalStateException("Command " + id + " was refused: " + refusal);
      }
      return this;
    }

    /** From publish to accepted; what ends applied at once was accepted by that. */
    long acceptedNanos() {
      return (accepted == 0 ? applied : accepted) - published;
    }

    long appliedNanos() {
      return applied - published;
    }
  }

  private final String topic;
  private final Producer<String, DdlCommand> producer;
  private final Deserializer<DdlResult> results;
  private final Map<String, Sent> open = new ConcurrentHashMap<>();
  private final TopicTail tail;

  private DdlClient(Topics topics, KafkaClients kafka, Events events) {
    this.topic = topics.ddlCommands();
    this.results = events.serde(DdlResult.class).deserializer();
    this.producer =
        kafka.producer(
            new StringSerializer(),
            events.serde(DdlCommand.class).serializer(),
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    this.tail = new TopicTail(kafka, List.of(), List.of(topics.ddlResults()), this::take);
  }

  static DdlClient connect(Topics topics, KafkaClients kafka, Events events) {
    return new DdlClient(topics, kafka, events);
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    long now = System.nanoTime();
    Sent sent = open.get(record.key());
    if (sent == null || record.value() == null) {
      return;
    }
    DdlResult result = results.deserialize(record.topic(), record.value());
    if (result.getStatus() == DdlStatus.ACCEPTED && sent.accepted == 0) {
      sent.accepted = now;
    } else if (result.getStatus() == DdlStatus.APPLIED) {
      sent.applied = now;
      end(sent);
    } else if (result.getStatus() == DdlStatus.REJECTED) {
      sent.refusal = result.getCode() + " " + result.getMessage();
      end(sent);
    }
  }

  private void end(Sent sent) {
    open.remove(sent.id);
    sent.done.countDown();
  }

  /** Publishes a command and returns at once. */
  Sent send(String id, Object operation) {
    DdlCommand command = new DdlCommand(id, DATABASE, List.of(), null, "benchmark", operation);
    Sent sent = new Sent(id);
    open.put(id, sent);
    producer.send(new ProducerRecord<>(topic, DATABASE, command));
    return sent;
  }

  @Override
  public void close() {
    tail.close();
    producer.close();
  }
}
