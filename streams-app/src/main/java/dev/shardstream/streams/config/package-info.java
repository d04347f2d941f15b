/**
 * The settings of the control plane.
 *
 * <p>Start at {@link dev.shardstream.streams.config.ControlPlaneConfig}.
 */
@NullMarked
package dev.shardstream.streams.config;

import org.jspecify.annotations.NullMarked;
