package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation must keep to, as far as it can be told without the catalog. Only names that it
 * gives are checked, not those that it looks up: what is not there is the catalog's to say.
 */
public final class OperationRules {
  private OperationRules() {}

  /**
   * Checks an operation.
   *
   * @return the same operation
   * @throws ShardstreamException the first rule that it breaks
   */
  public static <T> T check(T operation) {
    if (operation instanceof CreateTable create) {
      TableRules.check(create);
    } else if (operation instanceof AlterTable alter) {
      checkChange(alter.getChange());
    } else if (operation instanceof CreateIndex create) {
      checkIndex(create);
    } else if (operation instanceof ReshardTable reshard) {
      TableRules.checkShardCount(reshard.getTargetShards());
      checkOptions(reshard.getOptions());
    } else if (operation instanceof ThrottleReshard throttle) {
      requireAtLeast(0, throttle.getRowsPerSecond(), "rows per second");
      requireAtLeast(1, throttle.getForMillis(), "the time that a rate lasts");
    } else if (operation instanceof MoveShard move) {
      checkOptions(move.getOptions());
    } else if (operation instanceof VerifyTable verify) {
      checkOptions(verify.getOptions());
    }
    return operation;
  }

  private static void checkOptions(@Nullable ReshardOptions options) {
    if (options != null) {
      requireAtLeast(0, options.getRowsPerSecond(), "rows per second");
      requireAtLeast(0, options.getGraceMillis(), "the grace period");
    }
  }

  private static void requireAtLeast(long least, @Nullable Long number, String what) {
    if (number != null && number < least) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          what + " must be " + (least == 0 ? "0 or more" : "more than 0"));
    }
  }

  private static void checkChange(Object change) {
    if (change instanceof AddColumn add) {
      checkColumn(add.getColumn().getName());
    } else if (change instanceof RenameColumn rename) {
      Names.requireUsable(rename.getNewName());
    } else if (change instanceof RenameTable rename) {
      Names.requireUsable(rename.getNewName());
    } else if (change instanceof SetBlockSize size) {
      TableRules.checkBlockSize(size.getBlockSize());
    } else if (change instanceof SetReplicas set) {
      TableRules.checkReplicas(set.getReplicas());
    }
  }

  /** A name of Shardstream's own columns is an attempt to alter them, whether they are there. */
  private static void checkColumn(String name) {
    if (name.startsWith("_")) {
      throw new ShardstreamException(ErrorCode.SYSTEM_COLUMN);
    }
    Names.requireUsable(name);
  }

  private static void checkIndex(CreateIndex create) {
    Names.requireUsable(create.getIndex());
    List<String> seen = new ArrayList<>();
    for (String column : create.getColumns()) {
      if (seen.stream().anyMatch(other -> Names.same(other, column))) {
        throw new ShardstreamException(ErrorCode.DUPLICATE_COLUMN, column, create.getTable());
      }
      seen.add(column);
    }
  }
}
