/**
 * What the control plane serves: the API under {@code /v1}, its events, the console, health,
 * readiness, metrics. Decides nothing: reads are answered from {@link
 * dev.shardstream.streams.view.ClusterState}, everything else becomes a command.
 *
 * <p>Start at {@link dev.shardstream.streams.http.ApiRoutes}, where every route stands.
 */
@NullMarked
package dev.shardstream.streams.http;

import org.jspecify.annotations.NullMarked;
