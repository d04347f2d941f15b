package dev.shardstream.streams.replay;

import dev.shardstream.schemas.contract.ErrorCode;
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
          ErrorCode.RESHARD_CANCELLED,
          ErrorCode.RESHARD_ROLLED_BACK,
          ErrorCode.RESHARD_CANNOT,
          ErrorCode.RESHARD_NOT_FOUND,
          ErrorCode.INSUFFICIENT_DISK,
          ErrorCode.NODE_NOT_FOUND,
          ErrorCode.NODE_NOT_PLACEABLE,
          ErrorCode.SHARD_NOT_FOUND,
          ErrorCode.TOO_FEW_NODES,
          ErrorCode.NO_REPLICAS,
          ErrorCode.TOO_FEW_KEYS,
          ErrorCode.MOVES_GIVEN_UP,
          ErrorCode.VERIFY_MISMATCH,
          ErrorCode.COLUMN_IN_LIVE_QUERY,
          ErrorCode.TABLE_NOT_READY,
          ErrorCode.NO_LIVE_NODE,
          ErrorCode.NODE_LOST,
          ErrorCode.TASK_FAILED,
          ErrorCode.WRITE_FAILED,
          ErrorCode.REGISTRY_UNREACHABLE,
          ErrorCode.DEPENDENCY_EXPIRED);

  private WorldRefusals() {}

  /** Whether a refusal with this code was found out when a command had begun. */
  static boolean isByTask(String code) {
    return BY_TASK.contains(ErrorCode.named(code));
  }

  /** Whether a rejection with this code says something about the cluster and not the commands. */
  public static boolean isOne(ErrorCode code) {
    return ALL.contains(code);
  }
}
