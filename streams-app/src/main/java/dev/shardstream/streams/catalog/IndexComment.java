package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Turn;

/** COMMENT ON INDEX. */
public final class IndexComment {
  private IndexComment() {}

  /**
   * Begins.
   *
   * @throws ShardstreamException UNSUPPORTED
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    throw new ShardstreamException(ErrorCode.UNSUPPORTED, Operations.name(command.getOperation()));
  }
}
