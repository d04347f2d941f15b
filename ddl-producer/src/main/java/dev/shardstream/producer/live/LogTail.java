package dev.shardstream.producer.live;

import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowCodec;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.serde.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a table's log from where its shards were read. A connection that breaks is made anew at
 * the place that was reached. Used by one thread.
 */
final class LogTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Registry registry;
  private final String topic;
  private final Table table;
  private final LogStarts starts;
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final Map<Integer, Optional<RowCodec>> codecs = new HashMap<>();
  private @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * @param table keys and partitions, which never change
   * @param starts what of the log counts
   */
  LogTail(
      Supplier<Consumer<byte[], byte[]>> consumers,
      Registry registry,
      String topic,
      Table table,
      LogStarts starts) {
    this.consumers = consumers;
    this.registry = registry;
    this.topic = topic;
    this.table = table;
    this.starts = starts;
    starts
        .first()
        .forEach((partition, offset) -> next.put(new TopicPartition(topic, partition), offset));
  }

  /**
   * The changes that have come, in the order of each partition; none after a while.
   *
   * @throws ShardstreamException LOG_TRUNCATED when the place is no longer in the log,
   *     REGISTRY_UNREACHABLE: call again, nothing is lost
   */
  List<LoggedChange> poll(Duration timeout) {
    List<LoggedChange> changes = new ArrayList<>();
    Map<TopicPartition, Long> reached = new HashMap<>();
    try {
      for (ConsumerRecord<byte[], byte[]> record : connected().poll(timeout)) {
        read(record).ifPresent(changes::add);
        reached.put(new TopicPartition(topic, record.partition()), record.offset() + 1);
      }
    } catch (InterruptException e) {
      throw e;
    } catch (InvalidOffsetException gone) {
      throw ShardstreamException.reported(
              ErrorCode.LOG_TRUNCATED,
              "Log %s no longer holds what comes next for this live query (%s): subscribe again"
                  .formatted(topic, gone.getMessage()))
          .causedBy(gone);
    } catch (KafkaException broken) {
      LOG.warn("event=live_query_reconnects topic={} cause={}", topic, broken.toString());
      close();
      LockSupport.parkNanos(PAUSE.toNanos());
      return List.of();
    } catch (ShardstreamException unreachable) {
      close(); // what was polled comes again
      throw unreachable;
    }
    next.putAll(reached);
    return changes;
  }

  private Consumer<byte[], byte[]> connected() {
    Consumer<byte[], byte[]> open = consumer;
    if (open == null) {
      open = consumers.get();
      consumer = open;
      open.assign(next.keySet());
      next.forEach(open::seek);
    }
    return open;
  }

  /** The change in a record; empty for control records, for what no shard can read, and before. */
  private Optional<LoggedChange> read(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    byte[] key = record.key();
    if (value == null || key == null) {
      return Optional.empty();
    }
    try {
      Optional<RowCodec> codec = codec(WireFormat.schemaId(value));
      return codec.isEmpty()
          ? Optional.empty()
          : change(record, ByteBuffer.wrap(key), codec.get().decode(value));
    } catch (MalformedRecordException poison) {
      LOG.debug("event=live_query_skips topic={} offset={}", topic, record.offset(), poison);
      return Optional.empty(); // the shard has rejected it
    }
  }

  private Optional<LoggedChange> change(
      ConsumerRecord<byte[], byte[]> record, ByteBuffer key, RowChange change) {
    if (table.getPrimaryKey().stream().anyMatch(id -> change.values().get(id) == null)) {
      return Optional.empty(); // the shard has rejected it
    }
    RowPlace place = RowPlace.of(table, change.values());
    Position position = new Position(record.partition(), record.offset());
    boolean counts =
        place.partition(table) == record.partition() && starts.precede(place, position);
    return counts ? Optional.of(new LoggedChange(key, place, position, change)) : Optional.empty();
  }

  private Optional<RowCodec> codec(int schemaId) {
    Optional<RowCodec> known = codecs.get(schemaId);
    if (known == null) {
      Optional<Schema> schema = registry.byId(schemaId);
      if (schema.isEmpty()) {
        return Optional.empty(); // not remembered: the id may be given to a schema later
      }
      known = schema.filter(RowCodec::describesRows).map(RowCodec::of);
      codecs.put(schemaId, known);
    }
    return known;
  }

  @Override
  public void close() {
    Consumer<byte[], byte[]> open = consumer;
    consumer = null;
    if (open != null) {
      open.close();
    }
  }
}
