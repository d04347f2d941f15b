package dev.shardstream.streams.replay;

import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import org.jspecify.annotations.Nullable;

/**
 * Commands as the ideal world is to be given them. It has other nodes than the live cluster, and
 * its reshards are over at once. What is asked of nodes, shards and running reshards changes no
 * table, so there it becomes something without effect that has the same outcome: others may depend
 * on it.
 */
final class IdealCommand {
  /** No table is ever at this version. */
  private static final int NO_VERSION = -1;

  private static final int ANY_COUNT = 1;

  private IdealCommand() {}

  /**
   * @param refusal code with which the live cluster refused it for a reason of its own, or null
   */
  static DdlCommand of(DdlCommand command, @Nullable String refusal) {
    DdlCommand ideal = with(command, ideal(command, refusal != null));
    return refusal == null ? ideal : refused(ideal, refusal);
  }

  private static Object ideal(DdlCommand command, boolean isRefused) {
    Object operation = command.getOperation();
    if (operation instanceof ReshardTable reshard) {
      return new ReshardTable(
          reshard.getTable(),
          reshard.getTargetShards(),
          unattended(reshard.getOptions()),
          reshard.getDryRun());
    } else if (operation instanceof MoveShard move) {
      return look(move.getTable());
    } else if (operation instanceof VerifyTable verify) {
      return look(verify.getTable());
    } else if (operation instanceof Rebalance rebalance && rebalance.getTable() != null) {
      return look(rebalance.getTable());
    }
    boolean isOfCluster =
        operation instanceof ControlReshard
            || operation instanceof ThrottleReshard
            || operation instanceof DrainNode
            || operation instanceof UndrainNode
            || operation instanceof Rebalance;
    return isOfCluster ? nothing(command, isRefused) : operation;
  }

  /** Nobody is there to ask for a switch; an impossible option stays one. */
  private static @Nullable ReshardOptions unattended(@Nullable ReshardOptions options) {
    if (options == null) {
      return null;
    }
    Long grace = options.getGraceMillis();
    return new ReshardOptions(
        options.getRowsPerSecond(), grace != null && grace < 0 ? grace : null, false, false);
  }

  /** Only finds out whether there is such a table. */
  private static Object look(String table) {
    return new ReshardTable(table, ANY_COUNT, null, true);
  }

  /** The removal of a table that cannot exist: it is done already, or refused. */
  private static Object nothing(DdlCommand command, boolean isRefused) {
    return new DropTable(" " + command.getId(), !isRefused, false, null);
  }

  /**
   * One that is refused before it has begun asks for a version that does not exist, so that it is
   * refused there too and takes those with it that depend on it.
   */
  private static DdlCommand refused(DdlCommand command, String code) {
    boolean later = command.getOperation() instanceof CreateTable || WorldRefusals.isByTask(code);
    return later
        ? command
        : new DdlCommand(
            command.getId(),
            command.getDatabase(),
            command.getDependsOn(),
            NO_VERSION,
            command.getIssuedBy(),
            command.getOperation());
  }

  private static DdlCommand with(DdlCommand command, Object operation) {
    return operation == command.getOperation()
        ? command
        : new DdlCommand(
            command.getId(),
            command.getDatabase(),
            command.getDependsOn(),
            command.getExpectedSchemaVersion(),
            command.getIssuedBy(),
            operation);
  }
}
