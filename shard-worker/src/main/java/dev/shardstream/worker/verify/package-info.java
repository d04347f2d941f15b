/**
 * Digests: what each virtual shard holds when its shard stands at a fence. It checks what copy and
 * apply did, so it shares no code with them; ArchUnit holds that.
 *
 * <p>Knows the shard file and the events. Start at {@link dev.shardstream.worker.verify.Verifier},
 * then {@link dev.shardstream.worker.verify.RowHash} for what is hashed.
 */
@NullMarked
package dev.shardstream.worker.verify;

import org.jspecify.annotations.NullMarked;
