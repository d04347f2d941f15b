package dev.shardstream.producer.api;

/**
 * A shard worker, by its last heartbeat.
 *
 * @param nodeId unique in the cluster
 * @param state {@code up}; {@code leaving} when it said that it stops; {@code silent} when nothing
 *     was heard of it for the node timeout
 * @param endpoint URL of its HTTP server
 * @param shards shards on it, of all namespaces
 * @param rows rows in them
 * @param freeBytes free space of its data directory
 * @param capacityBytes size of the file system of its data directory
 * @param heartbeatAt milliseconds since the epoch, by the node's clock
 */
public record NodeInfo(
    String nodeId,
    String state,
    String endpoint,
    int shards,
    long rows,
    long freeBytes,
    long capacityBytes,
    long heartbeatAt) {}
