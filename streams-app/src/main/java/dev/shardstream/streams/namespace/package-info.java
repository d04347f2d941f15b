/**
 * Namespaces: made, dropped, required. A namespace is a database, the key of its commands; {@code
 * default} is always there.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.namespace.Namespaces}.
 */
@NullMarked
package dev.shardstream.streams.namespace;

import org.jspecify.annotations.NullMarked;
