/**
 * Reshards and faults at random under load, for as long as one wants; left out of the ordinary
 * build.
 *
 * <p>Start at {@link dev.shardstream.systemtests.soak.SoakIT}.
 */
@NullMarked
package dev.shardstream.systemtests.soak;

import org.jspecify.annotations.NullMarked;
