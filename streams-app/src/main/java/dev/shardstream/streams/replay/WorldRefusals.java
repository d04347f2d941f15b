package dev.shardstream.streams.replay;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Refusals that follow from what a cluster was doing or holding at that moment (a running reshard,
 * rows in the way, a registry that did not answer), and so from no command.
 */
public final class WorldRefusals {
  /** With these the log of a table could not be made, or its shards. */
  static final String[] OF_NEW_TABLES =
      Stream.of(
              ErrorCode.TASK_FAILED,
              ErrorCode.NODE_LOST,
              ErrorCode.NO_LIVE_NODE,
              ErrorCode.SCHEMA_REFUSED,
              ErrorCode.REGISTRY_UNREACHABLE,
              ErrorCode.WRITE_FAILED)
          .map(Enum::name)
          .toArray(String[]::new);

  /** Found out by a task in the middle of a command. */
  private static final Set<ErrorCode> BY_TASK =
      EnumSet.of(ErrorCode.NULLS_PRESENT, ErrorCode.DUPLICATES_PRESENT, ErrorCode.SCHEMA_REFUSED);

  private static final Set<ErrorCode> ALL =
      EnumSet.of(
          ErrorCode.NULLS_PRESENT,
          ErrorCode.DUPLICATES_PRESENT,
          ErrorCode.SCHEMA_REFUSED,
          ErrorCode.RESHARD_IN_PROGRESS,
          ErrorCode.DROP_DURING_RESHARD,
          ErrorCode.RESHARD_FAILED,
          ErrorCode.VERIFY_MISMATCH,
          ErrorCode.COLUMN_IN_LIVE_QUERY,
          ErrorCode.TABLE_NOT_READY,
          ErrorCode.NO_LIVE_NODE,
          ErrorCode.NODE_LOST,
          ErrorCode.TASK_FAILED,
          ErrorCode.WRITE_FAILED,
          ErrorCode.REGISTRY_UNREACHABLE,
          ErrorCode.DEPENDENCY_EXPIRED);

  /** No table is ever at this version. */
  private static final int NO_VERSION = -1;

  private WorldRefusals() {}

  /** Whether a rejection with this code says something about the cluster and not the commands. */
  public static boolean isOne(ErrorCode code) {
    return ALL.contains(code);
  }

  /**
   * The command as the ideal world is to be given it: one that is refused before it has begun asks
   * for a version that does not exist, so that it is refused there too and takes those with it that
   * depend on it.
   */
  static DdlCommand refused(DdlCommand command, String code) {
    boolean later =
        command.getOperation() instanceof CreateTable || BY_TASK.contains(ErrorCode.named(code));
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
}
