package dev.shardstream.streams.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.SchemaReached;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.ShardVersion;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShardVersionsTest {
  private static final String TABLE = "shop-orders-1";

  private final DatabaseState state = new DatabaseState("shop");
  private final TreeMap<String, Cluster.Seen> nodes = new TreeMap<>();

  @BeforeEach
  void a_table_of_one_shard() {
    Shard shard = new Shard(0, "a", ShardStatus.ACTIVE, List.of(), ShardRole.OWNER, null);
    state.apply(
        new Decision.TopologyStored(new Topology("shop", TABLE, 1, List.of(shard), 1, null)));
  }

  private Turn turn() {
    return new Turn(state, new Moment(1, new Cluster(1, nodes)), Limits.defaults());
  }

  private List<Decision> told(String node, int shardId, int version, Integer... indexes) {
    Turn turn = turn();
    Tasks.absorb(
        turn,
        new TaskEvent(
            "",
            0,
            node,
            node + "-1",
            "shop",
            TABLE,
            0L,
            new SchemaReached(shardId, version, List.of(indexes))));
    return turn.decisions();
  }

  private void heartbeat(int version, Integer... indexes) {
    ShardReport report =
        new ShardReport(
            TABLE,
            0,
            ShardState.APPLYING,
            version,
            List.of(indexes),
            0L,
            0L,
            0L,
            List.of(),
            null,
            null);
    Node node = new Node("a", "a-1", "http://a", NodeState.UP, 0L, 0L, 0L, List.of(report));
    nodes.put("a", new Cluster.Seen(node, 0, true, 1));
  }

  @Test
  void the_highest_version_is_kept_with_the_indexes_of_the_last_report() {
    assertThat(told("a", 0, 2, 1))
        .containsExactly(
            new Decision.ShardVersionStored(new ShardVersion(TABLE, 0, 2, List.of(1))));
    assertThat(told("a", 0, 2, 1)).isEmpty();
    assertThat(told("a", 0, 1)).isEmpty();
    assertThat(told("a", 0, 2))
        .containsExactly(new Decision.ShardVersionStored(new ShardVersion(TABLE, 0, 2, List.of())));
  }

  @Test
  void only_the_node_of_a_shard_of_the_topology_is_believed() {
    assertThat(told("b", 0, 2)).isEmpty();
    assertThat(told("a", 7, 2)).isEmpty();
  }

  @Test
  void a_version_is_reached_when_the_shard_or_its_heartbeat_says_so() {
    assertThat(ShardVersions.haveAllReached(turn(), TABLE, 2)).isFalse();
    told("a", 0, 2);
    assertThat(ShardVersions.haveAllReached(turn(), TABLE, 2)).isTrue();
    assertThat(ShardVersions.haveAllReached(turn(), TABLE, 3)).isFalse();
    heartbeat(3);
    assertThat(ShardVersions.haveAllReached(turn(), TABLE, 3)).isTrue();
  }

  @Test
  void a_shard_that_tells_nothing_neither_has_an_index_nor_has_lost_it() {
    assertThat(ShardVersions.haveAll(turn(), TABLE, 1)).isFalse();
    assertThat(ShardVersions.haveNone(turn(), TABLE, 1)).isFalse();
    heartbeat(1, 1);
    assertThat(ShardVersions.haveAll(turn(), TABLE, 1)).isTrue();
    assertThat(ShardVersions.haveNone(turn(), TABLE, 1)).isFalse();
    told("a", 0, 1);
    assertThat(ShardVersions.haveNone(turn(), TABLE, 1)).isTrue();
  }
}
