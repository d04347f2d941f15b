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
 */
public record HttpSettings(
    String host,
    int port,
    ServerAccess access,
    Duration statementMax,
    Duration waitMax,
    long rowsMax,
    long bytesMax,
    int statementLength) {}
