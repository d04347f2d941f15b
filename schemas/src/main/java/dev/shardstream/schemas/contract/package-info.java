/**
 * The words every part shares: error codes, table ids, topics, virtual shards, positions.
 *
 * <p>Plain Java; knows nothing of Kafka clients, HTTP or JDBC. Start at {@link
 * dev.shardstream.schemas.contract.VirtualShards}: it is the one idea of docs/protocol.md in code.
 */
@NullMarked
package dev.shardstream.schemas.contract;

import org.jspecify.annotations.NullMarked;
