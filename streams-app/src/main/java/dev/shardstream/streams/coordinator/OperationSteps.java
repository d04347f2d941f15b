package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.schemas.serde.TableBytes;
import dev.shardstream.streams.catalog.IndexComment;
import dev.shardstream.streams.catalog.IndexCreation;
import dev.shardstream.streams.catalog.IndexDrop;
import dev.shardstream.streams.catalog.TableAlteration;
import dev.shardstream.streams.catalog.TableCreation;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.move.Drain;
import dev.shardstream.streams.move.MoveStart;
import dev.shardstream.streams.move.Rebalancing;
import dev.shardstream.streams.namespace.Namespaces;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.reshard.ReshardControl;
import dev.shardstream.streams.reshard.ReshardStart;
import dev.shardstream.streams.reshard.VerifyStart;
import dev.shardstream.streams.state.Turn;
import java.util.Optional;

/** Which class takes the steps of which operation. */
final class OperationSteps {
  private OperationSteps() {}

  /**
   * Begins what a command asks for: its turn has come.
   *
   * @throws ShardstreamException when it is refused; nothing was decided then
   */
  static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    Object operation = command.getOperation();
    if (operation instanceof CreateNamespace) {
      Namespaces.create(turn, command, progress);
    } else if (operation instanceof DropNamespace) {
      Namespaces.drop(turn, command);
    } else {
      Namespaces.require(turn.state());
      startInNamespace(turn, command, progress);
    }
  }

  private static void startInNamespace(Turn turn, DdlCommand command, CommandProgress progress) {
    Object operation = command.getOperation();
    requireRoom(turn, command);
    if (operation instanceof CreateTable) {
      TableCreation.start(turn, command, progress);
    } else if (operation instanceof DropTable) {
      TableDrop.start(turn, command);
    } else if (operation instanceof ReshardTable) {
      ReshardStart.start(turn, command, progress);
    } else if (operation instanceof ControlReshard) {
      ReshardControl.control(turn, command, progress);
    } else if (operation instanceof ThrottleReshard) {
      ReshardControl.throttle(turn, command);
    } else if (operation instanceof VerifyTable) {
      VerifyStart.start(turn, command, progress);
    } else if (operation instanceof AlterTable) {
      TableAlteration.start(turn, command, progress);
    } else if (operation instanceof CreateIndex) {
      IndexCreation.start(turn, command, progress);
    } else if (operation instanceof DropIndex) {
      IndexDrop.start(turn, command, progress);
    } else if (operation instanceof CommentOnIndex) {
      IndexComment.start(turn, command, progress);
    } else {
      startOnNodes(turn, command, progress);
    }
  }

  /** Whatever makes a definition longer ends before its records are too long for a broker. */
  private static void requireRoom(Turn turn, DdlCommand command) {
    Object operation = command.getOperation();
    boolean isLonger =
        operation instanceof AlterTable alter && !(alter.getChange() instanceof DropColumn)
            || operation instanceof CreateIndex
            || operation instanceof CommentOnIndex;
    Optional<Table> table =
        operation instanceof CommentOnIndex comment
            ? turn.state().tableOfIndex(comment.getIndex())
            : Operations.table(operation).flatMap(turn.state()::tableNamed);
    if (isLonger && table.isPresent()) {
      int bytes = TableBytes.encode(table.get()).length + Operations.bytes(command);
      if (bytes > Operations.MOST_TABLE_BYTES) {
        throw new ShardstreamException(
            ErrorCode.TABLE_TOO_LARGE, table.get().getName(), bytes, Operations.MOST_TABLE_BYTES);
      }
    }
  }

  private static void startOnNodes(Turn turn, DdlCommand command, CommandProgress progress) {
    Object operation = command.getOperation();
    if (operation instanceof MoveShard) {
      MoveStart.start(turn, command, progress);
    } else if (operation instanceof DrainNode) {
      Drain.start(turn, command, progress);
    } else if (operation instanceof UndrainNode) {
      Drain.undo(turn, command);
    } else if (operation instanceof Rebalance) {
      Rebalancing.start(turn, command, progress);
    } else {
      throw new ShardstreamException(ErrorCode.UNSUPPORTED, Operations.name(operation));
    }
  }

  /**
   * Takes every step that a command that has begun is ready for. Tables that are made or dropped
   * and reshards go on by themselves: they outlive their commands. So do drains and rebalances.
   */
  static void advance(Turn turn, DdlCommand command, CommandProgress progress) {
    Object operation = command.getOperation();
    if (operation instanceof AlterTable) {
      TableAlteration.advance(turn, command, progress);
    } else if (operation instanceof CreateIndex) {
      IndexCreation.advance(turn, command, progress);
    } else if (operation instanceof DropIndex) {
      IndexDrop.advance(turn, command, progress);
    }
  }
}
