package dev.shardstream.schemas.trace;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * For whom something is done.
 *
 * @param correlationId 1 to 200 visible ASCII characters
 * @param traceparent as the caller sent it (https://www.w3.org/TR/trace-context/), or null; it is
 *     passed on unchanged and never made up
 * @param tracestate as the caller sent it, or null; there is none without a traceparent
 */
public record TraceContext(
    String correlationId, @Nullable String traceparent, @Nullable String tracestate) {
  private static final int LONGEST_ID = 200;
  private static final int LONGEST_STATE = 512;
  private static final Pattern ID = Pattern.compile("[!-~]{1," + LONGEST_ID + "}");
  private static final Pattern UNFIT = Pattern.compile("[^!-~]");
  private static final Pattern STATE = Pattern.compile("[ -~]{1," + LONGEST_STATE + "}");

  /** Version ff is forbidden, and a later version than 00 may have more behind a dash. */
  private static final Pattern PARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
              + "((?<!^00.{53})-[ -~]{1,200})?");

  /**
   * @throws IllegalArgumentException for anything but a correlation id; what is wrong of the other
   *     two is left out by {@link #received}
   */
  public TraceContext {
    if (!isCorrelationId(correlationId)) {
      throw new IllegalArgumentException("not a correlation id: '" + correlationId + "'");
    }
  }

  /** Whether a text can be a correlation id. */
  public static boolean isCorrelationId(String text) {
    return ID.matcher(text).matches();
  }

  /** Whether a text is a traceparent. */
  public static boolean isTraceparent(String text) {
    return PARENT.matcher(text).matches();
  }

  /** With a correlation id alone. */
  public static TraceContext of(String correlationId) {
    return new TraceContext(correlationId, null, null);
  }

  /** Of a command that came without one: its own id, with what a log cannot show replaced. */
  public static TraceContext ofCommand(String commandId) {
    String id = UNFIT.matcher(commandId).replaceAll("_");
    return of(id.isEmpty() ? "_" : id.substring(0, Math.min(LONGEST_ID, id.length())));
  }

  /**
   * What came along with a request or a record. Without a correlation id the trace id is one; what
   * is malformed is taken for absent, as W3C has it.
   */
  public static Optional<TraceContext> received(
      @Nullable String correlationId, @Nullable String traceparent, @Nullable String tracestate) {
    String parent = traceparent != null && isTraceparent(traceparent) ? traceparent : null;
    String id =
        correlationId != null && isCorrelationId(correlationId)
            ? correlationId
            : parent == null ? null : traceId(parent);
    if (id == null) {
      return Optional.empty();
    }
    boolean hasState = parent != null && tracestate != null && STATE.matcher(tracestate).matches();
    return Optional.of(new TraceContext(id, parent, hasState ? tracestate : null));
  }

  /** The trace id, 32 hexadecimal digits; empty without a traceparent. */
  public Optional<String> traceId() {
    return Optional.ofNullable(traceparent).map(TraceContext::traceId);
  }

  private static String traceId(String parent) {
    Matcher matcher = PARENT.matcher(parent);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
