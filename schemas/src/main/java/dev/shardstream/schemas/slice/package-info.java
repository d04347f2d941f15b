/**
 * Slices over HTTP, for everyone who fetches them: workers that copy, and clients that take a
 * snapshot.
 *
 * <p>Knows HTTP and files; what is in a slice is its reader's matter. Start at {@link
 * dev.shardstream.schemas.slice.SliceDownload}.
 */
@NullMarked
package dev.shardstream.schemas.slice;

import org.jspecify.annotations.NullMarked;
