package dev.shardstream.worker.node;

/**
 * Who this process is.
 *
 * @param nodeId the same at every start
 * @param incarnation another at every start
 * @param endpoint URL of its HTTP server, without a path
 */
public record NodeIdentity(String nodeId, String incarnation, String endpoint) {}
