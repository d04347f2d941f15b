package dev.shardstream.streams.http;

import org.jspecify.annotations.Nullable;

/**
 * Changes how fast a reshard copies.
 *
 * @param rowsPerSecond most rows per second, 0 for as fast as it goes
 * @param forMillis after so long it is again as it was; null for never
 */
public record ThrottleBody(long rowsPerSecond, @Nullable Long forMillis) {}
