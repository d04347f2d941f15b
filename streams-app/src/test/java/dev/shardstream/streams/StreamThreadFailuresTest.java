package dev.shardstream.streams;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.streams.topology.ControlMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamThreadFailuresTest {
  /** As Kafka Streams does: the failure is shown in its thread, and then thrown out of it. */
  @Test
  void a_thread_that_is_replaced_does_not_end_the_process() throws Exception {
    StreamThreadFailures failures =
        new StreamThreadFailures(
            new ThreadReplacements(Clock.systemUTC()),
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
}
