package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import java.util.Optional;

/** A table that can be changed. */
public final class ReadyTable {
  private ReadyTable() {}

  /**
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY
   */
  public static Table require(Optional<Table> found, String name) {
    Table table =
        found.orElseThrow(() -> new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, name));
    if (table.getStatus() != TableStatus.ACTIVE) {
      throw new ShardstreamException(ErrorCode.TABLE_NOT_READY, table.getName());
    }
    return table;
  }
}
