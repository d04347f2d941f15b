package dev.shardstream.schemas.trace;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a thread works on and for whom. While it runs something in a scope, its log lines have the
 * scope's fields, and what it sends has the scope's trace context. Immutable; another thread that
 * goes on with the work runs it in the same scope.
 *
 * <pre>{@code
 * TraceScope.none().with(TraceContext.of("invoice-17"))
 *     .run(() -> shardstream.execute("ALTER TABLE orders ADD COLUMN paid BOOLEAN"));
 * }</pre>
 */
public final class TraceScope {
  private static final TraceScope NONE = new TraceScope(null, new EnumMap<>(LogField.class));
  private static final ThreadLocal<TraceScope> CURRENT = ThreadLocal.withInitial(() -> NONE);

  private final @Nullable TraceContext trace;
  private final Map<LogField, String> fields;

  private TraceScope(@Nullable TraceContext trace, Map<LogField, String> fields) {
    this.trace = trace;
    this.fields = fields;
  }

  /** Something to be done that can fail in its own way. */
  @FunctionalInterface
  public interface Work<E extends Exception> {
    void run() throws E;
  }

  /** Something to be found out that can fail in its own way. */
  @FunctionalInterface
  public interface Question<T, E extends Exception> {
    T answer() throws E;
  }

  /** Nothing is known. */
  public static TraceScope none() {
    return NONE;
  }

  /** What this thread runs in. */
  public static TraceScope current() {
    return CURRENT.get();
  }

  /** For whom; empty when nobody said. */
  public Optional<TraceContext> trace() {
    return Optional.ofNullable(trace);
  }

  /** This scope, for someone. */
  public TraceScope with(TraceContext context) {
    Map<LogField, String> all = new EnumMap<>(fields);
    all.put(LogField.CORRELATION, context.correlationId());
    all.remove(LogField.TRACE_ID);
    context.traceId().ifPresent(id -> all.put(LogField.TRACE_ID, id));
    return new TraceScope(context, all);
  }

  /** This scope, for someone if they are known. */
  public TraceScope with(Optional<TraceContext> context) {
    return context.map(this::with).orElse(this);
  }

  /**
   * This scope with a field.
   *
   * @param value null for a field that has none
   */
  public TraceScope with(LogField field, @Nullable String value) {
    if (Objects.equals(fields.get(field), value)) {
      return this;
    }
    Map<LogField, String> all = new EnumMap<>(fields);
    if (value == null) {
      all.remove(field);
    } else {
      all.put(field, value);
    }
    return new TraceScope(trace, all);
  }

  /** Runs something in this scope, and restores the one before. */
  public <E extends Exception> void run(Work<E> work) throws E {
    ask(
        () -> {
          work.run();
          return this;
        });
  }

  /** Like {@link #run}, for what has an answer. */
  public <T, E extends Exception> T ask(Question<T, E> question) throws E {
    TraceScope before = current();
    enter();
    try {
      return question.answer();
    } finally {
      before.enter();
    }
  }

  /**
   * From now on this is the thread's scope. For servers whose framework calls them before and after
   * a request; others use {@link #run}.
   */
  public void enter() {
    TraceScope before = current();
    for (LogField field : LogField.values()) {
      String value = fields.get(field);
      if (Objects.equals(before.fields.get(field), value)) {
        continue;
      }
      if (value == null) {
        MDC.remove(field.key());
      } else {
        MDC.put(field.key(), value);
      }
    }
    CURRENT.set(this);
  }
}
