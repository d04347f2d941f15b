package dev.shardstream.schemas.trace;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Trace context in headers, those of Kafka's records and those of HTTP. */
public final class TraceHeaders {
  /** Of a record in Kafka. */
  public static final String CORRELATION_ID = "correlation-id";

  /** Of an HTTP request. */
  public static final String HTTP_CORRELATION_ID = "X-Correlation-Id";

  /** Of both (https://www.w3.org/TR/trace-context/). */
  public static final String TRACEPARENT = "traceparent";

  /** Of both. */
  public static final String TRACESTATE = "tracestate";

  private TraceHeaders() {}

  /** What a record brings; empty when it brings nothing that can be read. */
  public static Optional<TraceContext> read(Headers headers) {
    return TraceContext.received(
        text(headers, CORRELATION_ID), text(headers, TRACEPARENT), text(headers, TRACESTATE));
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Gives a record its context. */
  public static void write(TraceContext trace, Headers headers) {
    put(
        trace,
        CORRELATION_ID,
        (name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
  }

  /** Gives a record the context for which this thread works, if there is one. */
  public static void writeCurrent(Headers headers) {
    TraceScope.current().trace().ifPresent(trace -> write(trace, headers));
  }

  /**
   * Gives an HTTP request its context.
   *
   * @param header sets a header
   */
  public static void writeHttp(TraceContext trace, BiConsumer<String, String> header) {
    put(trace, HTTP_CORRELATION_ID, header);
  }

  private static void put(
      TraceContext trace, String correlation, BiConsumer<String, String> header) {
    header.accept(correlation, trace.correlationId());
    if (trace.traceparent() != null) {
      header.accept(TRACEPARENT, trace.traceparent());
    }
    if (trace.tracestate() != null) {
      header.accept(TRACESTATE, trace.tracestate());
    }
  }
}
