/**
 * Snapshots in a store that speaks Amazon's S3. {@link dev.shardstream.schemas.snapshot.s3.S3Store}
 * is all that others know of it.
 *
 * <p>The client is an optional dependency: a program that uses the API of Shardstream gets it only
 * if it names {@code software.amazon.awssdk:s3} and {@code url-connection-client} itself.
 */
@NullMarked
package dev.shardstream.schemas.snapshot.s3;

import org.jspecify.annotations.NullMarked;
