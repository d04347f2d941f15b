package dev.shardstream.streams.state;

/**
 * When an event is looked at, and what the nodes looked like then.
 *
 * @param now milliseconds since the epoch, the clock of the process that decides
 * @param cluster the nodes
 */
public record Moment(long now, Cluster cluster) {}
