/**
 * What an application sees: SQL and its errors through the Java API.
 *
 * <p>Start at {@link dev.shardstream.systemtests.client.CreateWriteReadIT}.
 */
@NullMarked
package dev.shardstream.systemtests.client;

import org.jspecify.annotations.NullMarked;
