package dev.shardstream.worker.shard;

/** Whether a shard is read, and whether it has been at the end of its log. */
enum Service {
  /** It is made anew, and behind what readers have seen before. */
  NOT_BEFORE_THE_END(0),
  /** It holds what it was copied, or has been at the end. */
  COMPLETE(1),
  /** It applies the log from its start, and nobody has read another one before. */
  FROM_THE_START(2);

  private final int code;

  Service(int code) {
    this.code = code;
  }

  /** As it is written in the file. */
  int code() {
    return code;
  }

  static Service of(int code) {
    return switch (code) {
      case 0 -> NOT_BEFORE_THE_END;
      case 2 -> FROM_THE_START;
      default -> COMPLETE;
    };
  }
}
