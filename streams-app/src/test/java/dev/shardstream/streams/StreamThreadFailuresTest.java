package dev.shardstream.streams;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.streams.topology.ControlMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamThreadFailuresTest {
  /** More than are replaced in a while for any other reason. */
  private static final int FAILURES = 40;

  /** As Kafka Streams does: the failure is shown in its thread, and then thrown out of it. */
  @Test
  void a_thread_that_is_replaced_does_not_end_the_process() throws Exception {
    StreamThreadFailures failures =
        new StreamThreadFailures(
            new ThreadReplacements(Clock.systemUTC()),
            new StateDisk(() -> Long.MAX_VALUE),
            new ControlMetrics(new SimpleMeterRegistry()));
    List<Object> seen = Collections.synchronizedList(new ArrayList<>());
    IllegalStateException failure = new IllegalStateException("a bug");
    Thread thread =
        new Thread(
            () -> {
              seen.add(failures.handle(failure));
              throw failure;
            });
    // As at the start of the process, where what ends a thread ends all of them.
    thread.setUncaughtExceptionHandler((dead, thrown) -> seen.add("the process ends"));
    thread.start();
    thread.join();
    assertThat(seen).containsExactly(REPLACE_THREAD);
  }

  @Test
  void a_full_disk_is_waited_for_and_never_ends_the_process() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    // Full when a thread fails, and not any more when it looks again.
    StateDisk disk = new StateDisk(() -> asked.incrementAndGet() % 2 == 0 ? 1L << 30 : 0);
    StreamThreadFailures failures =
        new StreamThreadFailures(
            new ThreadReplacements(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)),
            disk,
            new ControlMetrics(new SimpleMeterRegistry()));
    List<Object> seen = Collections.synchronizedList(new ArrayList<>());
    Thread thread =
        new Thread(
            () -> {
              for (int i = 0; i < FAILURES; i++) {
                seen.add(failures.handle(new IllegalStateException("no room")));
              }
            });
    thread.start();
    thread.join();
    assertThat(seen).hasSize(FAILURES).containsOnly(REPLACE_THREAD);
    assertThat(asked).hasValue(2 * FAILURES);
  }

  @Test
  void what_nobody_knows_of_a_disk_does_not_make_it_full(@TempDir Path directory) {
    assertThat(StateDisk.of(Path.of("/nowhere/at/all")).isFull()).isFalse();
    assertThat(StateDisk.of(directory).isFull()).isFalse();
  }
}
