package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Rows that a disk or a node has taken along are made anew from their log. */
class LostRowsTest {
  private static final String TABLE = Scenario.TABLE;

  private final Scenario scenario = new Scenario("a", "b", "c");

  private void create(int shards, int replicas) {
    scenario.nodes().holdWhatIsMadeAnew();
    scenario.create(shards, replicas, 15_000);
  }

  /** Who serves at once, of each shard that was ever to be made; like {@code 0 a-1}. */
  private List<String> made() {
    return scenario.journal().stream()
        .filter(Decision.ShardTaskIssued.class::isInstance)
        .map(decision -> ((Decision.ShardTaskIssued) decision).task())
        .map(ShardTask::getTask)
        .filter(CreateShard.class::isInstance)
        .map(CreateShard.class::cast)
        .map(c -> c.getShardId() + " " + Objects.requireNonNullElse(c.getServedBy(), "anew"))
        .toList();
  }

  @Test
  void nothing_is_made_twice_while_all_is_well() {
    create(3, 2);
    scenario.run(60_000);

    assertThat(made())
        .containsExactlyInAnyOrder("0 a-1", "1 b-1", "2 c-1", "3 b-1", "4 c-1", "5 a-1");
  }

  @Test
  void a_node_with_an_empty_disk_makes_its_shards_anew() {
    create(2, 1);
    scenario.nodes().loseDisk("a");
    scenario.run(9_000);
    assertThat(scenario.nodes().shards()).containsExactly(TABLE + "/1");

    scenario.run(2_000);
    assertThat(scenario.nodes().shards()).containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/1");
    assertThat(made()).containsExactlyInAnyOrder("0 a-1", "1 b-1", "0 anew");
    scenario.nodes().catchUp("a");
    scenario.run(60_000);

    assertThat(made()).containsExactlyInAnyOrder("0 a-1", "1 b-1", "0 anew");
    assertThat(scenario.shards()).containsExactly("0 owner on a", "1 owner on b");
    assertThat(scenario.topology().getEpoch()).isEqualTo(1);
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void it_makes_them_once_more_when_it_loses_its_disk_again() {
    create(1, 1);
    scenario.nodes().loseDisk("a");
    scenario.run(11_000);
    scenario.nodes().loseDisk("a");
    scenario.run(30_000);

    assertThat(scenario.nodes().shards()).containsExactly(TABLE + "/0");
    assertThat(made()).containsExactly("0 a-1", "0 anew", "0 anew");
  }

  @Test
  void another_holder_owns_the_rows_meanwhile() {
    create(1, 2);
    scenario.nodes().loseDisk("a");
    scenario.run(12_000);
    assertThat(scenario.shards()).containsExactly("0 replica on a", "1 owner on b");

    scenario.nodes().catchUp("a");
    scenario.run(60_000);

    assertThat(scenario.shards()).containsExactly("0 replica on a", "1 owner on b");
    assertThat(scenario.topology().getEpoch()).isEqualTo(2);
    assertThat(scenario.state().reshards()).isEmpty();
  }

  @Test
  void a_replica_is_not_too_many_while_its_owner_has_lost_its_rows() {
    create(1, 2);
    scenario.nodes().kill("b");
    scenario.run(12_000);
    scenario.send(Commands.alter("c2", "orders", new SetReplicas(1)));
    scenario.nodes().loseDisk("a");
    scenario.run(15_000);
    assertThat(scenario.shards()).containsExactly("0 owner on a", "1 replica on b");

    scenario.nodes().restart("b");
    scenario.run(30_000);

    assertThat(scenario.shards()).containsExactly("1 owner on b");
    assertThat(scenario.nodes().shards()).containsExactly(TABLE + "/1");
  }

  @Test
  void rows_whose_only_node_is_gone_for_good_are_made_on_another_one() {
    create(3, 1);
    scenario.nodes().kill("a");
    scenario.run(899_000);
    assertThat(scenario.shards()).containsExactly("0 owner on a", "1 owner on b", "2 owner on c");

    scenario.run(2_000);
    assertThat(scenario.shards())
        .containsExactly("0 owner on a", "1 owner on b", "2 owner on c", "3 replica on b");
    scenario.nodes().catchUp("b");
    scenario.run(2_000);

    assertThat(scenario.shards()).containsExactly("1 owner on b", "2 owner on c", "3 owner on b");
    assertThat(made()).containsExactlyInAnyOrder("0 a-1", "1 b-1", "2 c-1", "3 anew");

    scenario.nodes().restart("a");
    scenario.run(30_000);
    assertThat(scenario.nodes().shards())
        .containsExactlyInAnyOrder(TABLE + "/1", TABLE + "/2", TABLE + "/3");
    assertThat(scenario.shards()).containsExactly("1 owner on b", "2 owner on c", "3 owner on b");
  }

  @Test
  void a_node_that_is_back_before_they_are_there_goes_on_with_them() {
    create(3, 1);
    scenario.nodes().kill("a");
    scenario.run(902_000);
    scenario.nodes().restart("a");
    scenario.run(30_000);

    assertThat(scenario.shards()).containsExactly("0 owner on a", "1 owner on b", "2 owner on c");
    assertThat(scenario.nodes().shards())
        .containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/1", TABLE + "/2");
  }

  @Test
  void a_table_is_dropped_while_its_rows_are_made_anew() {
    create(2, 1);
    scenario.nodes().loseDisk("a");
    scenario.hold(task -> task instanceof ShardTask t && t.getTask() instanceof CreateShard);
    scenario.run(11_000);
    scenario.send(Commands.of("c2", new DropTable("orders", false, false, null)));
    scenario.run(30_000);

    assertThat(scenario.results("c2")).endsWith("APPLIED");
    assertThat(scenario.nodes().shards()).isEmpty();
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void rows_are_made_anew_when_all_who_had_them_are_gone_and_replicas_follow() {
    create(1, 2);
    scenario.nodes().kill("a");
    scenario.nodes().kill("b");
    scenario.run(902_000);
    assertThat(scenario.shards())
        .containsExactly("0 owner on a", "1 replica on b", "2 replica on c");

    scenario.nodes().catchUp("c");
    scenario.run(5_000);
    assertThat(scenario.shards()).containsExactly("0 replica on a", "2 owner on c");

    scenario.nodes().add("d");
    scenario.run(30_000);
    assertThat(scenario.shards()).containsExactly("2 owner on c", "3 replica on d");
  }
}
