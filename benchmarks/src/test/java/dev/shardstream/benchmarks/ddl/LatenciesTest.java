package dev.shardstream.benchmarks.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void a_percentile_is_a_duration_that_was_measured() {
    Latencies latencies =
        Latencies.of(LongStream.rangeClosed(1, 200).map(i -> (201 - i) * 1_000_000).toArray());
    assertThat(latencies.millis(50)).isEqualTo(100);
    assertThat(latencies.millis(99)).isEqualTo(198);
    assertThat(latencies.millis(100)).isEqualTo(200);
    assertThat(Latencies.of(new long[] {7_000_000}).millis(99)).isEqualTo(7);
    assertThat(Latencies.of(new long[0]).millis(50)).isNaN();
  }
}
