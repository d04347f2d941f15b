package dev.shardstream.worker.http;

import dev.shardstream.schemas.access.ServerAccess;
import java.time.Duration;

/**
 * Bounds of the HTTP server.
 *
 * @param host address to bind to
 * @param port 0 for a free one
 * @param access who may call, and how much
 * @param statementMax longest run of a statement
 * @param waitMax longest wait for a position
 * @param rowsMax most rows of a result
 * @param bytesMax most bytes of a result
 * @param statementLength most characters of a statement
 * @param statementsAtOnce most statements that run or wait for their shard at the same time
 */
public record HttpSettings(
    String host,
    int port,
    ServerAccess access,
    Duration statementMax,
    Duration waitMax,
    long rowsMax,
    long bytesMax,
    int statementLength,
    int statementsAtOnce) {
  /**
   * Of the 250 threads of the server: those that are left serve slices, metrics and whoever asks
   * whether this node is alive.
   */
  public static final int STATEMENTS_AT_ONCE = 192;
}
