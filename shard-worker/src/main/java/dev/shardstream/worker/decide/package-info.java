/**
 * What becomes of the changes of a log, as pure functions: is a change accepted, what do many
 * changes leave behind, where is a batch cut. Whether a change is accepted depends only on the rows
 * of its virtual shard before it, the change with its writer's version of the table, and the rules
 * that stand before it in the log, so every replica decides alike.
 *
 * <p>Knows rows and changes; no Kafka, no JDBC, no HTTP, no clock. Start at {@link
 * dev.shardstream.worker.decide.ChangeRules}, then {@link dev.shardstream.worker.decide.Fold}.
 */
@NullMarked
package dev.shardstream.worker.decide;

import org.jspecify.annotations.NullMarked;
