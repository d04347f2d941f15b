package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  /** Heartbeats of nodes, and shards as their nodes see them. */
  private static ClusterView view(Map<String, Long> heard, ShardProgress... shards) {
    List<NodeInfo> nodes =
        heard.entrySet().stream()
            .map(node -> new NodeInfo(node.getKey(), "up", "http://n", 1, 1, 1, 1, node.getValue()))
            .toList();
    return new ClusterView(nodes, Stream.of(shards).toList(), List.of());
  }

  private static ShardProgress shard(
      String table,
      int id,
      String node,
      @Nullable String state,
      @Nullable Long offsets,
      @Nullable Long millis,
      @Nullable Long heard) {
    return new ShardProgress(
        "default",
        table,
        table + "-1",
        id,
        "owner",
        node,
        state,
        1L,
        offsets,
        millis,
        0L,
        "i",
        heard);
  }

  private static ShardProgress good(int id, String node, long heard) {
    return shard("users", id, node, "applying", 0L, 0L, heard);
  }

  @Test
  void a_cluster_whose_nodes_have_all_said_that_they_serve_is_back() {
    ClusterView before = view(Map.of("a", 1L, "b", 1L));
    ShardProgress written = shard("orders", 0, "b", "applying", 17L, 900L, 2L);

    assertThat(Recovery.of(before, view(Map.of("a", 2L, "b", 2L), good(0, "a", 2), written)))
        .isEqualTo(new Recovery(2, 2, 2, List.of()))
        .matches(Recovery::isComplete);
    assertThat(Recovery.of(before, view(Map.of()))).matches(Recovery::isComplete);
  }

  @Test
  void what_was_said_before_the_loss_does_not_count() {
    ClusterView before = view(Map.of("a", 1L));

    assertThat(Recovery.of(before, view(Map.of("a", 1L), good(0, "a", 1), good(1, "a", 1))))
        .isEqualTo(new Recovery(1, 2, 0, List.of("a word of node 'a', which has 2 shards")))
        .matches(recovery -> !recovery.isComplete());
  }

  @Test
  void each_node_is_named_with_what_it_is_waited_for() {
    ClusterView now =
        view(
            Map.of(),
            shard("users", 0, "a", "silent", null, null, 1L),
            shard("users", 1, "b", null, null, null, 2L),
            shard("users", 2, "c", "copying", null, null, 2L),
            shard("users", 3, "c", "failed", 9L, 9_000L, 2L),
            shard("users", 4, "d", "applying", 9L, 9_000L, 2L),
            shard("orders", 0, "d", "applying", 8L, null, 2L),
            shard("orders", 1, "e", null, null, null, null),
            good(5, "d", 2));

    assertThat(Recovery.of(view(Map.of()), now))
        .isEqualTo(
            new Recovery(
                2,
                8,
                1,
                List.of(
                    "node 'a', which has a shard and is silent: start it",
                    "node 'b' to begin with a shard",
                    "a shard that node 'c' copies",
                    "a shard on node 'c', made anew or failed: the node's log says which",
                    "2 shards on node 'd', 17 offsets behind",
                    "node 'e', which has a shard and is silent: start it")));
  }
}
