/**
 * Clients in other languages, written from docs/protocol.md. The Node.js one is in {@code
 * src/test/node}.
 *
 * <p>Start at {@link dev.shardstream.systemtests.interop.NodeProducerIT}.
 */
@NullMarked
package dev.shardstream.systemtests.interop;

import org.jspecify.annotations.NullMarked;
