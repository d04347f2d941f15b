package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;

class LiveScreenTest {
  @Test
  void it_draws_what_fits_and_ends_with_q() throws IOException {
    assertThat(drawn("xq")).isEqualTo("frame 1 is\r\nsecond lin\r\n");
  }

  @Test
  void it_ends_when_nobody_is_there_any_more() throws IOException {
    assertThat(drawn("")).isEqualTo("frame 1 is\r\nsecond lin\r\n");
  }

  private static String drawn(String keys) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AtomicInteger frames = new AtomicInteger();
    try (Terminal terminal =
        new DumbTerminal(
            "test",
            "dumb",
            new ByteArrayInputStream(keys.getBytes(StandardCharsets.US_ASCII)),
            out,
            StandardCharsets.UTF_8)) {
      terminal.setSize(new Size(10, 3));
      new LiveScreen.Drawn(Duration.ofSeconds(60))
          .show(
              terminal,
              () -> "frame " + frames.incrementAndGet() + " is wide\nsecond line\nthird\nfourth\n");
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
