package dev.shardstream.worker.node;

import dev.shardstream.schemas.event.RejectedWrite;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.RejectionTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes refused changes from the shard files, at least once each. Every shard that follows the
 * log does it, sources and targets of a reshard alike: table, partition and offset identify a
 * rejection, so one that comes twice is no second one.
 */
public final class RejectionPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RejectionPublisher.class);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration READ_WAIT = Duration.ofSeconds(1);
  private static final long SEND_LIMIT_SECONDS = 30;
  private static final int AT_ONCE = 1_000;

  private final ShardRegistry shards;
  private final Producer<String, RejectedWrite> producer;
  private final String topic;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "rejections");

  /**
   * @param producer stays the caller's
   */
  public RejectionPublisher(
      ShardRegistry shards, Producer<String, RejectedWrite> producer, String topic) {
    this.shards = shards;
    this.producer = producer;
    this.topic = topic;
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        for (HostedShard shard : shards.all()) {
          publish(shard);
        }
      }
    } catch (InterruptedException stopped) {
      LOG.debug("rejections.stopped");
    }
  }

  private void publish(HostedShard shard) throws InterruptedException {
    if (shard.applier().isEmpty() || shard.file().broken().isPresent()) {
      return;
    }
    Applier applier = shard.applier().get();
    try {
      List<Rejection> rejections =
          shard.readers().read(READ_WAIT, reader -> RejectionTable.unpublished(reader, AT_ONCE));
      if (rejections.isEmpty()) {
        return;
      }
      send(shard, rejections);
      markPublished(shard, applier, rejections);
    } catch (SQLException | RuntimeException | ExecutionException | TimeoutException failure) {
      // They stay unpublished in the file, and the next round takes them again.
      LOG.warn("rejections.publish.failed shard={}", shard.ref(), failure);
    }
  }

  /** No owner is left to do it for a shard whose applier has ended. */
  private static void markPublished(HostedShard shard, Applier applier, List<Rejection> rejections)
      throws SQLException, InterruptedException, ExecutionException, TimeoutException {
    if (!shard.whileEnded(file -> RejectionTable.markPublished(file.writer(), rejections))) {
      applier
          .requests()
          .submit(() -> RejectionTable.markPublished(shard.file().writer(), rejections))
          .get(SEND_LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void send(HostedShard shard, List<Rejection> rejections)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<Future<?>> sent = new ArrayList<>(rejections.size());
    for (Rejection rejection : rejections) {
      sent.add(
          producer.send(
              new ProducerRecord<>(topic, shard.ref().tableId(), event(shard, rejection))));
    }
    for (Future<?> one : sent) {
      one.get(SEND_LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static RejectedWrite event(HostedShard shard, Rejection rejection) {
    return new RejectedWrite(
        shard.ref().tableId(),
        rejection.partition(),
        rejection.offset(),
        rejection.code(),
        rejection.message(),
        rejection.at());
  }

  @Override
  public void close() {
    stop.countDown();
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
