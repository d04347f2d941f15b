/**
 * What the HTTP servers of all processes have in common: listening with or without TLS, letting in
 * by role, one form of errors, bounded bodies.
 *
 * <p>The only package here that knows Javalin, which a client does not need. Start at {@link
 * dev.shardstream.schemas.serving.GuardedServer}.
 */
@NullMarked
package dev.shardstream.schemas.serving;

import org.jspecify.annotations.NullMarked;
