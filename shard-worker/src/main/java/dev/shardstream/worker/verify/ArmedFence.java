package dev.shardstream.worker.verify;

import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.trace.TraceScope;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A fence that someone waits for in a shard.
 *
 * @param fenceId the fence
 * @param virtualShards virtual shards to digest
 * @param listKeys whether to report every key too
 * @param scope what is done for it runs in it
 * @param progress called now and then while nothing else can be said
 * @param answers gets the digests: per partition one event with all of its digests, last; before
 *     it, where keys are listed, events with keys and no digests
 * @param failures gets what went wrong
 */
public record ArmedFence(
    String fenceId,
    Set<Integer> virtualShards,
    boolean listKeys,
    TraceScope scope,
    Runnable progress,
    Consumer<ShardDigests> answers,
    Consumer<Exception> failures) {}
