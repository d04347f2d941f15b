package dev.shardstream.standalone.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.standalone.workload.Pulse.Beat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimingTest {
  @Test
  void the_longest_silence_between_acknowledgements_counts_also_at_the_end() {
    AckClock clock = new AckClock();
    clock.start(100);
    clock.acknowledged(110);
    clock.acknowledged(150);
    clock.acknowledged(140);
    assertThat(clock.stop(170)).isEqualTo(Duration.ofNanos(40));

    clock.start(200);
    clock.acknowledged(210);
    assertThat(clock.stop(300)).isEqualTo(Duration.ofNanos(90));
  }

  @Test
  void a_read_is_as_stale_as_the_first_number_it_missed() {
    Pulse pulse = new Pulse();
    pulse.acknowledged(new Beat(1, 100));
    pulse.acknowledged(new Beat(2, 200));
    pulse.acknowledged(new Beat(3, 300));
    assertThat(pulse.stalenessNanos(3, 350)).isZero();
    assertThat(pulse.stalenessNanos(1, 350)).isEqualTo(150);
    assertThat(pulse.stalenessNanos(2, 250)).isZero();
  }
}
