package dev.shardstream.worker.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.Versions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatalogFollowerTest {
  private static final String TOPIC = "test.catalog";
  private static final TopicPartition ONE = new TopicPartition(TOPIC, 0);
  private static final String ID = Orders.TABLE.getTableId();

  private final Serde<Table> serde =
      new Events(ConfluentRegistry.connect("mock://" + UUID.randomUUID(), Duration.ofSeconds(1)))
          .serde(Table.class);
  private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
  private final List<String> changed = new CopyOnWriteArrayList<>();
  private final AtomicBoolean kafkaAway = new AtomicBoolean();
  private final AtomicInteger consumers = new AtomicInteger();
  private final List<Table> eight = Versions.eight();
  private final CatalogFollower follower =
      new CatalogFollower(TOPIC, TopicConsumer::new, serde.deserializer(), changed::add);

  @AfterEach
  void close() {
    follower.close();
  }

  private void put(Table table) {
    append(serde.serializer().serialize(TOPIC, table));
  }

  private void append(byte[] value) {
    synchronized (log) {
      byte[] key = Tables.key("default", ID).getBytes(StandardCharsets.UTF_8);
      log.add(new ConsumerRecord<>(TOPIC, 0, log.size(), key, value));
    }
  }

  /** Reads the log from wherever it is told to. */
  private final class TopicConsumer extends MockConsumer<byte[], byte[]> {
    private int given = -1;

    TopicConsumer() {
      super("none");
      consumers.incrementAndGet();
      updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
      updateBeginningOffsets(Map.of(ONE, 0L));
      synchronized (log) {
        updateEndOffsets(Map.of(ONE, (long) log.size()));
      }
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration wait) {
      if (kafkaAway.compareAndSet(true, false)) {
        throw new KafkaException("away");
      }
      synchronized (log) {
        given = given < 0 ? (int) position(ONE) : given;
        log.subList(given, log.size()).forEach(this::addRecord);
        given = log.size();
      }
      ConsumerRecords<byte[], byte[]> polled = super.poll(wait);
      if (polled.isEmpty()) {
        LockSupport.parkNanos(2_000_000);
      }
      return polled;
    }
  }

  @Test
  void nothing_is_known_until_the_catalog_was_read_to_its_end_and_then_only_the_newest() {
    eight.forEach(this::put);
    assertThat(follower.newest(ID)).isEmpty();
    follower.start();
    await().until(follower::isComplete);
    assertThat(follower.newest(ID)).contains(eight.get(7));
    await().untilAsserted(() -> assertThat(changed).containsExactly(ID));
    assertThat(follower.newest("default-other-1")).isEmpty();
  }

  @Test
  void what_comes_later_is_announced_and_a_table_that_is_gone_is_forgotten() {
    put(eight.get(0));
    follower.start();
    await().until(follower::isComplete);
    put(eight.get(1));
    await().until(() -> changed.size() == 2);
    assertThat(follower.newest(ID)).contains(eight.get(1));
    append(null);
    await().until(() -> changed.size() == 3);
    assertThat(follower.newest(ID)).isEmpty();
  }

  @Test
  void after_a_failure_it_goes_on_where_it_was() {
    put(eight.get(0));
    follower.start();
    await().until(follower::isComplete);
    kafkaAway.set(true);
    await().until(() -> consumers.get() == 2);
    put(eight.get(1));
    await().until(() -> changed.size() == 2);
    assertThat(follower.newest(ID)).contains(eight.get(1));
  }

  @Test
  void a_record_that_cannot_be_read_does_not_stop_it() {
    append(new byte[] {7});
    put(eight.get(0));
    follower.start();
    await().until(follower::isComplete);
    assertThat(follower.newest(ID)).contains(eight.get(0));
  }

  @Test
  void whoever_waits_for_a_definition_gets_it_as_soon_as_it_comes() {
    follower.start();
    await().until(follower::isComplete);
    assertThat(follower.await(ID, table -> true, Duration.ofMillis(20))).isEmpty();
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(
            () ->
                follower
                    .await(ID, table -> table.getSchemaVersion() == 3, Duration.ofMinutes(1))
                    .orElseThrow()
                    .getSchemaVersion());
    put(eight.get(1));
    put(eight.get(2));
    assertThat(waiting).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(3);
  }
}
