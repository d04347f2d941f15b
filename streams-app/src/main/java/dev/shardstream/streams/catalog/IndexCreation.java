package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Turn;

/** CREATE INDEX. */
public final class IndexCreation {
  private IndexCreation() {}

  /**
   * Begins.
   *
   * @throws ShardstreamException UNSUPPORTED
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    throw new ShardstreamException(ErrorCode.UNSUPPORTED, Operations.name(command.getOperation()));
  }

  /** Takes every step that a command that has begun is ready for. */
  public static void advance(Turn turn, DdlCommand command, CommandProgress progress) {
    throw new ShardstreamException(ErrorCode.UNSUPPORTED, Operations.name(command.getOperation()));
  }
}
