/** Threads of the processes. Start at {@link dev.shardstream.schemas.threads.DaemonThreads}. */
@NullMarked
package dev.shardstream.schemas.threads;

import org.jspecify.annotations.NullMarked;
