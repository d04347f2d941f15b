package dev.shardstream.benchmarks.ddl;

import dev.shardstream.schemas.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Follows topics in a thread of its own, committed records only. */
final class TopicTail implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<String, byte[]> consumer;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param fromBeginning topics that are read whole; of the others only what comes
   * @param sink gets every record, in the tail's thread
   */
  TopicTail(
      KafkaClients kafka,
      List<String> fromBeginning,
      List<String> fromNow,
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> sink) {
    this.consumer =
        kafka.consumer(
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50));
    List<TopicPartition> whole = partitions(fromBeginning);
    List<TopicPartition> ends = partitions(fromNow);
    List<TopicPartition> all = new ArrayList<>(whole);
    all.addAll(ends);
    consumer.assign(all);
    consumer.seekToBeginning(whole);
    consumer.endOffsets(ends).forEach(consumer::seek);
    this.thread = new Thread(() -> follow(sink), "tail-" + all.get(0).topic());
    thread.setDaemon(true);
    thread.start();
  }

  private List<TopicPartition> partitions(List<String> topics) {
    return topics.stream()
        .flatMap(topic -> consumer.partitionsFor(topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private void follow(java.util.function.Consumer<ConsumerRecord<String, byte[]>> sink) {
    try (consumer) {
      while (!closed) {
        consumer.poll(POLL).forEach(sink);
      }
    } catch (WakeupException end) {
      if (!closed) {
        throw end;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
