package dev.shardstream.streams.provision;

import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.Fence;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.serde.WireFormat;
import dev.shardstream.schemas.trace.TraceHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes control records, fences and rules, into all partitions of a log in one transaction. After
 * a failure the next record is written by a fresh producer: what the failed one left open is
 * aborted by its successor. A record that is written twice is harmless: digests carry the offset of
 * their fence, and a rule that begins or ends twice has begun or ended. A record that comes after
 * its successor is not: so the transaction is also the task's claim on its place in the queue, and
 * comes to nothing when another process has taken the queue over (KIP-447).
 */
final class ControlRecordWriter implements AutoCloseable {
  private static final int TRANSACTION_MILLIS = 10_000;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final Registry registry;
  private final Topics topics;
  private @Nullable Producer<byte[], byte[]> producer;

  /** Says within a transaction which task it is for. */
  @FunctionalInterface
  interface Claim {
    /**
     * @throws KafkaException when the task is somebody else's by now
     */
    void addTo(Producer<byte[], byte[]> transaction);
  }

  /**
   * @param producers makes a transactional producer, always with the same transactional id
   */
  ControlRecordWriter(
      Supplier<Producer<byte[], byte[]>> producers, Registry registry, Topics topics) {
    this.producers = producers;
    this.registry = registry;
    this.topics = topics;
  }

  /** Producers of control records. */
  static Supplier<Producer<byte[], byte[]>> producers(
      KafkaClients clients, String transactionalId) {
    return () ->
        clients.producer(
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                transactionalId,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                TRANSACTION_MILLIS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                TRANSACTION_MILLIS,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                TRANSACTION_MILLIS / 2));
  }

  /**
   * Registers the schemas of control records. Each kind has a subject of its own apart from the
   * rows', so that none has to be compatible with another.
   */
  void registerSchemas() {
    registry.register(topics.fenceSubject(), Fence.getClassSchema());
    registry.register(topics.ruleSubject(), Rule.getClassSchema());
  }

  /**
   * Writes a fence or a rule into each partition.
   *
   * @return its offsets in partition order
   * @throws KafkaException when the transaction did not succeed, or the task is somebody else's
   */
  List<Long> write(TableId table, SpecificRecordBase control, int partitions, Claim claim)
      throws InterruptedException {
    int schemaId = registry.register(subject(control), control.getSchema());
    byte[] value =
        WireFormat.encode(schemaId, control, new SpecificDatumWriter<>(control.getSchema()));
    boolean done = false;
    try {
      List<Long> offsets = transact(ready(), topics.log(table), partitions, value, claim);
      done = true;
      return offsets;
    } catch (ExecutionException e) {
      throw new KafkaException("Not written: " + control, e.getCause());
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private String subject(SpecificRecordBase control) {
    return control instanceof Fence ? topics.fenceSubject() : topics.ruleSubject();
  }

  private static List<Long> transact(
      Producer<byte[], byte[]> producer, String log, int partitions, byte[] value, Claim claim)
      throws ExecutionException, InterruptedException {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      ProducerRecord<byte[], byte[]> control = new ProducerRecord<>(log, partition, null, value);
      TraceHeaders.writeCurrent(control.headers());
      sent.add(producer.send(control));
    }
    List<Long> offsets = new ArrayList<>();
    for (Future<RecordMetadata> metadata : sent) {
      offsets.add(metadata.get().offset());
    }
    claim.addTo(producer);
    producer.commitTransaction();
    return offsets;
  }

  private Producer<byte[], byte[]> ready() {
    Producer<byte[], byte[]> known = producer;
    if (known != null) {
      return known;
    }
    Producer<byte[], byte[]> made = producers.get();
    producer = made;
    made.initTransactions();
    return made;
  }

  @Override
  public void close() {
    Producer<byte[], byte[]> known = producer;
    producer = null;
    if (known != null) {
      known.close(CLOSE_PATIENCE);
    }
  }
}
