package dev.shardstream.worker.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final Pace pace = new Pace(now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static OptionalLong wait(Duration time) {
    return OptionalLong.of(time.toNanos());
  }

  @Test
  void without_a_limit_nothing_waits() {
    pace.copied(1_000_000, 1);
    assertThat(pace.waitNanos()).hasValue(0);
  }

  @Test
  void what_was_more_than_the_rate_allows_is_waited_for() {
    pace.set(false, OptionalLong.of(100));
    pace.copied(300, Duration.ofSeconds(1).toNanos());
    assertThat(pace.waitNanos()).isEqualTo(wait(Duration.ofSeconds(2)));
    pass(Duration.ofMillis(500));
    assertThat(pace.waitNanos()).isEqualTo(wait(Duration.ofMillis(1_500)));
    pass(Duration.ofSeconds(10));
    assertThat(pace.waitNanos()).hasValue(0);
    pace.copied(100, 0);
    assertThat(pace.waitNanos()).isEqualTo(wait(Duration.ofSeconds(1)));
  }

  @Test
  void another_rate_counts_at_once_for_what_is_owed_already() {
    pace.set(false, OptionalLong.of(1));
    pace.copied(4_000, 0);
    assertThat(pace.waitNanos()).isEqualTo(wait(Duration.ofSeconds(4_000)));
    pace.set(false, OptionalLong.of(8_000));
    assertThat(pace.waitNanos()).isEqualTo(wait(Duration.ofMillis(500)));
    pace.set(false, OptionalLong.empty());
    assertThat(pace.waitNanos()).hasValue(0);
    pace.set(false, OptionalLong.of(1));
    assertThat(pace.waitNanos()).hasValue(0);
  }

  @Test
  void a_pause_ends_only_by_another_pace_and_pays_meanwhile() {
    pace.set(false, OptionalLong.of(100));
    pace.copied(300, 0);
    pace.set(true, OptionalLong.of(100));
    assertThat(pace.waitNanos()).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(pace.waitNanos()).isEmpty();
    pace.set(false, OptionalLong.of(100));
    assertThat(pace.waitNanos()).isEqualTo(wait(Duration.ofSeconds(2)));
  }

  @Test
  void a_stopped_copy_never_goes_on() {
    pace.stop();
    pace.set(false, OptionalLong.empty());
    assertThat(pace.isStopped()).isTrue();
    assertThat(pace.waitNanos()).isEmpty();
  }
}
