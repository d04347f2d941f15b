/**
 * What becomes of the changes of a log, as pure functions: is a change accepted, what do many
 * changes leave behind, where is a batch cut. Whether a change is accepted depends only on the row
 * before it and the change, so every replica decides alike.
 *
 * <p>Knows rows and changes; no Kafka, no JDBC, no HTTP, no clock. Start at {@link
 * dev.shardstream.worker.decide.ChangeRules}, then {@link dev.shardstream.worker.decide.Fold}.
 */
@NullMarked
package dev.shardstream.worker.decide;

import org.jspecify.annotations.NullMarked;
