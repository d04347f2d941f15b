package dev.shardstream.schemas.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StatementDeadlineTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicInteger interrupts = new AtomicInteger();

  @Test
  void an_interrupt_that_was_lost_is_followed_by_another() {
    try (StatementDeadline deadline =
        new StatementDeadline(Duration.ofMillis(1), interrupts::incrementAndGet)) {
      await().atMost(LONG).until(() -> interrupts.get() >= 3);
      assertThat(deadline.hasPassed()).isTrue();
    }
  }

  @Test
  void nothing_is_interrupted_before_the_time_or_after_the_end() {
    StatementDeadline later = new StatementDeadline(LONG, interrupts::incrementAndGet);
    StatementDeadline deadline = new StatementDeadline(Duration.ZERO, interrupts::incrementAndGet);
    await().atMost(LONG).until(() -> interrupts.get() > 0);
    assertThat(later.hasPassed()).isFalse();
    deadline.close();

    int before = interrupts.get();

    await().during(Duration.ofMillis(300)).atMost(LONG).until(() -> interrupts.get() == before);
    later.close();
  }

  @Test
  void time_that_is_over_is_over_before_anybody_was_interrupted() {
    try (StatementDeadline deadline = new StatementDeadline(Duration.ZERO, () -> {})) {
      assertThat(deadline.hasPassed()).isTrue();
    }
  }
}
