package dev.shardstream.streams.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StuckOffsetsTest {
  private static final TopicPartition EVENTS = new TopicPartition("task-events", 3);
  private static final TopicPartition COMMANDS = new TopicPartition("ddl-commands", 3);

  private final AtomicLong nanos = new AtomicLong();
  private final StuckOffsets stuck = new StuckOffsets(Duration.ofSeconds(30), nanos::get);

  private boolean after(int seconds, long committed, TopicPartition... pending) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    return stuck.are(
        new GroupOffsets.Committed(Map.of(EVENTS, committed, COMMANDS, 45L), Set.of(pending)));
  }

  @Test
  void the_same_offsets_pending_for_longer_than_a_transaction_are_stuck() {
    assertThat(after(0, 8_709, EVENTS, COMMANDS)).isFalse();
    assertThat(after(29, 8_709, EVENTS, COMMANDS)).isFalse();
    assertThat(after(1, 8_709, EVENTS, COMMANDS)).isTrue();
    stuck.freed();
    assertThat(after(1, 8_709, EVENTS, COMMANDS)).isFalse();
    assertThat(after(30, 8_709, EVENTS, COMMANDS)).isTrue();
  }

  @Test
  void transactions_that_come_and_go_are_not() {
    assertThat(after(0, 1, EVENTS)).isFalse();
    assertThat(after(40, 2, EVENTS)).isFalse();
    assertThat(after(40, 2, EVENTS, COMMANDS)).isFalse();
    assertThat(after(10, 2)).isFalse();
    assertThat(after(40, 2)).isFalse();
    assertThat(after(40, 2, EVENTS, COMMANDS)).isFalse();
  }
}
