package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.api.ReshardInfo;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReshardWatchTest {
  private static final Map<String, Long> PHASES = new LinkedHashMap<>();

  static {
    PHASES.put("queued", 100L);
    PHASES.put("copying", 4200L);
    PHASES.put("complete", 0L);
  }

  private final StringWriter out = new StringWriter();

  @Test
  void each_phase_is_a_line_and_the_end_a_summary() {
    watch(
        info("copying", 10, null),
        info("copying", 256, null),
        info("replaying", 256, null),
        info("verifying", 256, null),
        info("switching", 256, null),
        info("complete", 256, null));

    assertThat(out.toString())
        .isEqualTo(
            """
            copying
            replaying
            verifying
            switching
            complete after 5.0 s: 1000 rows copied, 7 changes replayed, 256 virtual shards compared \
            (queued 0.1 s, copying 4.2 s)
            """);
  }

  @Test
  void a_reshard_that_fails_is_an_error_with_its_reason() {
    assertThatThrownBy(() -> watch(info("copying", 10, null), info("failed", 10, "NODE_LOST")))
        .hasMessage("Reshard 'r1' of table 'orders' failed: NODE_LOST: gone");
    assertThat(out.toString()).isEqualTo("copying\n");
  }

  @Test
  void a_reshard_that_was_cancelled_is_an_error_too() {
    assertThatThrownBy(() -> watch(info("rolled_back", 10, null)))
        .hasMessage("Reshard 'r1' of table 'orders' failed: it was rolled back");
  }

  @Test
  void progress_is_a_share_of_what_was_to_be_done_at_first_however_many_targets_there_are() {
    assertThat(
            Stream.of(
                    info("copying", 512, 256, null),
                    info("copying", 1024, 1024, null),
                    info("copying", 64, 16, null))
                .map(now -> ReshardWatch.share(now, 256)))
        .containsExactly(128L, 256L, 64L);
  }

  private void watch(ReshardInfo... updates) {
    Iterator<ReshardInfo> next = List.of(updates).iterator();
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    ReshardWatch.of(
            info("queued", 0, null),
            1000,
            new Progress.Lines(nowhere, "reshard", 256),
            new PrintWriter(out, true))
        .follow(interval -> next.next());
  }

  private static ReshardInfo info(String status, int copied, @Nullable String errorCode) {
    return info(status, 256, copied, errorCode);
  }

  private static ReshardInfo info(
      String status, int virtualShards, int copied, @Nullable String errorCode) {
    return new ReshardInfo(
        "r1",
        "orders",
        "default-orders-1",
        "reshard",
        status,
        false,
        null,
        4,
        8,
        virtualShards,
        copied,
        1000,
        500,
        7,
        null,
        256,
        0,
        10_000,
        15_000,
        status.equals("complete") ? PHASES : Map.of(),
        List.of(),
        null,
        errorCode,
        errorCode == null ? null : "gone");
  }
}
