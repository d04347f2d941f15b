package dev.shardstream.producer.metadata;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows catalog, topology, reshards, namespaces, live queries, heartbeats and DDL results with
 * one consumer in one thread. Whatever Kafka refuses meanwhile is asked for again, without end: as
 * when Kafka cannot be reached, what was known stays, and heartbeats that fail to come say the
 * rest.
 */
public final class MetadataFollower implements Metadata, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetadataFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final ControlRecords records;
  private final Thread thread;

  private final Latest<MetadataSnapshot> latest =
      new Latest<>(MetadataSnapshot.EMPTY, MetadataFollower::told);
  private volatile boolean closed;

  /** What Kafka has refused since the last record came; the thread's own. */
  private @Nullable String refusal;

  private MetadataFollower(Consumer<byte[], byte[]> consumer, ControlRecords records) {
    this.consumer = consumer;
    this.records = records;
    this.thread = new Thread(this::run, "shardstream-metadata");
    this.thread.setDaemon(true);
  }

  /**
   * Reads everything up to now, then goes on in a thread of its own.
   *
   * @param results gets every DDL result that is published from now on, in the follower's thread;
   *     must be quick
   * @throws ShardstreamException KAFKA_UNREACHABLE, KAFKA_REFUSED, REGISTRY_UNREACHABLE, or
   *     NO_ANSWER when the cluster has no topics, each after the connect timeout
   */
  public static MetadataFollower start(
      ClientConfig config,
      KafkaClients kafka,
      Events events,
      java.util.function.Consumer<DdlResult> results) {
    return start(
        config,
        kafka.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer(), Map.of()),
        events,
        results);
  }

  /** As above, with a consumer that is the follower's from here on. */
  static MetadataFollower start(
      ClientConfig config,
      Consumer<byte[], byte[]> consumer,
      Events events,
      java.util.function.Consumer<DdlResult> results) {
    MetadataFollower follower =
        new MetadataFollower(consumer, new ControlRecords(config.topics(), events, results));
    try {
      follower.catchUp(new ControlTopics(config, consumer), config);
    } catch (KafkaException e) {
      consumer.close();
      throw config.kafkaFailure(e);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    follower.thread.start();
    return follower;
  }

  private void catchUp(ControlTopics topics, ClientConfig config) {
    Map<TopicPartition, Long> ends = topics.assign(System.currentTimeMillis());
    long deadline = System.nanoTime() + config.commandTimeout().toNanos();
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      if (System.nanoTime() >= deadline) {
        throw config.kafkaUnreachable();
      }
      apply(consumer.poll(POLL));
    }
    publish();
  }

  @Override
  public MetadataSnapshot snapshot() {
    return latest.get();
  }

  @Override
  public boolean await(Predicate<MetadataSnapshot> condition, Duration timeout) {
    return latest.await(condition, timeout);
  }

  private static ShardstreamException told(RuntimeException cause) {
    return new ShardstreamException(
            ErrorCode.INTERNAL,
            "the cluster's metadata can no longer be read (" + cause.getMessage() + "): reconnect")
        .causedBy(cause);
  }

  private void run() {
    try {
      while (!closed) {
        ConsumerRecords<byte[], byte[]> polled = poll();
        if (!polled.isEmpty()) {
          apply(polled);
          publish();
        }
      }
    } catch (WakeupException e) {
      LOG.debug("metadata.closing");
    } catch (RuntimeException e) {
      LOG.error("metadata.failed", e);
      latest.fail(e);
    } catch (Error e) {
      latest.fail(new IllegalStateException("Following the metadata broke down: " + e, e));
      throw e;
    } finally {
      consumer.close();
    }
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      ConsumerRecords<byte[], byte[]> polled = pollOrSeek();
      if (!polled.isEmpty() && refusal != null) {
        LOG.info("metadata.goes_on");
        refusal = null;
      }
      return polled;
    } catch (InterruptException | WakeupException | SerializationException unhealing) {
      throw unhealing;
    } catch (KafkaException refused) {
      waitAfter(refused);
      return ConsumerRecords.empty();
    }
  }

  private ConsumerRecords<byte[], byte[]> pollOrSeek() {
    try {
      return consumer.poll(POLL);
    } catch (InvalidOffsetException gone) {
      // The topics hold state, so reading them again from their beginning ends in the same place.
      LOG.warn("metadata.reread partitions={}", gone.partitions());
      consumer.beginningOffsets(gone.partitions()).forEach(consumer::seek);
      return ConsumerRecords.empty();
    }
  }

  /** Said once for each reason: a login or a right may be missing for long. */
  private void waitAfter(KafkaException refused) {
    String reason = refused.toString();
    if (!reason.equals(refusal)) {
      LOG.warn("metadata.waiting cause={}", reason);
      refusal = reason;
    }
    if (!closed) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void apply(ConsumerRecords<byte[], byte[]> polled) {
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      if (record.key() != null) {
        apply(record);
      }
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    while (!closed) {
      try {
        records.apply(record.topic(), key, record.value());
        return;
      } catch (MalformedRecordException foreign) {
        // Somebody else's bytes must not lock every client out; the operator sees them here.
        LOG.error(
            "metadata.unreadable topic={} partition={} offset={}",
            record.topic(),
            record.partition(),
            record.offset(),
            foreign);
        return;
      } catch (ShardstreamException unreachable) {
        if (!thread.isAlive()) {
          throw unreachable;
        }
        LOG.warn("metadata.registry.waiting cause={}", unreachable.getMessage());
      }
    }
  }

  private void publish() {
    latest.set(records.snapshot());
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    LockSupport.unpark(thread);
    try {
      thread.join(CLOSE_WAIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
