/**
 * The control plane process.
 *
 * <p>Start at {@link dev.shardstream.streams.StreamsMain}; what it decides is in package {@code
 * coordinator}.
 */
@NullMarked
package dev.shardstream.streams;

import org.jspecify.annotations.NullMarked;
