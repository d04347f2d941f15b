package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lives of indexes: in the catalog, in every shard, and of unique ones in the log. */
class IndexLifeTest {
  private final Scenario scenario = new Scenario("a", "b");

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
  }

  private Table table() {
    return scenario.state().table(Scenario.TABLE).orElseThrow();
  }

  private static Index index(
      int id, boolean unique, IndexStatus status, @Nullable String error, Integer... columns) {
    return new Index(id, "i", unique, List.of(columns), status, error, null, "c" + (id + 1));
  }

  private static Rule unique(boolean enforced) {
    return new Rule("u1", Scenario.TABLE, RuleKind.UNIQUE, List.of(2, 1), "i", false, enforced);
  }

  private void assertIdle() {
    assertThat(scenario.state().tasks()).isEmpty();
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void an_index_is_ready_when_every_shard_has_it() {
    scenario.nodes().follow("b", false);
    scenario.send(Commands.index("c2", "i", false, "note"));
    scenario.run(1_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED");
    assertThat(table().getIndexes())
        .containsExactly(index(1, false, IndexStatus.BUILDING, null, 2));
    scenario.nodes().follow("b", true).forEach(scenario::report);
    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(table().getIndexes()).containsExactly(index(1, false, IndexStatus.READY, null, 2));
    assertThat(table().getSchemaVersion()).isEqualTo(1);
    assertThat(Issued.works(scenario)).isEmpty();
    assertIdle();
  }

  @Test
  void impossible_indexes_are_refused() {
    scenario.send(Commands.index("c2", "i", false, "note"));
    scenario.send(Commands.index("c3", "I", false, "id"));
    scenario.send(Commands.index("c4", "u", true, "note"));
    scenario.send(Commands.of("c5", new DropIndex("nothing", false)));
    scenario.send(Commands.of("c6", new DropIndex("nothing", true)));
    scenario.send(Commands.of("c7", new CommentOnIndex("nothing", "x")));
    scenario.send(
        Commands.of("c8", new CreateIndex("orders", "i", false, List.of("id"), true, null)));

    assertThat(scenario.results("c3")).containsExactly("REJECTED INDEX_EXISTS");
    assertThat(scenario.results("c4")).containsExactly("REJECTED UNIQUE_WITHOUT_SHARD_KEY");
    assertThat(scenario.results("c5")).containsExactly("REJECTED INDEX_NOT_FOUND");
    assertThat(scenario.results("c6")).containsExactly("APPLIED");
    assertThat(scenario.results("c7")).containsExactly("REJECTED INDEX_NOT_FOUND");
    assertThat(scenario.results("c8")).containsExactly("APPLIED");
  }

  @Test
  void a_command_and_a_definition_are_never_longer_than_a_broker_takes() {
    String half = "x".repeat(200_000);
    for (String column : List.of("id", "note")) {
      scenario.send(
          Commands.of(
              "of " + column,
              new CreateIndex("orders", "by_" + column, false, List.of(column), false, half)));
    }
    scenario.send(
        Commands.of("of both", new CreateIndex("orders", "i", false, List.of("id"), false, half)));
    scenario.send(
        Commands.of(
            "alone", new CreateIndex("orders", "j", false, List.of("id"), false, half + half)));
    scenario.send(Commands.of("dropped", new DropIndex("by_id", false)));
    scenario.run(2_000);

    assertThat(scenario.results("of id")).endsWith("APPLIED");
    assertThat(scenario.results("of both")).endsWith("REJECTED TABLE_TOO_LARGE");
    assertThat(scenario.results("alone")).containsExactly("REJECTED INVALID_COMMAND");
    assertThat(scenario.results("dropped")).endsWith("APPLIED");
    assertThat(table().getIndexes())
        .containsExactly(
            Index.newBuilder(index(2, false, IndexStatus.READY, null, 2))
                .setName("by_note")
                .setComment(half)
                .setCommandId("of note")
                .build());
  }

  @Test
  void a_unique_index_is_built_then_a_rule_and_ready_when_no_shard_finds_duplicates() {
    scenario.send(Commands.index("c2", "i", true, "note", "id"));
    scenario.run(2_000);

    assertThat(Issued.works(scenario))
        .extracting(Issued::words)
        .containsExactly(
            "WRITE u1 enforced",
            "CHECK u1 enforced in 0 at [110, 110, 110, 110]",
            "CHECK u1 enforced in 1 at [110, 110, 110, 110]");
    assertThat(Issued.rules(scenario)).containsExactly(unique(true));
    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(table().getIndexes()).containsExactly(index(1, true, IndexStatus.READY, null, 2, 1));
    assertIdle();
  }

  @Test
  void duplicates_end_the_rule_and_fail_the_index_which_can_be_dropped() {
    scenario.nodes().breakRules(Scenario.TABLE, 0, "DUPLICATES_PRESENT", "('x', 1) is twice");
    scenario.send(Commands.index("c2", "i", true, "note", "id"));
    scenario.run(2_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "REJECTED DUPLICATES_PRESENT");
    assertThat(table().getIndexes())
        .containsExactly(index(1, true, IndexStatus.FAILED, "('x', 1) is twice", 2, 1));
    assertThat(Issued.rules(scenario)).containsExactly(unique(true), unique(false));
    scenario.send(Commands.of("c3", new DropIndex("I", false)));
    scenario.run(2_000);
    assertThat(scenario.results("c3")).endsWith("ACCEPTED", "APPLIED");
    assertThat(table().getIndexes()).isEmpty();
    assertIdle();
  }

  @Test
  void a_unique_index_leaves_the_catalog_when_every_shard_has_passed_the_end_of_its_rule() {
    scenario.send(Commands.index("c2", "i", true, "note", "id"));
    scenario.run(2_000);
    scenario.hold(t -> t instanceof ShardTask s && s.getNodeId().equals("b"));
    scenario.send(Commands.of("c3", new DropIndex("i", false)));
    scenario.run(2_000);

    assertThat(scenario.results("c3")).containsExactly("PENDING");
    assertThat(table().getIndexes()).hasSize(1);
    scenario.hold(t -> false);
    scenario.run(1_000);
    assertThat(scenario.results("c3")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
    assertThat(table().getIndexes()).isEmpty();
    assertThat(table().getNextIndexId()).isEqualTo(2);
    assertThat(Issued.rules(scenario)).containsExactly(unique(true), unique(false));
    assertIdle();
  }

  @Test
  void the_end_of_a_rule_is_asked_for_until_every_shard_has_passed_it() {
    scenario.send(Commands.index("c2", "i", true, "note", "id"));
    scenario.run(2_000);
    scenario.nodes().kill("b");
    scenario.send(Commands.of("c3", new DropIndex("i", false)));
    scenario.run(400_000);

    assertThat(scenario.results("c3")).containsExactly("PENDING");
    scenario.nodes().restart("b");
    scenario.run(20_000);
    assertThat(scenario.results("c3")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
  }

  @Test
  void a_unique_index_is_not_dropped_before_it_is_built_and_a_plain_one_is() {
    scenario.nodes().follow("b", false);
    scenario.send(Commands.index("c2", "i", true, "note", "id"));
    scenario.send(Commands.of("c3", new DropIndex("i", false)));
    scenario.send(Commands.index("c4", "j", false, "note"));
    scenario.run(1_000);
    assertThat(scenario.state().result("c3").orElseThrow().getMessage())
        .isEqualTo("waits until unique index 'i' is built");

    scenario.nodes().follow("b", true).forEach(scenario::report);
    scenario.run(2_000);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
    assertThat(scenario.results("c3")).endsWith("APPLIED");
    scenario.nodes().follow("b", false);
    scenario.send(Commands.index("c5", "k", false, "note"));
    scenario.send(Commands.of("c6", new DropIndex("k", false)));
    assertThat(scenario.results("c5")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.results("c6")).startsWith("ACCEPTED");
  }

  @Test
  void a_column_is_dropped_with_its_unique_indexes_after_their_rules_have_ended() {
    scenario.send(Commands.index("c2", "i", true, "note", "id"));
    scenario.run(2_000);
    scenario.send(Commands.alter("c3", "orders", new DropColumn("note", false, false)));
    scenario.send(Commands.alter("c4", "orders", new DropColumn("note", false, true)));
    scenario.run(2_000);

    assertThat(scenario.results("c3")).containsExactly("REJECTED COLUMN_IN_INDEX");
    assertThat(scenario.results("c4")).endsWith("ACCEPTED", "APPLIED");
    assertThat(Issued.works(scenario))
        .extracting(Issued::words)
        .endsWith(
            "REGISTER 2",
            "WRITE u1 lifted",
            "CHECK u1 lifted in 0 at [120, 120, 120, 120]",
            "CHECK u1 lifted in 1 at [120, 120, 120, 120]");
    assertThat(table().getIndexes()).isEmpty();
    assertIdle();
  }

  @Test
  void a_comment_is_in_the_catalog_at_once() {
    scenario.send(Commands.index("c2", "i", false, "note"));
    scenario.run(1_000);
    scenario.send(Commands.of("c3", new CommentOnIndex("I", "why")));

    assertThat(scenario.results("c3")).containsExactly("APPLIED");
    assertThat(table().getIndexes())
        .containsExactly(
            new Index(1, "i", false, List.of(2), IndexStatus.READY, null, "why", "c2"));
  }

  @Test
  void a_restart_between_any_two_steps_changes_nothing() {
    scenario.nodes().breakRules(Scenario.TABLE, 0, "DUPLICATES_PRESENT", "twice");
    scenario.send(Commands.index("c2", "i", true, "note", "id"));
    runWithRestarts();
    scenario.nodes().mendRules();
    scenario.send(Commands.of("c3", new DropIndex("i", false)));
    runWithRestarts();
    scenario.send(Commands.index("c4", "i", true, "note", "id"));
    runWithRestarts();

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "REJECTED DUPLICATES_PRESENT");
    assertThat(scenario.results("c3")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
    assertThat(scenario.results("c4")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(Issued.rules(scenario))
        .extracting(r -> r.getRuleId() + r.getEnforced())
        .containsExactly("u1true", "u1false", "u1false", "u2true");
    assertIdle();
  }

  private void runWithRestarts() {
    for (int step = 0; step < 12; step++) {
      scenario.restart();
      scenario.run(200);
    }
  }

  @Test
  void a_table_that_is_dropped_takes_its_indexes_in_the_making_along() {
    scenario.nodes().follow("b", false);
    scenario.send(Commands.index("c2", "i", true, "note", "id"));
    scenario.send(Commands.drop("c3", "orders"));
    scenario.run(2_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.results("c3")).endsWith("APPLIED");
    assertIdle();
  }

  @Test
  void targets_of_a_reshard_have_every_index_before_they_are_verified() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(1_000);
    scenario.nodes().follow("a", false);
    scenario.send(Commands.index("c3", "i", false, "note"));
    scenario.hold(t -> false);
    scenario.run(4_000);

    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.REPLAYING);
    assertThat(scenario.results("c3")).containsExactly("ACCEPTED");
    scenario.nodes().follow("a", true);
    scenario.run(12_000);
    assertThat(scenario.results("c3")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.COMPLETE);
  }
}
