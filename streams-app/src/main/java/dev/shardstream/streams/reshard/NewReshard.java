package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Holding;
import dev.shardstream.streams.placement.Placement;
import java.util.Collections;
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

  /**
   * One that divides a table anew, with as many replicas as it shall have.
   *
   * @param nodes at least as many node ids as replicas
   */
  static NewReshard divided(
      Table table,
      Topology topology,
      int shardCount,
      List<String> nodes,
      @Nullable ReshardOptions options,
      @Nullable String retryOf) {
    List<Holding> holdings =
        table.getStrategy() == Strategy.RANGE
            ? Collections.nCopies(shardCount, Holding.EVERYTHING)
            : Holding.ofVirtualShards(shardCount);
    return new NewReshard(
        ReshardPurpose.RESHARD,
        Tables.owners(topology),
        Placement.spread(holdings, table.getReplicas(), topology.getNextShardId(), nodes),
        options,
        retryOf,
        shardCount);
  }

  /** Whether its targets are stand-ins, because their ranges follow from the rows. */
  boolean isToBeSplit() {
    return purpose == ReshardPurpose.RESHARD
        && shardCount > 1
        && targets.stream().anyMatch(t -> t.getRange() != null);
  }

  /** The same with no target yet. */
  NewReshard withoutTargets() {
    return new NewReshard(purpose, sources, List.of(), options, retryOf, shardCount);
  }
}
