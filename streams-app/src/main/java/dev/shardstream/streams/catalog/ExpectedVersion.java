package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Table;

/** The schema version that a command's issuer has seen. */
public final class ExpectedVersion {
  private ExpectedVersion() {}

  /**
   * @throws ShardstreamException SCHEMA_VERSION_CONFLICT when the table has another one
   */
  public static void require(DdlCommand command, Table table) {
    Integer expected = command.getExpectedSchemaVersion();
    if (expected != null && expected != table.getSchemaVersion()) {
      throw new ShardstreamException(
          ErrorCode.SCHEMA_VERSION_CONFLICT, table.getName(), table.getSchemaVersion(), expected);
    }
  }
}
