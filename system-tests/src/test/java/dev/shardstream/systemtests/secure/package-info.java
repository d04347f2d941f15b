/**
 * A Kafka that wants to know who speaks and what that one may do: SASL_SSL, and an authorizer with
 * no more rights than the manifests in deploy/kubernetes give.
 *
 * <p>Profile {@code secure}. Start at {@link dev.shardstream.systemtests.secure.SecureKafkaIT}.
 */
@NullMarked
package dev.shardstream.systemtests.secure;

import org.jspecify.annotations.NullMarked;
