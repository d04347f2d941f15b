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
 * @param sources active shards whose rows the targets get: owners, but of a move those that move
 * @param targets pending shards with fresh ids, each with its node, and its role; those of a move
 *     or a verify against the log in the order of their sources; of a verify of replicas these
 * @param options as they were asked for, null for as configured
 * @param retryOf id of the reshard that it repeats, or null
 * @param shardCount of a RESHARD: how many shards the table shall have, replicas not counted; else
 *     0
 */
public record NewReshard(
    ReshardPurpose purpose,
    List<Shard> sources,
    List<Shard> targets,
    @Nullable ReshardOptions options,
    @Nullable String retryOf,
    int shardCount) {

  /** One that leaves the table as many shards as it has. */
  public NewReshard(
      ReshardPurpose purpose,
      List<Shard> sources,
      List<Shard> targets,
      @Nullable ReshardOptions options,
      @Nullable String retryOf) {
    this(purpose, sources, targets, options, retryOf, 0);
  }
}
