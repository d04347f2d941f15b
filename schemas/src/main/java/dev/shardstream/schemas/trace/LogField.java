package dev.shardstream.schemas.trace;

/** Fields of a log line that say what it is about: keys of SLF4J's MDC. */
public enum LogField {
  /** The correlation id of the command that the work is done for. */
  CORRELATION("correlation"),
  /** The trace id, where the caller brought a W3C trace context. */
  TRACE_ID("trace_id"),
  /** A command's id. */
  COMMAND("command"),
  /** Change log id of a reshard. */
  RESHARD("reshard"),
  /** Table id. */
  TABLE("table"),
  /** Table id, slash, shard id. */
  SHARD("shard");

  private final String key;

  LogField(String key) {
    this.key = key;
  }

  /** The key in the MDC. */
  public String key() {
    return key;
  }
}
