package dev.shardstream.schemas.http;

import dev.shardstream.schemas.contract.Position;
import java.util.List;

/**
 * Asks a shard whether it has applied changes.
 *
 * @param tableId the table
 * @param shardId a shard that owns the changes' virtual shards
 * @param changes log positions of the changes (partition and offset of the record itself)
 * @param maxWaitMillis how long it may wait for all of them
 */
public record AwaitRequest(
    String tableId, int shardId, List<Position> changes, long maxWaitMillis) {
  public AwaitRequest {
    Json.require("tableId", tableId);
    changes = Json.requireAll("changes", changes);
  }
}
