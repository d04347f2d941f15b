/**
 * Tasks from the coordinator: the loop that takes them from Kafka, what is done for each kind, and
 * the events that answer them. Every task is safe to repeat.
 *
 * <p>Knows Kafka and packages node, copy and verify. Start at {@link
 * dev.shardstream.worker.task.TaskLoop}, then {@link dev.shardstream.worker.task.TaskHandler}.
 */
@NullMarked
package dev.shardstream.worker.task;

import org.jspecify.annotations.NullMarked;
