package dev.shardstream.schemas.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE_ID + "-00f067aa0ba902b7-01";

  @Test
  void a_correlation_id_wins_over_a_trace_id() {
    assertThat(TraceContext.received("invoice-17", PARENT, "vendor=1"))
        .contains(new TraceContext("invoice-17", PARENT, "vendor=1"));
  }

  @Test
  void a_trace_id_is_a_correlation_id_where_there_is_no_other() {
    assertThat(TraceContext.received(null, PARENT, null))
        .contains(new TraceContext(TRACE_ID, PARENT, null));
  }

  @Test
  void nothing_is_made_up() {
    assertThat(TraceContext.received(null, null, "vendor=1")).isEmpty();
    assertThat(TraceContext.received("invoice-17", null, "vendor=1"))
        .contains(TraceContext.of("invoice-17"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
      })
  void a_malformed_traceparent_counts_as_absent(String parent) {
    assertThat(TraceContext.received(null, parent, "vendor=1")).isEmpty();
  }

  @Test
  void a_later_version_may_say_more() {
    String later = "01-" + TRACE_ID + "-00f067aa0ba902b7-01-more";

    assertThat(TraceContext.received(null, later, null))
        .contains(new TraceContext(TRACE_ID, later, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "line\nbreak", "größe"})
  void what_a_log_line_could_not_hold_is_no_correlation_id(String id) {
    assertThat(TraceContext.received(id, null, null)).isEmpty();
    assertThatThrownBy(() -> TraceContext.of(id)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_command_without_one_goes_by_its_own_id() {
    assertThat(TraceContext.ofCommand("c 1\nü")).isEqualTo(TraceContext.of("c_1__"));
    assertThat(TraceContext.ofCommand("")).isEqualTo(TraceContext.of("_"));
    assertThat(TraceContext.ofCommand("x".repeat(300))).isEqualTo(TraceContext.of("x".repeat(200)));
  }

  @Test
  void records_bring_it_from_one_process_to_the_next() {
    TraceContext sent = new TraceContext("invoice-17", PARENT, "vendor=1");
    RecordHeaders headers = new RecordHeaders();
    TraceHeaders.write(sent, headers);

    assertThat(TraceHeaders.read(headers)).contains(sent);
    assertThat(TraceHeaders.read(new RecordHeaders())).isEqualTo(Optional.empty());
    assertThat(TraceHeaders.read(new RecordHeaders().add(TraceHeaders.CORRELATION_ID, null)))
        .isEmpty();
  }

  @Test
  void requests_bring_it_too() {
    Map<String, String> headers = new HashMap<>();
    TraceHeaders.writeHttp(new TraceContext("invoice-17", PARENT, null), headers::put);

    assertThat(headers).isEqualTo(Map.of("X-Correlation-Id", "invoice-17", "traceparent", PARENT));
  }
}
