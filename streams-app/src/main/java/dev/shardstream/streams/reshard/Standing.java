package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;

/** Where a reshard stands for those who want something of it, and what they can do instead. */
enum Standing {
  RUNNING("it is running: cancel it, or wait for it"),
  SWITCHED("it has switched: roll it back, or complete it"),
  GOING_BACK("it was rolled back and what it made is being dropped: wait until that is over"),
  COMPLETE("it is complete, and what it replaced is gone: begin another one"),
  FAILED("it has failed, and its table is as it was before: retry it"),
  CANCELLED("it was cancelled, and its table is as it was before: retry it"),
  ROLLED_BACK("it was rolled back, and its table is as it was before: retry it");

  private final String reason;

  Standing(String reason) {
    this.reason = reason;
  }

  static Standing of(Reshard reshard) {
    if (reshard.getStatus() == ReshardStatus.SWITCHING) {
      return reshard.getRolledBackAt() == null ? SWITCHED : GOING_BACK;
    }
    return switch (reshard.getStatus()) {
      case COMPLETE -> COMPLETE;
      case FAILED -> FAILED;
      case CANCELLED -> CANCELLED;
      case ROLLED_BACK -> ROLLED_BACK;
      default -> RUNNING;
    };
  }

  /** Why something that can be asked of others cannot be asked of it, and what can. */
  String reason() {
    return reason;
  }

  /** Whether it left its table as it found it. */
  boolean isUndone() {
    return this == FAILED || this == CANCELLED || this == ROLLED_BACK;
  }
}
