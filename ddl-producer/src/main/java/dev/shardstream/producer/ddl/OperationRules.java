package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.SetBlockSize;
import java.util.ArrayList;
import java.util.List;

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
    }
    return operation;
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
