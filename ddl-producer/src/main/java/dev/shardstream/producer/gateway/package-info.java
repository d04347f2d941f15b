/**
 * SQL over HTTP: a client of the cluster for those who have no client. Each request is one
 * statement, by whoever the server has let in.
 *
 * <p>It knows the client's API and its grammar, and of HTTP what {@code schemas.serving} has. A
 * program that only uses the API does without this package and without a server. Start at {@link
 * dev.shardstream.producer.gateway.Gateway}.
 */
@NullMarked
package dev.shardstream.producer.gateway;

import org.jspecify.annotations.NullMarked;
