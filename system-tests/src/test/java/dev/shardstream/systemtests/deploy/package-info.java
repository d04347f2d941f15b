/**
 * What {@code deploy/kubernetes} would apply, rendered and read as Kubernetes would read it.
 *
 * <p>No cluster is needed: {@code kubectl kustomize} renders, the models that clients of Kubernetes
 * are made of say which fields there are, and the processes' own configuration says which settings.
 * The tests stand in this module because it knows all processes. Start at {@link
 * dev.shardstream.systemtests.deploy.ManifestsTest}.
 */
@NullMarked
package dev.shardstream.systemtests.deploy;

import org.jspecify.annotations.NullMarked;
