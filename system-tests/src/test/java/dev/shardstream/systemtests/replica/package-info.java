/**
 * Local databases that follow the catalog of a running cluster.
 *
 * <p>Start at {@link dev.shardstream.systemtests.replica.CatalogReplicaIT}.
 */
@NullMarked
package dev.shardstream.systemtests.replica;

import org.jspecify.annotations.NullMarked;
