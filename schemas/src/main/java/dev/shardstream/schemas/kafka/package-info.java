/**
 * Kafka clients, configured in one place: producers are idempotent, consumers read committed
 * records and never reset a position on their own.
 *
 * <p>Start at {@link dev.shardstream.schemas.kafka.KafkaClients}.
 */
@NullMarked
package dev.shardstream.schemas.kafka;

import org.jspecify.annotations.NullMarked;
