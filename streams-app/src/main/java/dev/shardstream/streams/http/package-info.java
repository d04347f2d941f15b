/**
 * What the control plane serves: health, readiness, metrics.
 *
 * <p>Start at {@link dev.shardstream.streams.http.ControlHttp}.
 */
@NullMarked
package dev.shardstream.streams.http;

import org.jspecify.annotations.NullMarked;
