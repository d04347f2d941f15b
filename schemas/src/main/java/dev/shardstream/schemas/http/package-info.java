/**
 * What processes say to each other over HTTP: the query endpoint and the await endpoint of a shard
 * worker, slices, and the error body that all of them share.
 *
 * <p>Records and their JSON only; no server and no client. Start at {@link
 * dev.shardstream.schemas.http.QueryRequest}.
 */
@NullMarked
package dev.shardstream.schemas.http;

import org.jspecify.annotations.NullMarked;
