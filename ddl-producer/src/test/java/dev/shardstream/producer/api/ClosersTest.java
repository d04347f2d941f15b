package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosersTest {
  private final List<String> closed = new ArrayList<>();
  private final Closers closers = new Closers();

  @Test
  void everything_is_closed_once_the_last_first_whatever_fails_meanwhile() {
    closers.push(() -> closed.add("first"));
    closers.push(() -> fail("second"));
    closers.push(() -> fail("third"));
    closers.push(() -> closed.add("fourth"));

    assertThatThrownBy(closers::close)
        .hasMessage("third")
        .satisfies(
            e -> assertThat(e.getSuppressed()).extracting("message").containsExactly("second"));
    assertThat(closed).containsExactly("fourth", "third", "second", "first");

    closers.close();
    assertThat(closed).hasSize(4);
  }

  @Test
  void the_failure_that_it_is_closed_for_keeps_what_fails_meanwhile() {
    RuntimeException failure = new IllegalStateException("failure");
    closers.push(() -> closed.add("first"));
    closers.push(() -> fail("second"));

    closers.closeAfter(failure);

    assertThat(failure.getSuppressed()).extracting("message").containsExactly("second");
    assertThat(closed).containsExactly("second", "first");
  }

  private void fail(String closer) {
    closed.add(closer);
    throw new IllegalStateException(closer);
  }
}
