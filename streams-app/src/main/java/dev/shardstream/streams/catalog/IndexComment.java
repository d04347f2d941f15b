package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.IndexDefinition;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Objects;

/** COMMENT ON INDEX: only the catalog knows it, so it is at its end at once. */
public final class IndexComment {
  private IndexComment() {}

  /**
   * Sets or removes the comment of an index.
   *
   * @throws ShardstreamException INDEX_NOT_FOUND, SCHEMA_VERSION_CONFLICT
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    CommentOnIndex comment = (CommentOnIndex) command.getOperation();
    Table table =
        turn.state()
            .tableOfIndex(comment.getIndex())
            .orElseThrow(
                () -> new ShardstreamException(ErrorCode.INDEX_NOT_FOUND, comment.getIndex()));
    ExpectedVersion.require(command, table);
    Index index = IndexDefinition.find(table, comment.getIndex()).orElseThrow();
    if (!Objects.equals(index.getComment(), comment.getComment())) {
      turn.emit(
          new Decision.TableStored(
              IndexDefinition.replaced(
                  table,
                  new Index(
                      index.getId(),
                      index.getName(),
                      index.getUnique(),
                      index.getColumns(),
                      index.getStatus(),
                      index.getError(),
                      comment.getComment(),
                      index.getCommandId()))));
    }
    Outcomes.applied(turn, command, table);
  }
}
