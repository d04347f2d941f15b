package dev.shardstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class ThreadReplacementsTest {
  private static final int MOST = 30;

  private final ThreadReplacements replacements =
      new ThreadReplacements(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  @Test
  void a_bug_does_not_spin_for_ever() {
    for (int i = 0; i < MOST; i++) {
      assertThat(replacements.mayReplace(new IllegalStateException("a bug"))).isTrue();
    }
    assertThat(replacements.mayReplace(new IllegalStateException("a bug"))).isFalse();
  }

  @Test
  void a_registry_may_be_away_for_as_long_as_it_takes() {
    StreamsException waited =
        new StreamsException(
            new ShardstreamException(ErrorCode.REGISTRY_UNREACHABLE, "http://gone", 30));
    for (int i = 0; i < 10 * MOST; i++) {
      assertThat(replacements.mayReplace(waited)).isTrue();
    }
    assertThat(replacements.mayReplace(new IllegalStateException("a bug"))).isTrue();
  }
}
