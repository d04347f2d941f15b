package dev.shardstream.streams.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeWatchTest {
  private static final Limits LIMITS = Limits.defaults();

  private final NodeWatch watch = new NodeWatch(0, LIMITS);

  private static Node node(String id, String incarnation, NodeState state, long heartbeatAt) {
    return new Node(id, incarnation, "http://" + id, state, heartbeatAt, 1L, 1L, List.of());
  }

  private static Node up(long heartbeatAt) {
    return node("a", "a-1", NodeState.UP, heartbeatAt);
  }

  @Test
  void a_heartbeat_of_before_the_watch_is_no_sign_of_life_and_no_loss_either() {
    Cluster first = watch.observe(List.of(up(5)), 100);
    Cluster later = watch.observe(List.of(up(5)), 29_000);

    assertThat(first.placeable(LIMITS)).isEmpty();
    assertThat(later.isLost("a", LIMITS)).isFalse();
    assertThat(watch.observe(List.of(up(5)), 30_100).isLost("a", LIMITS)).isTrue();
  }

  @Test
  void a_node_that_comes_later_takes_shards_from_its_first_heartbeat_on() {
    Node joining = node("b", "b-1", NodeState.UP, 7);
    watch.observe(List.of(up(5)), 100);

    Cluster cluster = watch.observe(List.of(up(5), joining), 200);

    assertThat(cluster.placeable(LIMITS)).containsExactly("b");
    assertThat(cluster.isSettled("b", LIMITS)).isFalse();
  }

  @Test
  void a_node_that_speaks_takes_shards_whatever_its_clock_says() {
    watch.observe(List.of(up(1_000_000)), 100);

    assertThat(watch.observe(List.of(up(-7)), 200).placeable(LIMITS)).containsExactly("a");
  }

  @Test
  void a_silent_or_leaving_node_takes_no_shards() {
    watch.observe(List.of(up(1)), 100);
    watch.observe(List.of(up(2)), 200);

    assertThat(watch.observe(List.of(up(2)), 10_200).placeable(LIMITS)).isEmpty();
    assertThat(
            watch
                .observe(List.of(node("a", "a-1", NodeState.LEAVING, 3)), 10_300)
                .placeable(LIMITS))
        .isEmpty();
  }

  @Test
  void a_node_that_has_just_started_may_not_name_all_its_shards_yet() {
    watch.observe(List.of(up(1)), 0);
    watch.observe(List.of(up(2)), 9_000);
    assertThat(watch.observe(List.of(up(3)), 10_000).isSettled("a", LIMITS)).isTrue();

    Node restarted = node("a", "a-2", NodeState.UP, 3);
    assertThat(watch.observe(List.of(restarted), 10_100).isSettled("a", LIMITS)).isFalse();
  }

  @Test
  void what_a_node_says_after_a_long_silence_may_be_of_before() {
    watch.observe(List.of(up(1)), 0);
    watch.observe(List.of(up(2)), 1_000);

    assertThat(watch.observe(List.of(up(3)), 11_000).isSettled("a", LIMITS)).isFalse();
    watch.observe(List.of(up(4)), 12_000);
    assertThat(watch.observe(List.of(up(5)), 20_999).isSettled("a", LIMITS)).isFalse();
    assertThat(watch.observe(List.of(up(6)), 21_000).isSettled("a", LIMITS)).isTrue();
  }

  @Test
  void an_observer_that_was_away_counts_nobodys_silence_for_that_time() {
    watch.observe(List.of(up(1)), 0);
    watch.observe(List.of(up(2)), 10_000);

    watch.wasAway(50_000, 65_000);
    Cluster back = watch.observe(List.of(up(2)), 65_000);

    assertThat(back.silentMillis("a")).isEqualTo(5_000);
    assertThat(back.silentMillis("x")).isEqualTo(15_000);
    assertThat(back.placeable(LIMITS)).isEmpty();
    assertThat(watch.observe(List.of(up(2)), 90_000).isLost("a", LIMITS)).isTrue();

    Cluster heard = watch.observe(List.of(up(3)), 90_200);
    assertThat(heard.placeable(LIMITS)).containsExactly("a");
    assertThat(heard.isSettled("a", LIMITS)).isFalse();
  }

  @Test
  void a_node_never_seen_is_lost_only_after_a_whole_watch() {
    assertThat(watch.observe(List.of(), 29_999).isLost("x", LIMITS)).isFalse();
    assertThat(watch.observe(List.of(), 30_000).isLost("x", LIMITS)).isTrue();
  }

  @Test
  void replicas_of_a_shard_are_on_the_nodes_that_follow_its_owners() {
    List<Shard> shards = Placement.spread(Holding.ofVirtualShards(2), 3, 5, List.of("a", "b", "c"));

    assertThat(shards)
        .extracting(s -> s.getId() + " " + s.getRole() + " " + s.getNodeId())
        .containsExactly(
            "5 OWNER a", "6 OWNER b", "7 REPLICA b", "8 REPLICA c", "9 REPLICA c", "10 REPLICA a");
    assertThat(shards.get(4).getVirtualShards()).isEqualTo(shards.get(0).getVirtualShards());
    assertThat(shards.get(5).getVirtualShards()).isEqualTo(shards.get(1).getVirtualShards());
  }

  @Test
  void shards_take_turns_over_the_nodes_and_own_everything_among_them() {
    List<Shard> shards = Placement.spread(Holding.ofVirtualShards(3), 1, 5, List.of("a", "b"));

    assertThat(shards).extracting(Shard::getId).containsExactly(5, 6, 7);
    assertThat(shards).extracting(Shard::getNodeId).containsExactly("a", "b", "a");
    assertThat(shards.stream().flatMap(s -> s.getVirtualShards().stream()).distinct()).hasSize(256);
  }
}
