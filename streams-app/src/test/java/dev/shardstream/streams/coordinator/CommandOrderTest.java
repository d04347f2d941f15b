package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandOrderTest {
  private final Scenario scenario = new Scenario("a", "b");

  @Test
  void a_command_given_twice_has_one_effect_and_its_last_result_again() {
    DdlCommand command = Commands.create("c1", "orders", 1);
    scenario.send(command);
    scenario.run(1_000);

    List<Decision> again = scenario.send(command);

    assertThat(again)
        .containsExactly(new Decision.ResultRepeated(scenario.state().result("c1").orElseThrow()));
  }

  @Test
  void an_id_given_to_another_content_is_refused_and_the_first_goes_on() {
    scenario.send(Commands.create("c1", "orders", 1));
    scenario.send(Commands.create("c1", "others", 1));
    scenario.run(1_000);

    assertThat(scenario.results("c1"))
        .containsExactly("PENDING", "REJECTED DUPLICATE_COMMAND", "ACCEPTED", "APPLIED");
    assertThat(scenario.state().tableNamed("others")).isEmpty();
  }

  @Test
  void commands_on_one_table_are_done_in_the_order_in_which_they_came() {
    scenario.send(Commands.create("c1", "orders", 1));
    scenario.send(Commands.drop("c2", "orders"));
    scenario.send(Commands.create("c3", "orders", 2));
    scenario.send(Commands.create("c4", "orders", 2));
    scenario.run(3_000);

    assertThat(scenario.results("c1")).endsWith("APPLIED");
    assertThat(scenario.results("c2")).endsWith("ACCEPTED", "APPLIED");
    assertThat(scenario.results("c3")).endsWith("ACCEPTED", "APPLIED");
    assertThat(scenario.results("c4")).endsWith("REJECTED TABLE_EXISTS");
    assertThat(scenario.state().tables())
        .extracting(t -> t.getTableId())
        .containsExactly("shop-orders-2");
  }

  @Test
  void a_command_that_came_before_what_it_depends_on_waits_for_it() {
    scenario.send(Commands.of("later", new ReshardTable("orders", 2, null, false), "first"));
    scenario.send(Commands.create("first", "orders", 1));
    scenario.run(20_000);

    assertThat(scenario.results("first")).endsWith("APPLIED");
    assertThat(scenario.results("later")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
  }

  @Test
  void an_order_that_users_gave_wins_over_the_order_of_the_log() {
    scenario.send(Commands.of("f", new DropTable("orders", true, false, null), "c"));
    scenario.send(Commands.create("e", "orders", 1));
    scenario.send(Commands.of("c", Commands.table("other", 1).build(), "e"));
    scenario.run(5_000);

    assertThat(scenario.results("e")).endsWith("APPLIED");
    assertThat(scenario.results("c")).endsWith("APPLIED");
    assertThat(scenario.results("f")).endsWith("APPLIED");
    assertThat(scenario.state().tableNamed("orders")).isEmpty();
  }

  @Test
  void events_that_come_in_the_wrong_order_find_theirs() {
    scenario.send(Commands.of("c4", new DropTable("orders", false, false, null), "c3"));
    scenario.send(Commands.of("c3", Commands.table("orders", 2).build(), "c2"));
    scenario.send(Commands.of("c2", new DropTable("orders", false, false, null), "c1"));
    scenario.send(Commands.create("c1", "orders", 1));

    assertThat(List.of("c1", "c2", "c3", "c4"))
        .extracting(id -> scenario.state().progress(id))
        .extracting(CommandProgress::getRank, CommandProgress::getDepth)
        .containsExactly(tuple(4L, 0), tuple(4L, 1), tuple(4L, 2), tuple(4L, 3));
    scenario.run(5_000);
    assertThat(List.of("c1", "c2", "c3", "c4"))
        .allSatisfy(id -> assertThat(scenario.results(id)).endsWith("APPLIED"));
  }

  @Test
  void a_command_takes_its_turn_by_the_last_of_its_dependencies() {
    scenario.send(Commands.of("d", new DropTable("orders", false, false, null), "late"));
    scenario.send(Commands.create("c", "orders", 1));
    assertThat(scenario.results("c")).containsExactly("PENDING");
    assertThat(scenario.state().result("c").orElseThrow().getMessage())
        .isEqualTo("waits for command 'd' on the same table");

    scenario.send(Commands.create("late", "others", 1));
    scenario.run(5_000);

    assertThat(scenario.results("c")).endsWith("APPLIED");
    assertThat(scenario.results("d")).endsWith("APPLIED");
    assertThat(scenario.state().tableNamed("orders")).isEmpty();
  }

  @Test
  void a_long_way_back_to_itself_is_a_cycle_too_and_takes_down_all_on_it() {
    scenario.send(Commands.of("a", Commands.table("t", 1).build(), "b", "x"));
    scenario.send(Commands.of("b", Commands.table("u", 1).build(), "c"));
    scenario.send(Commands.of("c", Commands.table("v", 1).build(), "a"));

    assertThat(scenario.state().result("c").orElseThrow().getMessage())
        .isEqualTo("Command 'c' depends on itself: c -> a -> b -> c");
    assertThat(scenario.results("b")).endsWith("REJECTED DEPENDENCY_REJECTED");
    assertThat(scenario.results("a")).endsWith("REJECTED DEPENDENCY_REJECTED");
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void a_command_that_depends_on_itself_is_a_cycle() {
    scenario.send(Commands.of("a", Commands.table("t", 1).build(), "a"));

    assertThat(scenario.state().result("a").orElseThrow().getMessage())
        .isEqualTo("Command 'a' depends on itself: a -> a");
  }

  @Test
  void a_rejected_dependency_rejects_with_its_reason() {
    scenario.send(Commands.of("later", Commands.table("t", 1).build(), "first"));
    scenario.send(Commands.drop("first", "nothing"));

    assertThat(scenario.results("first")).containsExactly("REJECTED TABLE_NOT_FOUND");
    assertThat(scenario.state().result("later").orElseThrow().getMessage())
        .isEqualTo(
            "Command 'later' depends on 'first', which was rejected: Table 'nothing' not found");
  }

  @Test
  void the_command_that_closes_a_cycle_is_rejected_and_shows_it() {
    scenario.send(Commands.of("x", Commands.table("t", 1).build(), "y"));
    scenario.send(Commands.of("y", Commands.table("u", 1).build(), "x"));

    assertThat(scenario.results("y")).containsExactly("REJECTED DEPENDENCY_CYCLE");
    assertThat(scenario.state().result("y").orElseThrow().getMessage())
        .isEqualTo("Command 'y' depends on itself: y -> x -> y");
    assertThat(scenario.results("x")).containsExactly("PENDING", "REJECTED DEPENDENCY_REJECTED");
  }

  @Test
  void a_dependency_that_never_comes_expires() {
    scenario.send(Commands.of("x", Commands.table("t", 1).build(), "never"));
    scenario.run(599_000);
    assertThat(scenario.results("x")).containsExactly("PENDING");
    scenario.run(2_000);
    assertThat(scenario.state().result("x").orElseThrow().getMessage())
        .isEqualTo("Command 'x' waited 600 s for 'never', which never came");
  }

  @Test
  void an_expected_schema_version_that_is_not_there_is_a_conflict() {
    scenario.send(Commands.create("c1", "orders", 1));
    scenario.run(1_000);
    scenario.send(
        DdlCommand.newBuilder(Commands.drop("c2", "orders")).setExpectedSchemaVersion(2).build());

    assertThat(scenario.state().result("c2").orElseThrow().getMessage())
        .isEqualTo("Table 'orders' is at schema version 1, the command expected 2");
  }

  @Test
  void a_command_under_another_key_than_its_database_leaves_no_trace() {
    DdlCommand stray =
        DdlCommand.newBuilder(Commands.create("c1", "orders", 1)).setDatabase("other").build();

    scenario.send(stray);

    assertThat(scenario.results("c1")).containsExactly("REJECTED INVALID_COMMAND");
    assertThat(scenario.state().progress("c1")).isNull();
  }
}
