package dev.shardstream.worker.http;

import java.time.Duration;

/**
 * Bounds of the HTTP server.
 *
 * @param host address to bind to
 * @param port 0 for a free one
 * @param statementMax longest run of a statement
 * @param waitMax longest wait for a position
 * @param rowsMax most rows of a result
 */
public record HttpSettings(
    String host, int port, Duration statementMax, Duration waitMax, long rowsMax) {}
