package dev.shardstream.worker.decide;

import dev.shardstream.schemas.contract.ErrorCode;

/** What becomes of one change. */
public sealed interface Decision {
  /** The row is now this. */
  record Put(Row row) implements Decision {}

  /** The row is gone. */
  record Remove() implements Decision {}

  /** Nothing changes; the writer is told why. */
  record Rejected(ErrorCode code, String message) implements Decision {
    static Rejected of(ErrorCode code, Object... parameters) {
      return new Rejected(code, code.text(parameters));
    }
  }
}
