package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one statement is executed, where that differs from the client's settings: for those who
 * execute statements of others.
 *
 * @param database of names that do not say one; null as configured
 * @param issuedBy who asks, for audits of commands; null as configured
 * @param commandId id of the command that a definition becomes: given again with the same statement
 *     it has no further effect and the same answer; null for one that nobody else has
 * @param rowLimit most rows that it reads from the shards or returns; null as configured
 * @param timeout how long it may run on one shard; null as configured
 */
public record CallOptions(
    @Nullable String database,
    @Nullable String issuedBy,
    @Nullable String commandId,
    @Nullable Long rowLimit,
    @Nullable Duration timeout) {
  /** Everything as configured. */
  public static final CallOptions CONFIGURED = new CallOptions(null, null, null, null, null);

  /** The settings of a client that has these too. */
  ClientConfig over(ClientConfig config) {
    Map<String, String> changes = new HashMap<>();
    if (database != null) {
      changes.put(ClientConfig.DATABASE, database);
    }
    if (issuedBy != null) {
      changes.put(ClientConfig.ISSUED_BY, issuedBy);
    }
    if (rowLimit != null) {
      changes.put(ClientConfig.QUERY_ROW_LIMIT, rowLimit.toString());
    }
    if (timeout != null) {
      changes.put(ClientConfig.QUERY_TIMEOUT, Long.toString(timeout.toMillis()));
    }
    return changes.isEmpty() ? config : config.with(changes);
  }
}
