package dev.shardstream.streams.placement;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * How large the topology of a table may become. It is one record with all of a table's shards, and
 * one that Kafka does not take would end every process of the control plane in turn: whatever adds
 * shards asks here first.
 */
public final class TopologySize {
  /**
   * The most bytes that a topology may have when shards are added to it. A producer sends 1 MiB; in
   * what is left there is room for what changes afterwards, like the name of a reshard.
   */
  public static final int MOST_BYTES = 900_000;

  /** Stands for a node while it is not known which: no name is longer. */
  private static final String SOME_NODE = "n".repeat(100);

  private TopologySize() {}

  /**
   * Makes sure that shards can be added.
   *
   * @throws ShardstreamException INVALID_ARGUMENT
   */
  public static void require(String table, Topology topology, List<Shard> added) {
    require(table, bytes(topology) + bytes(added), topology.getShards().size() + added.size());
  }

  /**
   * Makes sure that a table can have such shards, on whatever nodes.
   *
   * @param holdings what each owner holds
   * @param replicas how many shards hold the same, owners included
   * @throws ShardstreamException INVALID_ARGUMENT
   */
  public static void require(String table, List<Holding> holdings, int replicas) {
    List<Shard> shards =
        Placement.spread(holdings, replicas, 0, Collections.nCopies(replicas, SOME_NODE));
    require(table, bytes(shards), shards.size());
  }

  private static void require(String table, int bytes, int shards) {
    if (bytes > MOST_BYTES) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          ("the topology of table '%s' would have %d bytes with %d shards at a time, more than the"
                  + " %d that fit into a record: take fewer shards or replicas, or shorter split"
                  + " points")
              .formatted(table, bytes, shards, MOST_BYTES));
    }
  }

  /** The first of some shards, as many as can be added. */
  public static List<Shard> fitting(Topology topology, List<Shard> added) {
    int bytes = bytes(topology);
    int fitting = 0;
    while (fitting < added.size() && bytes + bytes(added.get(fitting)) <= MOST_BYTES) {
      bytes += bytes(added.get(fitting));
      fitting++;
    }
    return added.subList(0, fitting);
  }

  private static int bytes(Collection<Shard> shards) {
    return shards.stream().mapToInt(TopologySize::bytes).sum();
  }

  /** A little more than it takes within a topology: what marks a record of its own is counted. */
  private static int bytes(Shard shard) {
    try {
      return shard.toByteBuffer().remaining();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int bytes(Topology topology) {
    try {
      return topology.toByteBuffer().remaining();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
