package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import java.time.Duration;
import java.util.Locale;

/** What becomes of a command that is published. Whoever has one closes it. */
public final class DdlAnswer implements AutoCloseable {
  private final DdlCommand command;
  private final DdlResults.Expectation expectation;
  private final DdlStatus wanted;
  private final Duration timeout;

  DdlAnswer(
      DdlCommand command, DdlResults.Expectation expectation, DdlStatus wanted, Duration timeout) {
    this.command = command;
    this.expectation = expectation;
    this.wanted = wanted;
    this.timeout = timeout;
  }

  /**
   * Waits until the command has come as far as was wanted when it was published.
   *
   * @return the result with that status or a later one; one that is ACCEPTED if the command timeout
   *     is over and shards are still to follow
   * @throws ShardstreamException the rejection's code and text; NO_ANSWER after the command timeout
   */
  public DdlResult await() {
    return requireNotRejected(
        expectation
            .await(wanted, timeout)
            .or(() -> expectation.last().filter(r -> r.getStatus() == DdlStatus.ACCEPTED))
            .orElseThrow(this::noAnswer));
  }

  /** The result itself, or its rejection as the exception that it stands for. */
  static DdlResult requireNotRejected(DdlResult result) {
    if (result.getStatus() != DdlStatus.REJECTED) {
      return result;
    }
    String code = result.getCode();
    String message = result.getMessage();
    throw ShardstreamException.reported(
        code == null ? ErrorCode.INTERNAL.name() : code,
        message == null ? "Command '" + result.getCommandId() + "' was rejected" : message);
  }

  private ShardstreamException noAnswer() {
    String id = command.getId();
    return expectation
        .last()
        .map(
            result ->
                ShardstreamException.reported(
                    ErrorCode.NO_ANSWER,
                    "Command '%s' is still %s after %d s%s"
                        .formatted(
                            id,
                            result.getStatus().name().toLowerCase(Locale.ROOT),
                            timeout.toSeconds(),
                            result.getMessage() == null ? "" : ": " + result.getMessage())))
        .orElseGet(() -> new ShardstreamException(ErrorCode.NO_ANSWER, id, timeout.toSeconds()));
  }

  /** Stops to listen; the command is carried out all the same. */
  @Override
  public void close() {
    expectation.close();
  }
}
