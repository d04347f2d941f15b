package dev.shardstream.schemas.serde;

import org.jspecify.annotations.Nullable;

/** Bytes that are no record of the schema they name. The reader decides what becomes of them. */
public final class MalformedRecordException extends RuntimeException {
  public MalformedRecordException(String message) {
    this(message, null);
  }

  public MalformedRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
