/**
 * What operators fear, one test each, with writers, readers and the independent model; the list is
 * docs/reliability.md.
 *
 * <p>Start at {@link dev.shardstream.systemtests.faults.FaultsIT}.
 */
@NullMarked
package dev.shardstream.systemtests.faults;

import org.jspecify.annotations.NullMarked;
