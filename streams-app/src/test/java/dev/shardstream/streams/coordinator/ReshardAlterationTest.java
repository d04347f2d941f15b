package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.event.WriteFences;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that are altered while they are resharded: shards 0 and 1 to 2, 3 and 4. */
class ReshardAlterationTest {
  private static final String ID = "shop-r1";

  private final Scenario scenario = new Scenario("a", "b");

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
  }

  private void reshardAndHold(Class<?> kind) {
    scenario.hold(
        t ->
            t instanceof ShardTask s && kind.isInstance(s.getTask())
                || t instanceof ProvisionTask p && kind.isInstance(p.getTask()));
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(3_000);
  }

  private void alter(String id) {
    scenario.send(Commands.alter(id, "orders", new CommentOnTable(id)));
    scenario.run(600);
  }

  @Test
  void an_alteration_goes_on_in_every_phase_and_is_applied_by_sources_and_targets() {
    for (Class<?> held :
        List.of(
            CreateShard.class,
            CopyShard.class,
            VerifyShard.class,
            WriteFences.class,
            DropShard.class)) {
      scenario.hold(
          t ->
              t instanceof ShardTask s && held.isInstance(s.getTask())
                  || t instanceof ProvisionTask p && held.isInstance(p.getTask()));
      String id = held.getSimpleName();
      scenario.send(Commands.reshard("reshard-" + id, "orders", 3));
      scenario.run(8_000);
      alter("alter-" + id);

      assertThat(scenario.results("alter-" + id)).contains("ACCEPTED");
      scenario.hold(t -> false);
      scenario.run(30_000);
      assertThat(scenario.results("alter-" + id)).as(id).endsWith("APPLIED");
      assertThat(scenario.results("reshard-" + id)).as(id).endsWith("APPLIED");
    }
  }

  @Test
  void a_target_that_does_not_exist_yet_is_made_with_the_version_of_now() {
    reshardAndHold(CreateShard.class);
    alter("c3");
    assertThat(scenario.results("c3")).containsExactly("PENDING", "ACCEPTED");
    scenario.nodes().follow("a", false);
    scenario.nodes().follow("b", false);
    scenario.run(12_000);
    scenario.hold(t -> t instanceof ShardTask s && s.getAttempt() == 1);
    scenario.run(400);

    assertThat(scenario.results("c3")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
  }

  @Test
  void targets_reach_the_version_before_they_are_verified() {
    reshardAndHold(CopyShard.class);
    scenario.nodes().follow("b", false);
    alter("c3");
    scenario.hold(t -> false);
    scenario.run(5_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.REPLAYING);
    scenario.nodes().follow("b", true).forEach(scenario::report);
    scenario.run(10_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(1);
  }

  @Test
  void digests_of_different_versions_are_void_and_another_fence_is_written() {
    reshardAndHold(WriteFences.class);
    scenario.nodes().follow("b", false);
    alter("c3");
    scenario.hold(t -> false);
    scenario.run(800);

    Reshard verifying = scenario.reshard(ID);
    assertThat(verifying.getStatus()).isEqualTo(ReshardStatus.VERIFYING);
    assertThat(verifying.getVerifyAttempt()).isGreaterThan(1);
    assertThat(verifying.getMismatches()).isEmpty();
    scenario.nodes().follow("b", true).forEach(scenario::report);
    scenario.run(10_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.reshard(ID).getDigestsCompared()).isEqualTo(256);
  }

  @Test
  void a_difference_among_those_that_can_be_compared_counts() {
    reshardAndHold(WriteFences.class);
    scenario.nodes().corrupt(Scenario.TABLE, 2, 7);
    scenario.nodes().follow("b", false);
    alter("c3");
    scenario.hold(t -> false);
    scenario.run(5_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.FAILED);
    assertThat(scenario.reshard(ID).getErrorMessage())
        .isEqualTo("Verify found 1 virtual shards that differ: 7; keys (7)");
  }

  @Test
  void a_table_that_is_renamed_is_resharded_to_its_end() {
    reshardAndHold(CopyShard.class);
    scenario.send(Commands.alter("c3", "orders", new RenameTable("bills")));
    scenario.run(1_000);
    scenario.send(Commands.drop("c4", "bills"));
    scenario.send(Commands.create("c5", "orders", 1));
    scenario.hold(t -> false);
    scenario.run(12_000);

    assertThat(scenario.results("c4")).containsExactly("REJECTED DROP_DURING_RESHARD");
    assertThat(scenario.results("c5")).endsWith("APPLIED");
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
    assertThat(scenario.state().result("c2").orElseThrow().getTable()).isEqualTo("bills");
  }
}
