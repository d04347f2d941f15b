/**
 * The time of processes that others rely on. Start at {@link
 * dev.shardstream.schemas.clock.SteadyClock}.
 */
@NullMarked
package dev.shardstream.schemas.clock;

import org.jspecify.annotations.NullMarked;
