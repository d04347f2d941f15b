/**
 * Tasks for nodes and the provisioner: issued, heard of, issued again when they are silent, given
 * up. What a task says is made from the state each time it is issued, so that it is never stale.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.task.Tasks}.
 */
@NullMarked
package dev.shardstream.streams.task;

import org.jspecify.annotations.NullMarked;
