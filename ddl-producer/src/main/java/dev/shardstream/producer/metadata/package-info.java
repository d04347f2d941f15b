/**
 * What the control plane has decided, as this client sees it: tables, topologies, reshards, nodes,
 * namespaces, live queries.
 *
 * <p>{@link dev.shardstream.producer.metadata.MetadataFollower} reads the control topics in one
 * thread of its own; everybody else sees immutable snapshots. Start at {@link
 * dev.shardstream.producer.metadata.Metadata}.
 */
@NullMarked
package dev.shardstream.producer.metadata;

import org.jspecify.annotations.NullMarked;
