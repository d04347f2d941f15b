/**
 * In which order the commands of a database take effect. What users say (dependencies) comes first,
 * then the order of the log as far as it does not contradict it; the order is a function of the log
 * of commands alone, so that the same log always gives the same catalog.
 *
 * <p>Pure; everything here is derived from commands and their progress. Start at {@link
 * dev.shardstream.streams.order.CommandOrder}.
 */
@NullMarked
package dev.shardstream.streams.order;

import org.jspecify.annotations.NullMarked;
