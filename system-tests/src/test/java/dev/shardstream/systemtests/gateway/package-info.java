/** SQL over HTTP: {@code shardstream serve} as a process, against a cluster. */
@NullMarked
package dev.shardstream.systemtests.gateway;

import org.jspecify.annotations.NullMarked;
