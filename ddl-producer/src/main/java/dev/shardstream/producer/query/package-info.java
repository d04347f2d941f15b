/**
 * Reading: which shards a SELECT needs, what they can do themselves, and the rest of it over what
 * they answer.
 *
 * <p>{@link dev.shardstream.producer.query.Planner} is pure: statement, values and metadata in, a
 * {@link dev.shardstream.producer.query.Plan} out; it knows no Kafka, HTTP or JDBC. {@link
 * dev.shardstream.producer.query.Router} carries a plan out through a {@link
 * dev.shardstream.producer.query.ShardClient} and an in-memory SQLite. Start reading at Plan.
 */
@NullMarked
package dev.shardstream.producer.query;

import org.jspecify.annotations.NullMarked;
