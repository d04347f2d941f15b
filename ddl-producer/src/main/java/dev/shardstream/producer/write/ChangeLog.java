package dev.shardstream.producer.write;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.query.Session;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowCodec;
import dev.shardstream.schemas.serde.Registry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Appends changes to the logs of all tables with one idempotent producer: a change is in the log
 * once, and the changes of one row are there in the order in which they were sent. Safe for use by
 * several threads.
 */
public final class ChangeLog implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
  private static final int BATCH_BYTES = 256 << 10;

  private final Topics topics;
  private final int maxBytes;
  private final Registry registry;
  private final Session session;
  private final Producer<byte[], byte[]> producer;
  private final Map<String, Encoder> encoders = new ConcurrentHashMap<>();

  /**
   * @param registry stays the caller's
   * @param session learns every acknowledged change
   */
  public ChangeLog(ClientConfig config, KafkaClients kafka, Registry registry, Session session) {
    this(
        config,
        kafka.producer(
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            Map.of(
                ProducerConfig.LINGER_MS_CONFIG,
                config.writeLinger().toMillis(),
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                config.writeBufferBytes(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                config.writeMaxBytes() + (64 << 10),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                5_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                config.writeTimeout().toMillis(),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int)
                    Math.max(
                        config.writeTimeout().toMillis(),
                        5_000 + config.writeLinger().toMillis()))),
        registry,
        session);
  }

  ChangeLog(
      ClientConfig config, Producer<byte[], byte[]> producer, Registry registry, Session session) {
    this.topics = config.topics();
    this.maxBytes = config.writeMaxBytes();
    this.registry = registry;
    this.session = session;
    this.producer = producer;
  }

  /**
   * Appends a change; blocks while the buffer is full.
   *
   * @return completes when the change is durable; fails with WRITE_FAILED or TOO_LARGE
   * @throws ShardstreamException TOO_LARGE, WRITE_FAILED when the buffer stays full or the log is
   *     not there, REGISTRY_UNREACHABLE
   */
  public CompletableFuture<Receipt> append(PreparedChange change) {
    return send(encoded(change));
  }

  /**
   * Appends the changes of a statement: the first is not sent before the last is known to be one
   * that the log takes.
   *
   * @return as {@link #append} would, in their order
   * @throws ShardstreamException see {@link #append}; after TOO_LARGE and REGISTRY_UNREACHABLE none
   *     was sent
   */
  public List<CompletableFuture<Receipt>> appendAll(List<PreparedChange> changes) {
    List<Encoded> records = changes.stream().map(this::encoded).toList();
    return records.stream().map(this::send).toList();
  }

  /** A change as the log takes it. */
  private record Encoded(PreparedChange change, String topic, byte[] value) {
    int size() {
      return value.length + change.key().length;
    }
  }

  private Encoded encoded(PreparedChange change) {
    Table table = change.table();
    String topic = topics.log(Tables.id(table));
    Encoded encoded = new Encoded(change, topic, encoder(table, topic).encode(change.change()));
    if (encoded.size() > maxBytes) {
      throw tooLarge(encoded.size());
    }
    return encoded;
  }

  private CompletableFuture<Receipt> send(Encoded encoded) {
    PreparedChange change = encoded.change();
    String topic = encoded.topic();
    int size = encoded.size();
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    try {
      producer.send(
          new ProducerRecord<>(topic, change.partition(), change.key(), encoded.value()),
          (metadata, failure) -> complete(receipt, change, topic, size, metadata, failure));
    } catch (KafkaException e) {
      throw failed(topic, size, e);
    }
    return receipt;
  }

  private void complete(
      CompletableFuture<Receipt> receipt,
      PreparedChange change,
      String topic,
      int size,
      @Nullable RecordMetadata metadata,
      @Nullable Exception failure) {
    if (failure != null || metadata == null) {
      receipt.completeExceptionally(
          failed(topic, size, failure == null ? new IllegalStateException("no offset") : failure));
      return;
    }
    Receipt done =
        new Receipt(
            change.table().getTableId(), change.partition(), metadata.offset(), change.place());
    session.sawWrite(done.tableId(), done.next());
    receipt.complete(done);
  }

  private ShardstreamException failed(String topic, int size, Exception cause) {
    ShardstreamException error =
        cause instanceof RecordTooLargeException
            ? tooLarge(size)
            : new ShardstreamException(ErrorCode.WRITE_FAILED, topic, cause.getMessage());
    return error.causedBy(cause);
  }

  private ShardstreamException tooLarge(int size) {
    return new ShardstreamException(
        ErrorCode.TOO_LARGE, size, maxBytes, ClientConfig.WRITE_MAX_BYTES);
  }

  /** Sends what waits for others, and waits until every change so far is durable or has failed. */
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close(CLOSE_WAIT);
  }

  private Encoder encoder(Table table, String topic) {
    return encoders.computeIfAbsent(
        table.getTableId() + "/" + table.getSchemaVersion(),
        version -> {
          RowCodec codec = RowCodec.of(table);
          return new Encoder(codec, registry.register(Topics.subject(topic), codec.schema()));
        });
  }

  /** A codec is not safe for several threads; writing a record takes it for a microsecond. */
  private record Encoder(RowCodec codec, int schemaId) {
    byte[] encode(RowChange change) {
      synchronized (codec) {
        return codec.encode(schemaId, change);
      }
    }
  }
}
