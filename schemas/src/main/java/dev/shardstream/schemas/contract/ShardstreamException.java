package dev.shardstream.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * What a user or an operator can cause and mend. The message says what happened, to which thing,
 * and the way out; the {@link #code()} is stable and may be matched by programs.
 */
public final class ShardstreamException extends RuntimeException {
  private final ErrorCode code;

  /**
   * @param code which error it is
   * @param parameters what the code's template asks for, in its order
   */
  public ShardstreamException(ErrorCode code, Object... parameters) {
    this(code, code.text(parameters), null);
  }

  private ShardstreamException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The same error with what caused it, for the log; the cause is never shown to a user. */
  public ShardstreamException causedBy(Throwable cause) {
    return new ShardstreamException(code, getMessage(), cause);
  }

  /** An error that another process reported: its code and its finished text. */
  public static ShardstreamException reported(ErrorCode code, String message) {
    return new ShardstreamException(code, message, null);
  }

  /** An error that another process reported by name; a name of a later release is INTERNAL. */
  public static ShardstreamException reported(String codeName, String message) {
    return reported(ErrorCode.named(codeName), message);
  }

  public ErrorCode code() {
    return code;
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? code.name() : message;
  }
}
