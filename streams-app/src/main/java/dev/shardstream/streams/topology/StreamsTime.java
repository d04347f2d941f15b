package dev.shardstream.streams.topology;

import java.time.Clock;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * The time of Kafka Streams by a clock of ours. Punctuations are due by it, and the coordinator
 * measures silence and patience with it: a machine's clock that is set back by an hour must not let
 * an hour pass without a tick, and one that is set forward must not make every node lost.
 */
public final class StreamsTime implements Time {
  private final Clock clock;

  public StreamsTime(Clock clock) {
    this.clock = clock;
  }

  @Override
  public long milliseconds() {
    return clock.millis();
  }

  @Override
  public long nanoseconds() {
    return Time.SYSTEM.nanoseconds();
  }

  @Override
  public void sleep(long millis) {
    Time.SYSTEM.sleep(millis);
  }

  /**
   * @param deadlineMillis by {@link #milliseconds()}
   */
  @Override
  public void waitObject(Object lock, Supplier<Boolean> condition, long deadlineMillis)
      throws InterruptedException {
    long left = deadlineMillis - milliseconds();
    Time.SYSTEM.waitObject(lock, condition, Time.SYSTEM.milliseconds() + left);
  }
}
