package dev.shardstream.worker.fresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TransactionWatchTest {
  private static final LogPartition A0 = new LogPartition("a", 0);
  private static final LogPartition A1 = new LogPartition("a", 1);
  private static final LogPartition B0 = new LogPartition("b", 0);
  private static final String SECONDS = "shardstream_worker_open_transaction_seconds";
  private static final String OFFSETS = "shardstream_worker_unstable_offsets";

  private final Map<LogPartition, Long> stable = new HashMap<>();
  private final Map<LogPartition, Long> ends = new HashMap<>();
  private final Set<LogPartition> followed = new HashSet<>(Set.of(A0, A1, B0));
  private final AtomicLong seconds = new AtomicLong();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final TransactionWatch watch =
      new TransactionWatch(
          partitions -> answers(stable, partitions),
          partitions -> answers(ends, partitions),
          () -> Set.copyOf(followed),
          () -> seconds.get() * 1_000_000_000,
          metrics);

  private static Map<LogPartition, CompletableFuture<Long>> answers(
      Map<LogPartition, Long> known, Set<LogPartition> asked) {
    return asked.stream()
        .collect(
            Collectors.toMap(
                each -> each,
                each ->
                    known.containsKey(each)
                        ? CompletableFuture.completedFuture(known.get(each))
                        : CompletableFuture.failedFuture(new IllegalStateException("no leader"))));
  }

  @Test
  void a_log_whose_readable_end_moves_is_not_held_however_much_is_behind_it() {
    for (int i = 0; i < 10; i++) {
      look(A0, 10 * i, 10 * i + 5);
    }
    assertThat(shown(SECONDS)).isEqualTo(Map.of("a", 0.0));
    assertThat(shown(OFFSETS)).isEqualTo(Map.of("a", 5.0));
  }

  @Test
  void the_partition_that_has_stood_still_for_longest_counts_and_the_offsets_of_all_of_them() {
    look(A0, 4, 7);
    look(A1, 1, 2);
    look(B0, 9, 9);
    look(A0, 4, 20);

    assertThat(shown(SECONDS)).isEqualTo(Map.of("a", 30.0, "b", 0.0));
    assertThat(shown(OFFSETS)).isEqualTo(Map.of("a", 17.0, "b", 0.0));

    look(A0, 20, 20);
    assertThat(shown(SECONDS)).isEqualTo(Map.of("a", 30.0, "b", 0.0));
    followed.removeAll(Set.of(A0, A1));
    look(B0, 9, 9);
    assertThat(shown(SECONDS)).isEqualTo(Map.of("b", 0.0));
  }

  @Test
  void a_partition_that_nobody_answers_for_stays_as_it_was_seen() {
    look(A0, 4, 7);
    stable.clear();
    seconds.addAndGet(10);
    watch.look();

    assertThat(shown(SECONDS)).isEqualTo(Map.of("a", 10.0));
  }

  private void look(LogPartition partition, long stableEnd, long end) {
    seconds.addAndGet(10);
    stable.put(partition, stableEnd);
    ends.put(partition, end);
    watch.look();
  }

  private Map<String, Double> shown(String metric) {
    return metrics.find(metric).gauges().stream()
        .collect(
            Collectors.toMap(
                gauge -> String.valueOf(gauge.getId().getTag("table")),
                Gauge::value,
                Double::sum,
                TreeMap::new));
  }
}
