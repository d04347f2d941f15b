/**
 * How fast the control plane decides, with a real broker, registry and control plane and with
 * workers that are phantoms: they answer every task at once, so that 10,000 tables need no files.
 *
 * <p>Start at {@link dev.shardstream.benchmarks.ddl.DdlBenchmark}.
 */
@NullMarked
package dev.shardstream.benchmarks.ddl;

import org.jspecify.annotations.NullMarked;
