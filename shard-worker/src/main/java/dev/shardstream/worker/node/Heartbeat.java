package dev.shardstream.worker.node;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster about this node: at a regular interval, and at once when a shard changes its
 * state. The first one registers the node, the last one says that it leaves.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** However much happens, not more often, and not for more than a tenth of the time. */
  private static final long LEAST_PAUSE_MILLIS = 50;

  private static final int LEAST_REST = 9;

  private static final long STOP_LIMIT_MILLIS = 10_000;

  private final NodeIdentity identity;
  private final Producer<String, Node> producer;
  private final String topic;
  private final ShardRegistry shards;
  private final DataDirectory directory;
  private final Duration interval;
  private final Clock clock;
  private final NodeMetrics metrics;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread = new Thread(this::run, "heartbeat");
  private volatile boolean stopping;
  private volatile boolean registered;
  private volatile boolean failing;

  /**
   * @param producer stays the caller's
   */
  public Heartbeat(
      NodeIdentity identity,
      Producer<String, Node> producer,
      String topic,
      ShardRegistry shards,
      DataDirectory directory,
      Duration interval,
      Clock clock,
      NodeMetrics metrics) {
    this.identity = identity;
    this.producer = producer;
    this.topic = topic;
    this.shards = shards;
    this.directory = directory;
    this.interval = interval;
    this.clock = clock;
    this.metrics = metrics;
  }

  public void start() {
    thread.start();
  }

  /** Sends one soon. */
  public void announce() {
    news.release();
  }

  /** Whether Kafka has taken a heartbeat of this process. */
  public boolean isRegistered() {
    return registered;
  }

  private void run() {
    while (!stopping) {
      long started = System.nanoTime();
      beat(NodeState.UP);
      waitForNews((System.nanoTime() - started) / 1_000_000);
    }
  }

  private void waitForNews(long beatMillis) {
    long pause =
        Math.min(interval.toMillis(), Math.max(LEAST_PAUSE_MILLIS, LEAST_REST * beatMillis));
    try {
      TimeUnit.MILLISECONDS.sleep(pause);
      if (news.tryAcquire(interval.toMillis() - pause, TimeUnit.MILLISECONDS)) {
        news.drainPermits();
      }
    } catch (InterruptedException stop) {
      stopping = true;
    }
  }

  private void beat(NodeState state) {
    try {
      producer.send(
          new ProducerRecord<>(topic, identity.nodeId(), node(state)),
          (sent, failure) -> outcome(failure));
    } catch (IOException | RuntimeException failure) {
      outcome(failure);
    }
  }

  private void outcome(@Nullable Exception failure) {
    metrics.sent(failure == null);
    if (failure == null) {
      if (!registered) {
        LOG.info(
            "node.registered node={} incarnation={} endpoint={}",
            identity.nodeId(),
            identity.incarnation(),
            identity.endpoint());
      }
      registered = true;
      failing = false;
    } else if (!failing) {
      failing = true;
      LOG.warn("node.heartbeat.failed node={}", identity.nodeId(), failure);
    }
  }

  private Node node(NodeState state) throws IOException {
    Node heartbeat =
        new Node(
            identity.nodeId(),
            identity.incarnation(),
            identity.endpoint(),
            state,
            clock.millis(),
            directory.freeBytes(),
            directory.capacityBytes(),
            shards.reports());
    metrics.show(heartbeat, shards.walBytes());
    return heartbeat;
  }

  /** Ends the beat and says that the node leaves. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join(STOP_LIMIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    beat(NodeState.LEAVING);
  }
}
