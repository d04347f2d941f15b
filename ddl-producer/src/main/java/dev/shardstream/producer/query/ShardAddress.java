package dev.shardstream.producer.query;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Shard;

/**
 * Where a shard is.
 *
 * @param tableId its table
 * @param shardId unique in its table
 * @param nodeId the node that holds it
 * @param endpoint URL of that node's HTTP server
 */
public record ShardAddress(String tableId, int shardId, String nodeId, String endpoint) {

  /**
   * Where a shard is, as far as it is known.
   *
   * @throws ShardUnavailableException when nothing has been heard of its node
   */
  public static ShardAddress of(MetadataSnapshot metadata, String tableId, Shard shard) {
    return metadata
        .node(shard.getNodeId())
        .map(
            (Node node) ->
                new ShardAddress(tableId, shard.getId(), shard.getNodeId(), node.getEndpoint()))
        .orElseThrow(
            () ->
                new ShardUnavailableException(
                    new ShardAddress(
                        tableId, shard.getId(), shard.getNodeId(), "an unknown address"),
                    "nothing has been heard of the node",
                    null));
  }

  /** Its name in errors. */
  public String shardName() {
    return Tables.shardName(tableId, shardId);
  }
}
