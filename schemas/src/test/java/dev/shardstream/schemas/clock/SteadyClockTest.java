package dev.shardstream.schemas.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private final AtomicLong wallMillis = new AtomicLong(1_000_000);
  private final AtomicLong nanos = new AtomicLong(-7);

  @Test
  void a_wall_clock_that_jumps_moves_nothing() {
    SteadyClock clock = new SteadyClock(new Wall(), nanos::get);
    assertThat(clock.millis()).isEqualTo(1_000_000);
    wallMillis.addAndGet(TimeUnit.HOURS.toMillis(5));
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
    assertThat(clock.millis()).isEqualTo(1_000_250);
    wallMillis.addAndGet(TimeUnit.DAYS.toMillis(-3));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(1_001_250));
  }

  private final class Wall extends Clock {
    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(wallMillis.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
