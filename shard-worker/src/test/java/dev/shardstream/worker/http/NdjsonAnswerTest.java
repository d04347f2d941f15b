package dev.shardstream.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.http.QueryHeader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NdjsonAnswerTest {
  /** How many lines had been written whenever the stream was flushed. */
  private static final class Flushes extends ByteArrayOutputStream {
    private final List<Long> lines = new ArrayList<>();

    @Override
    public void flush() {
      lines.add(toString(StandardCharsets.UTF_8).lines().count());
    }
  }

  private static List<Long> flushes(int blockRows, int rows) {
    Flushes out = new Flushes();
    NdjsonAnswer answer = new NdjsonAnswer(out, blockRows, Long.MAX_VALUE);
    answer.begin(new QueryHeader(List.of("a"), List.of()));
    for (long i = 0; i < rows; i++) {
      answer.row(List.of(i));
    }
    answer.end(rows);
    return out.lines;
  }

  @Test
  void rows_are_sent_in_blocks_and_the_rest_at_the_end() {
    assertThat(flushes(4, 10)).containsExactly(5L, 9L, 12L);
    assertThat(flushes(1, 3)).containsExactly(2L, 3L, 4L, 5L);
    assertThat(flushes(500, 10)).containsExactly(12L);
  }
}
