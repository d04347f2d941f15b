/**
 * Who may call a process over HTTP and by what it is known: roles, the file of principals, tokens,
 * certificates, rate limits, and what a process shows when it calls another.
 *
 * <p>Plain Java: no server and no Kafka client. Start at {@link
 * dev.shardstream.schemas.access.Guard} for those who are called and at {@link
 * dev.shardstream.schemas.access.Caller} for those who call. The threat model is in
 * docs/security.md.
 */
@NullMarked
package dev.shardstream.schemas.access;

import org.jspecify.annotations.NullMarked;
