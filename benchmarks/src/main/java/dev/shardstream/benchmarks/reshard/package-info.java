/**
 * How long reshards take, and how much memory the workers need for them.
 *
 * <p>Start at {@link dev.shardstream.benchmarks.reshard.ReshardBenchmark}.
 */
@NullMarked
package dev.shardstream.benchmarks.reshard;

import org.jspecify.annotations.NullMarked;
