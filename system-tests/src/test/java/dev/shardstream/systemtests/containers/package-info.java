/**
 * The images, run: a broker, a registry, the control plane and workers in containers, used from
 * outside. Runs with {@code ./mvnw -Pcontainers}, which deploy/README.md explains.
 *
 * <p>Start at {@link dev.shardstream.systemtests.containers.ContainersIT}.
 */
@NullMarked
package dev.shardstream.systemtests.containers;

import org.jspecify.annotations.NullMarked;
