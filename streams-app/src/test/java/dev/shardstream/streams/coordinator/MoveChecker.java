package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.DrainedNode;
import dev.shardstream.streams.state.Decision;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Knows from the decisions alone what drains, moves and rebalances may do. */
final class MoveChecker {
  private static final int MOST_PER_RESHARD = 4;

  private final Map<String, Topology> topologies = new TreeMap<>();
  private final Map<String, Reshard> reshards = new HashMap<>();
  private final Map<String, DdlCommand> commands = new HashMap<>();
  private final Set<String> drained = new HashSet<>();
  private final Set<String> accepted = new HashSet<>();
  private int moves;
  private int drains;
  private int rebalances;

  void decided(Decision decision) {
    if (decision instanceof Decision.TopologyStored stored) {
      topology(stored.topology());
    } else if (decision instanceof Decision.TopologyGone gone) {
      topologies.remove(gone.tableId());
    } else if (decision instanceof Decision.ReshardStored stored) {
      reshard(stored.reshard());
    } else if (decision instanceof Decision.CommandStored stored) {
      commands.put(stored.command().getId(), stored.command());
    } else if (decision instanceof Decision.NodeDrained stored) {
      drained(stored.node());
    } else if (decision instanceof Decision.NodeUndrained gone) {
      drained.remove(gone.nodeId());
    } else if (decision instanceof Decision.ResultStored stored) {
      result(stored.result());
    }
  }

  private void drained(DrainedNode node) {
    assertThat(drained.add(node.getNodeId())).as("drained once").isTrue();
  }

  /** No shard is put on a drained node, but to be compared with one that is there. */
  private void topology(Topology topology) {
    Topology last = topologies.put(topology.getTableId(), topology);
    int known = last == null ? 0 : last.getNextShardId();
    Reshard reshard = reshards.get(String.valueOf(topology.getChangeLogId()));
    boolean compares = reshard != null && reshard.getPurpose() == ReshardPurpose.VERIFY;
    for (Shard shard : topology.getShards()) {
      if (shard.getId() >= known && !compares) {
        assertThat(drained).as("%s in %s", shard, topology).doesNotContain(shard.getNodeId());
      }
    }
  }

  private void reshard(Reshard reshard) {
    Reshard last = reshards.put(reshard.getChangeLogId(), reshard);
    if (reshard.getPurpose() == ReshardPurpose.MOVE && last == null) {
      assertThat(reshard.getSourceShards()).hasSizeLessThanOrEqualTo(MOST_PER_RESHARD);
      assertThat(reshard.getTargetShards()).hasSameSizeAs(reshard.getSourceShards());
    } else if (reshard.getPurpose() == ReshardPurpose.MOVE
        && last.getStatus() != reshard.getStatus()
        && reshard.getStatus() == ReshardStatus.SWITCHING) {
      moves++;
      assertMoved(reshard);
    }
  }

  /** The targets own what the sources owned, shard by shard, somewhere else. */
  private void assertMoved(Reshard reshard) {
    Topology topology = topologies.get(reshard.getTableId());
    for (int i = 0; i < reshard.getSourceShards().size(); i++) {
      Shard source = shard(topology, reshard.getSourceShards().get(i));
      Shard target = shard(topology, reshard.getTargetShards().get(i));
      assertThat(target.getVirtualShards()).isEqualTo(source.getVirtualShards());
      assertThat(target.getNodeId()).isNotEqualTo(source.getNodeId());
    }
  }

  private static Shard shard(Topology topology, int id) {
    return topology.getShards().stream().filter(s -> s.getId() == id).findFirst().orElseThrow();
  }

  private void result(DdlResult result) {
    Object operation = commands.get(result.getCommandId()).getOperation();
    if (result.getStatus() == DdlStatus.ACCEPTED) {
      accepted.add(result.getCommandId());
    } else if (result.getStatus() == DdlStatus.APPLIED && operation instanceof DrainNode drain) {
      drains++;
      assertThat(topologies.values().stream().flatMap(t -> t.getShards().stream()))
          .as("what a node holds that was drained")
          .noneMatch(s -> s.getNodeId().equals(drain.getNodeId()));
    } else if (result.getStatus() == DdlStatus.APPLIED && operation instanceof Rebalance) {
      rebalances += accepted.contains(result.getCommandId()) ? 1 : 0;
    }
  }

  /** Shards or several of a table that were moved. */
  int moves() {
    return moves;
  }

  /** Drains that were applied. */
  int drains() {
    return drains;
  }

  /** Rebalances that were applied and had something to do. */
  int rebalances() {
    return rebalances;
  }
}
