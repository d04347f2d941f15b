package dev.shardstream.schemas.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TraceScopeTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @AfterEach
  void clear() {
    TraceScope.none().enter();
    MDC.clear();
  }

  @Test
  void log_lines_have_the_fields_of_the_innermost_scope() {
    MDC.put("tenant", "acme");
    TraceScope outer =
        TraceScope.none()
            .with(new TraceContext("invoice-17", PARENT, null))
            .with(LogField.TABLE, "orders-1");
    outer.run(
        () -> {
          assertThat(MDC.getCopyOfContextMap())
              .isEqualTo(
                  Map.of(
                      "tenant", "acme",
                      "correlation", "invoice-17",
                      "trace_id", "4bf92f3577b34da6a3ce929d0e0e4736",
                      "table", "orders-1"));
          TraceScope.current()
              .with(TraceContext.of("other"))
              .with(LogField.TABLE, null)
              .with(LogField.SHARD, "orders-1/3")
              .run(
                  () ->
                      assertThat(MDC.getCopyOfContextMap())
                          .isEqualTo(
                              Map.of(
                                  "tenant", "acme",
                                  "correlation", "other",
                                  "shard", "orders-1/3")));
          assertThat(TraceScope.current()).isSameAs(outer);
          assertThat(MDC.get("table")).isEqualTo("orders-1");
        });
    assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("tenant", "acme"));
    assertThat(TraceScope.current().trace()).isEmpty();
  }

  @Test
  void a_failure_leaves_the_scope_too() {
    assertThatThrownBy(
            () ->
                TraceScope.none()
                    .with(TraceContext.of("invoice-17"))
                    .run(
                        () -> {
                          throw new IOException("disk");
                        }))
        .isInstanceOf(IOException.class);

    assertThat(MDC.get("correlation")).isNull();
  }
}
