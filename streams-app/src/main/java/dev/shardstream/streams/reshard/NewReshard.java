package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reshard is to do.
 *
 * @param purpose why
 * @param sources active shards, whose virtual shards the targets own among them
 * @param targets pending shards with fresh ids, each with its node; those of a move or verify in
 *     the order of their sources
 * @param options as they were asked for, null for as configured
 * @param retryOf id of the reshard that it repeats, or null
 */
public record NewReshard(
    ReshardPurpose purpose,
    List<Shard> sources,
    List<Shard> targets,
    @Nullable ReshardOptions options,
    @Nullable String retryOf) {}
