/** How fast a table is read, by the size of its blocks. Start at {@code BlockSizeBenchmark}. */
@NullMarked
package dev.shardstream.benchmarks.scan;

import org.jspecify.annotations.NullMarked;
