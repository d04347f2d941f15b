/**
 * The clusters that tests run against: real processes in a directory under {@code target/clusters},
 * started once for all tests that leave it whole and alone for those that kill something.
 *
 * <p>Start at {@link dev.shardstream.systemtests.cluster.RunningCluster}.
 */
@NullMarked
package dev.shardstream.systemtests.cluster;

import org.jspecify.annotations.NullMarked;
