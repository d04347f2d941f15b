package dev.shardstream.standalone.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.standalone.workload.Pulse.Beat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimingTest {
  @Test
  void the_longest_silence_counts_also_at_the_end() {
    Silence silence = new Silence();
    silence.start(100);
    silence.heard(110);
    silence.heard(150);
    silence.heard(140);
    assertThat(silence.stop(170)).isEqualTo(Duration.ofNanos(40));

    silence.start(200);
    silence.heard(210);
    assertThat(silence.stop(300)).isEqualTo(Duration.ofNanos(90));
  }

  @Test
  void a_sign_is_heard_after_a_moment_only_while_somebody_watches() {
    Silence silence = new Silence();
    silence.heard(90);
    assertThat(silence.heardAfter(80)).isFalse();
    silence.start(100);
    silence.heard(110);
    assertThat(silence.heardAfter(105)).isTrue();
    assertThat(silence.heardAfter(110)).isFalse();
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
