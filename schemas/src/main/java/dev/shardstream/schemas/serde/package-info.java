/**
 * How an event becomes bytes: Confluent's wire format (a zero byte, the registry id in four bytes,
 * Avro), and the registry behind it.
 *
 * <p>{@link dev.shardstream.schemas.serde.ConfluentRegistry} is the only class of the project that
 * imports the registry client. Start at {@link dev.shardstream.schemas.serde.Events}.
 */
@NullMarked
package dev.shardstream.schemas.serde;

import org.jspecify.annotations.NullMarked;
