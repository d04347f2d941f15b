package dev.shardstream.worker.catalog;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.kafka.ConsumerThread;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the catalog from its beginning and keeps the newest definition of each table. Nothing is
 * known until it has been read to the end once, so that a shard never lives through definitions
 * that were replaced long ago. After a failure it goes on where it was.
 */
public final class CatalogFollower implements Catalog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(15);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final String topic;
  private final Deserializer<Table> tables;
  private final java.util.function.Consumer<String> changed;
  private final ConsumerThread thread;
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final Map<String, Definition> newest = new ConcurrentHashMap<>();
  private volatile boolean complete;

  /** A definition, and for whom it was made. */
  private record Definition(Table table, Optional<TraceContext> trace) {}

  /**
   * @param consumers makes a read-committed consumer without a group
   * @param changed gets the id of a table whose newest definition is another one; must not block
   */
  public CatalogFollower(
      String topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Deserializer<Table> tables,
      java.util.function.Consumer<String> changed) {
    this.topic = topic;
    this.tables = tables;
    this.changed = changed;
    this.thread = new ConsumerThread("catalog", consumers, STOP_LIMIT, this::follow);
  }

  public void start() {
    thread.start();
  }

  /** Whether it has read the catalog to its end once. */
  public boolean isComplete() {
    return complete;
  }

  @Override
  public Optional<Table> newest(String tableId) {
    return definition(tableId).map(Definition::table);
  }

  @Override
  public Optional<TraceContext> trace(String tableId) {
    return definition(tableId).flatMap(Definition::trace);
  }

  private Optional<Definition> definition(String tableId) {
    return complete ? Optional.ofNullable(newest.get(tableId)) : Optional.empty();
  }

  @Override
  public synchronized Optional<Table> await(
      String tableId, Predicate<Table> wanted, Duration maxWait) {
    long deadline = System.nanoTime() + maxWait.toNanos();
    try {
      for (long left = maxWait.toNanos();
          left > 0 && !thread.isStopping() && newest(tableId).filter(wanted).isEmpty();
          left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return newest(tableId);
  }

  private void follow(Consumer<byte[], byte[]> opened) {
    List<TopicPartition> partitions =
        opened.partitionsFor(topic, ASK_LIMIT).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException("topic " + topic + " is not there yet");
    }
    opened.assign(partitions);
    Map<TopicPartition, Long> beginnings = opened.beginningOffsets(partitions, ASK_LIMIT);
    Map<TopicPartition, Long> ends = opened.endOffsets(partitions, ASK_LIMIT);
    partitions.forEach(p -> opened.seek(p, next.computeIfAbsent(p, beginnings::get)));
    LOG.info("catalog.following topic={} partitions={}", topic, partitions.size());
    while (!thread.isStopping()) {
      if (!complete && partitions.stream().allMatch(p -> opened.position(p) >= ends.get(p))) {
        complete();
      }
      try {
        take(opened);
      } catch (OffsetOutOfRangeException gone) {
        LOG.warn("catalog.expired partitions={}", gone.partitions());
        opened.seekToBeginning(gone.partitions());
      }
    }
  }

  private void complete() {
    complete = true;
    LOG.info("catalog.complete tables={}", newest.size());
    announce(Set.copyOf(newest.keySet()));
  }

  private void take(Consumer<byte[], byte[]> opened) {
    Set<String> news = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> logged : opened.poll(POLL)) {
      take(logged).ifPresent(news::add);
      next.put(new TopicPartition(topic, logged.partition()), logged.offset() + 1);
    }
    if (complete && !news.isEmpty()) {
      announce(news);
    }
  }

  private Optional<String> take(ConsumerRecord<byte[], byte[]> logged) {
    if (logged.key() == null) {
      return Optional.empty();
    }
    String key = new String(logged.key(), StandardCharsets.UTF_8);
    String tableId = key.substring(key.indexOf('/') + 1);
    try {
      Table table = tables.deserialize(topic, logged.value());
      if (table == null) {
        newest.remove(tableId);
      } else {
        newest.put(tableId, new Definition(table, TraceHeaders.read(logged.headers())));
      }
      return Optional.of(tableId);
    } catch (MalformedRecordException malformed) {
      LOG.error(
          "catalog.malformed partition={} offset={}",
          logged.partition(),
          logged.offset(),
          malformed);
      return Optional.empty();
    }
  }

  private void announce(Set<String> tableIds) {
    synchronized (this) {
      notifyAll();
    }
    tableIds.forEach(changed);
  }

  @Override
  public void close() {
    thread.close();
    synchronized (this) {
      notifyAll();
    }
  }
}
