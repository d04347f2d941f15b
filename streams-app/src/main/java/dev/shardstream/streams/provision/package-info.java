/**
 * The provisioner: creates and deletes the logs of tables, registers row schemas, writes fences and
 * rules, and reports back as task events. Everything that the topology must not wait for.
 *
 * <p>Start at {@link dev.shardstream.streams.provision.Provisioner}.
 */
@NullMarked
package dev.shardstream.streams.provision;

import org.jspecify.annotations.NullMarked;
