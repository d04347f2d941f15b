/**
 * Commands to the control plane: from SQL or JSON to an event, out to Kafka, and back as a result.
 *
 * <p>What can be refused without asking is refused here ({@link
 * dev.shardstream.producer.ddl.TableRules}); the control plane checks everything again, because not
 * every producer is this one. Start at {@link dev.shardstream.producer.ddl.DdlPublisher}.
 */
@NullMarked
package dev.shardstream.producer.ddl;

import org.jspecify.annotations.NullMarked;
