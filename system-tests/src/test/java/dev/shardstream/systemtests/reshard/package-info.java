/**
 * Reshards of live tables: with writers and readers, with what operators do, with corrupted
 * targets. What was acknowledged is known to a model that shares no code with the rest.
 *
 * <p>Start at {@link dev.shardstream.systemtests.reshard.ReshardIT}.
 */
@NullMarked
package dev.shardstream.systemtests.reshard;

import org.jspecify.annotations.NullMarked;
