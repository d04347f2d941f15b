package dev.shardstream.streams.group;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees offsets that stay pending though every transaction is over. Nobody gets such offsets, so no
 * stream thread can begin: the control plane would stand still until the broker that leads the
 * group is started again. Seen with Kafka 4.3.1, whose coordinator can come up with a state of long
 * ago when its broker was killed. What is read again from there was decided before, and is decided
 * alike.
 */
public final class GroupWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  /** Three times as long as a transaction lasts at most. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final GroupOffsets offsets;
  private final Runnable freed;
  private final StuckOffsets stuck = new StuckOffsets(PATIENCE, System::nanoTime);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("group-watch"));

  /**
   * @param freed called whenever offsets had to be freed
   */
  public GroupWatch(GroupOffsets offsets, Runnable freed) {
    this.offsets = offsets;
    this.freed = freed;
  }

  public void start() {
    timer.scheduleWithFixedDelay(
        this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      GroupOffsets.Committed now = offsets.read();
      if (stuck.are(now)) {
        LOG.error("offsets.stuck pending={} committed={}", now.pending(), now.offsets());
        offsets.endTransactions(now.offsets());
        stuck.freed();
        freed.run();
        LOG.warn("offsets.freed pending={}", offsets.read().pending());
      }
    } catch (KafkaException | ShardstreamException away) {
      LOG.debug("offsets.unknown", away);
    } catch (RuntimeException failure) {
      LOG.warn("offsets.watch.failed", failure);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
