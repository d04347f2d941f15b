/**
 * What a piece of work is done for, from the command to the shard: a correlation id, W3C's trace
 * context where a caller brought one, and the fields of a log line. It travels in the headers of
 * Kafka's records and of HTTP, never in what they carry, so nothing is decided by it.
 *
 * <p>Knows Kafka's headers and SLF4J. Start at {@link dev.shardstream.schemas.trace.TraceScope}.
 */
@NullMarked
package dev.shardstream.schemas.trace;

import org.jspecify.annotations.NullMarked;
