package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A RANGE table from its creation on, but for its reshards. */
class RangeTableTest {
  private static final int VIRTUAL_SHARD = VirtualShards.of(FakeRows.key(150));

  private final Scenario scenario = new Scenario("a", "b");

  private List<String> shards() {
    return scenario.topology().getShards().stream()
        .map(
            s ->
                s.getId()
                    + " "
                    + s.getNodeId()
                    + " "
                    + s.getStatus()
                    + " "
                    + ShardRange.format(s.getVirtualShards())
                    + " "
                    + KeyRanges.text(s.getRange()))
        .toList();
  }

  private <T> List<T> issued(Class<T> kind) {
    return scenario.journal().stream()
        .filter(d -> d instanceof Decision.ShardTaskIssued)
        .map(d -> ((Decision.ShardTaskIssued) d).task().getTask())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  @Test
  void a_table_is_divided_at_its_split_points() {
    scenario.send(Commands.createRange("c1", "orders", 100, 200));
    scenario.run(1_000);

    assertThat(shards())
        .containsExactly(
            "0 a ACTIVE 0-255 […, 100)",
            "1 b ACTIVE 0-255 [100, 200)",
            "2 a ACTIVE 0-255 [200, …)");
    assertThat(scenario.topology().getNextShardId()).isEqualTo(3);
    assertThat(issued(CreateShard.class))
        .extracting(c -> KeyRanges.text(c.getRange()))
        .containsExactly("[…, 100)", "[100, 200)", "[200, …)");
    assertThat(scenario.results("c1")).endsWith("ACCEPTED", "APPLIED");
  }

  @Test
  void a_table_without_split_points_is_one_shard() {
    scenario.send(Commands.createRange("c1", "orders"));
    scenario.run(1_000);

    assertThat(shards()).containsExactly("0 a ACTIVE 0-255 […, …)");
  }

  @Test
  void split_points_that_break_a_rule_are_refused() {
    scenario.send(Commands.createRange("c1", "orders", 200, 100));

    assertThat(scenario.message("c1"))
        .isEqualTo(
            "Invalid SPLIT AT of table 'orders':"
                + " (100) does not come after (200): split points must ascend");
    assertThat(scenario.state().tables()).isEmpty();
  }

  @Test
  void shards_of_nodes_that_are_lost_in_creation_keep_their_ranges() {
    scenario.hold(t -> true);
    scenario.send(Commands.createRange("c1", "orders", 100));
    scenario.hold(t -> Issued.is(t, CreateShard.class));
    scenario.run(1_000);
    scenario.nodes().kill("b");
    scenario.run(40_000);
    scenario.hold(t -> false);
    scenario.run(2_000);

    assertThat(shards()).containsExactly("0 a ACTIVE 0-255 […, 100)", "2 a ACTIVE 0-255 [100, …)");
  }

  @Test
  void a_move_keeps_the_range_and_copies_it_from_its_owner_alone() {
    scenario.send(Commands.createRange("c1", "orders", 100, 200));
    scenario.run(1_000);
    scenario.send(Commands.of("c2", new MoveShard("orders", 1, "a", null)));
    scenario.run(20_000);

    assertThat(shards())
        .containsExactly(
            "0 a ACTIVE 0-255 […, 100)",
            "2 a ACTIVE 0-255 [200, …)",
            "3 a ACTIVE 0-255 [100, 200)");
    assertThat(scenario.results("c2")).endsWith("APPLIED");
    assertThat(issued(CopyShard.class).get(0).getSources())
        .containsExactly(
            new CopySource(
                1,
                "b",
                "http://b",
                new ShardRange(0, 255).virtualShards(),
                KeyRanges.between(List.of(FakeRows.key(100), FakeRows.key(200))).get(1)));
  }

  @Test
  void a_verify_compares_each_range_with_its_owner() {
    scenario.send(Commands.createRange("c1", "orders", 100, 200));
    scenario.run(1_000);
    scenario.hold(t -> Issued.is(t, CreateShard.class));
    scenario.send(Commands.of("c2", new VerifyTable("orders", null, true)));
    scenario.run(1_000);

    assertThat(scenario.topology().getShards())
        .filteredOn(s -> s.getStatus() == ShardStatus.PENDING)
        .extracting(Shard::getId, s -> KeyRanges.text(s.getRange()))
        .map(t -> t.toList())
        .containsExactly(List.of(3, "[…, 100)"), List.of(4, "[100, 200)"), List.of(5, "[200, …)"));

    scenario.nodes().corrupt(Scenario.TABLE, 4, VIRTUAL_SHARD);
    scenario.hold(t -> false);
    scenario.run(20_000);
    assertThat(scenario.message("c2"))
        .startsWith(
            "Reshard 'shop-r1' of table 'orders' failed: Verify found 1 virtual shards that differ: "
                + VIRTUAL_SHARD
                + "; keys ([");
    assertThat(scenario.reshard("shop-r1").getMismatches())
        .extracting(m -> List.of(m.getVirtualShard(), m.getSourceShard(), m.getTargetShard()))
        .containsExactly(List.of(VIRTUAL_SHARD, 1, 4));
  }
}
