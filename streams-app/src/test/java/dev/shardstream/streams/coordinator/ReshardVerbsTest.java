package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.streams.state.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every verb in every state of a reshard. */
class ReshardVerbsTest {
  private static final String ID = "shop-r1";
  private static final ReshardOptions MANUAL = new ReshardOptions(null, null, true, false);

  /** States, verbs, and what comes of it: done, so already, or the reason why it cannot be. */
  private static final String TABLE =
      """
      queued copying replaying verifying | PAUSE THROTTLE CANCEL | done
      queued copying replaying verifying | RESUME | so already
      queued copying replaying verifying | SWITCH | Cannot switch reshard 'shop-r1': it switches by itself when both sides are equal
      queued copying replaying verifying paused waiting | ROLLBACK | Cannot roll back reshard 'shop-r1': it has not switched: cancel it
      queued copying replaying verifying paused waiting | COMPLETE | Cannot complete reshard 'shop-r1': it has not switched: wait for that, or cancel it
      queued copying replaying verifying paused waiting | RETRY | Cannot retry reshard 'shop-r1': it is running: cancel it, or wait for it
      paused | PAUSE | so already
      paused | RESUME THROTTLE CANCEL | done
      paused | SWITCH | Cannot switch reshard 'shop-r1': it is paused: resume it first
      waiting | PAUSE SWITCH THROTTLE CANCEL | done
      waiting | RESUME | so already
      switching cleaning | PAUSE | Cannot pause reshard 'shop-r1': it has switched: roll it back, or complete it
      switching cleaning | RESUME | Cannot resume reshard 'shop-r1': it has switched: roll it back, or complete it
      switching cleaning | THROTTLE | Cannot throttle reshard 'shop-r1': it has switched: roll it back, or complete it
      switching cleaning | RETRY | Cannot retry reshard 'shop-r1': it has switched: roll it back, or complete it
      switching cleaning | CANCEL | Cannot cancel reshard 'shop-r1': it has switched: roll it back
      switching cleaning complete | SWITCH | so already
      switching | ROLLBACK COMPLETE | done
      cleaning | ROLLBACK | Cannot roll back reshard 'shop-r1': what it replaced is being dropped: wait until it is complete, and begin another one
      cleaning | COMPLETE | so already
      going_back | PAUSE | Cannot pause reshard 'shop-r1': it was rolled back and what it made is being dropped: wait until that is over
      going_back | RESUME | Cannot resume reshard 'shop-r1': it was rolled back and what it made is being dropped: wait until that is over
      going_back | THROTTLE | Cannot throttle reshard 'shop-r1': it was rolled back and what it made is being dropped: wait until that is over
      going_back | SWITCH | Cannot switch reshard 'shop-r1': it was rolled back and what it made is being dropped: wait until that is over
      going_back | CANCEL | Cannot cancel reshard 'shop-r1': it was rolled back and what it made is being dropped: wait until that is over
      going_back | RETRY | Cannot retry reshard 'shop-r1': it was rolled back and what it made is being dropped: wait until that is over
      going_back rolled_back | ROLLBACK | so already
      going_back | COMPLETE | done
      complete | PAUSE | Cannot pause reshard 'shop-r1': it is complete, and what it replaced is gone: begin another one
      complete | RESUME | Cannot resume reshard 'shop-r1': it is complete, and what it replaced is gone: begin another one
      complete | THROTTLE | Cannot throttle reshard 'shop-r1': it is complete, and what it replaced is gone: begin another one
      complete | CANCEL | Cannot cancel reshard 'shop-r1': it is complete, and what it replaced is gone: begin another one
      complete | ROLLBACK | Cannot roll back reshard 'shop-r1': it is complete, and what it replaced is gone: begin another one
      complete | RETRY | Cannot retry reshard 'shop-r1': it is complete, and what it replaced is gone: begin another one
      complete rolled_back | COMPLETE | so already
      failed | PAUSE | Cannot pause reshard 'shop-r1': it has failed, and its table is as it was before: retry it
      failed | RESUME | Cannot resume reshard 'shop-r1': it has failed, and its table is as it was before: retry it
      failed | THROTTLE | Cannot throttle reshard 'shop-r1': it has failed, and its table is as it was before: retry it
      failed | SWITCH | Cannot switch reshard 'shop-r1': it has failed, and its table is as it was before: retry it
      failed | CANCEL | Cannot cancel reshard 'shop-r1': it has failed, and its table is as it was before: retry it
      failed | ROLLBACK | Cannot roll back reshard 'shop-r1': it has failed, and its table is as it was before: retry it
      failed | COMPLETE | Cannot complete reshard 'shop-r1': it has failed, and its table is as it was before: retry it
      cancelled | PAUSE | Cannot pause reshard 'shop-r1': it was cancelled, and its table is as it was before: retry it
      cancelled | RESUME | Cannot resume reshard 'shop-r1': it was cancelled, and its table is as it was before: retry it
      cancelled | THROTTLE | Cannot throttle reshard 'shop-r1': it was cancelled, and its table is as it was before: retry it
      cancelled | SWITCH | Cannot switch reshard 'shop-r1': it was cancelled, and its table is as it was before: retry it
      cancelled | CANCEL | so already
      cancelled | ROLLBACK | Cannot roll back reshard 'shop-r1': it was cancelled, and its table is as it was before: retry it
      cancelled | COMPLETE | Cannot complete reshard 'shop-r1': it was cancelled, and its table is as it was before: retry it
      rolled_back | PAUSE | Cannot pause reshard 'shop-r1': it was rolled back, and its table is as it was before: retry it
      rolled_back | RESUME | Cannot resume reshard 'shop-r1': it was rolled back, and its table is as it was before: retry it
      rolled_back | THROTTLE | Cannot throttle reshard 'shop-r1': it was rolled back, and its table is as it was before: retry it
      rolled_back | SWITCH | Cannot switch reshard 'shop-r1': it was rolled back, and its table is as it was before: retry it
      rolled_back | CANCEL | Cannot cancel reshard 'shop-r1': it was rolled back, and its table is as it was before: retry it
      failed cancelled rolled_back | RETRY | done
      """;

  private static final List<String> STATES =
      List.of(
          "queued",
          "copying",
          "replaying",
          "verifying",
          "paused",
          "waiting",
          "switching",
          "cleaning",
          "going_back",
          "complete",
          "failed",
          "cancelled",
          "rolled_back");

  /** State, verb and outcome. */
  record Case(String state, String verb, String outcome) {}

  static Stream<Case> cases() {
    return TABLE
        .lines()
        .map(line -> line.split(" \\| "))
        .flatMap(
            line ->
                Arrays.stream(line[0].split(" "))
                    .flatMap(
                        state ->
                            Arrays.stream(line[1].split(" "))
                                .map(verb -> new Case(state, verb, line[2]))));
  }

  @Test
  void the_table_has_every_verb_in_every_state() {
    List<String> wanted = new ArrayList<>();
    for (String state : STATES) {
      wanted.add(state + " THROTTLE");
      Arrays.stream(ReshardVerb.values()).forEach(verb -> wanted.add(state + " " + verb));
    }
    assertThat(cases().map(c -> c.state() + " " + c.verb()))
        .containsExactlyInAnyOrderElementsOf(wanted);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_verb_is_done_is_so_already_or_says_why_it_cannot_be(Case expected) {
    Scenario scenario = in(expected.state());

    List<Decision> decisions = scenario.send(command("first", expected.verb()));

    if (expected.outcome().startsWith("Cannot")) {
      assertThat(scenario.results("first")).containsExactly("REJECTED RESHARD_CANNOT");
      assertThat(scenario.message("first")).isEqualTo(expected.outcome());
    } else {
      assertThat(scenario.results("first"))
          .containsExactly(expected.verb().equals("RETRY") ? "ACCEPTED" : "APPLIED");
    }
    assertThat(changes(decisions)).isEqualTo(expected.outcome().equals("done"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_verb_that_was_done_is_so_already(Case expected) {
    if (expected.outcome().equals("done")) {
      Scenario scenario = in(expected.state());
      scenario.send(command("first", expected.verb()));

      List<Decision> decisions = scenario.send(command("again", expected.verb()));

      assertThat(scenario.results("again")).containsExactly("APPLIED");
      assertThat(changes(decisions)).isFalse();
    }
  }

  @Test
  void an_unknown_reshard_is_named() {
    Scenario scenario = in("complete");
    scenario.send(Commands.control("c", "shop-r7", ReshardVerb.PAUSE));
    scenario.send(Commands.throttle("t", "shop-r7", 1, null));

    assertThat(scenario.message("c"))
        .isEqualTo("Reshard 'shop-r7' not found: SHOW RESHARDS lists them");
    assertThat(scenario.results("t")).containsExactly("REJECTED RESHARD_NOT_FOUND");
  }

  @Test
  void an_impossible_rate_is_refused() {
    Scenario scenario = in("copying");
    scenario.send(Commands.throttle("less", ID, -1, null));
    scenario.send(Commands.throttle("never", ID, 1, 0L));

    assertThat(scenario.message("less"))
        .isEqualTo(
            "Cannot throttle reshard 'shop-r1': rows per second must be 0 or more, and a time more"
                + " than 0");
    assertThat(scenario.results("never")).containsExactly("REJECTED RESHARD_CANNOT");
  }

  private static DdlCommand command(String id, String verb) {
    return verb.equals("THROTTLE")
        ? Commands.throttle(id, ID, 700, null)
        : Commands.control(id, ID, ReshardVerb.valueOf(verb));
  }

  private static boolean changes(List<Decision> decisions) {
    return decisions.stream()
        .anyMatch(d -> d instanceof Decision.ReshardStored || d instanceof Decision.TopologyStored);
  }

  private static Predicate<Object> tasks(Class<?> kind) {
    return t -> t instanceof ShardTask s && kind.isInstance(s.getTask());
  }

  /** A scenario whose reshard has come to a state. */
  private static Scenario in(String state) {
    Scenario scenario = new Scenario("a", "b");
    scenario.send(Commands.create("create", "orders", 2));
    scenario.run(1_000);
    switch (state) {
      case "queued" -> hold(scenario, CreateShard.class);
      case "copying", "paused" -> hold(scenario, CopyShard.class);
      case "verifying" -> hold(scenario, VerifyShard.class);
      case "cleaning" -> hold(scenario, DropShard.class);
      case "replaying" -> scenario.nodes().lag(5_000);
      default -> hold(scenario, Void.class);
    }
    boolean isManual = state.equals("waiting") || state.equals("paused");
    scenario.send(Commands.reshard("reshard", "orders", 3, isManual ? MANUAL : null));
    arrive(scenario, state);
    assertThat(scenario.status(ID)).isEqualTo(status(state));
    return scenario;
  }

  private static void hold(Scenario scenario, Class<?> kind) {
    scenario.hold(tasks(kind));
  }

  private static void arrive(Scenario scenario, String state) {
    switch (state) {
      case "cleaning", "complete" -> scenario.run(15_000);
      case "paused", "cancelled" -> {
        scenario.run(400);
        ReshardVerb verb = state.equals("paused") ? ReshardVerb.PAUSE : ReshardVerb.CANCEL;
        scenario.send(Commands.control("before", ID, verb));
      }
      case "failed" -> {
        scenario.run(200);
        scenario.nodes().kill("b");
        scenario.run(31_000);
        scenario.nodes().restart("b");
        scenario.run(400);
      }
      case "going_back", "rolled_back" -> {
        scenario.run(3_000);
        scenario.send(Commands.control("before", ID, ReshardVerb.ROLLBACK));
        scenario.run(state.equals("rolled_back") ? 10_000 : 1_000);
      }
      default -> scenario.run(3_000);
    }
  }

  private static ReshardStatus status(String state) {
    return switch (state) {
      case "waiting" -> ReshardStatus.VERIFYING;
      case "paused" -> ReshardStatus.COPYING;
      case "cleaning", "going_back" -> ReshardStatus.SWITCHING;
      default -> ReshardStatus.valueOf(state.toUpperCase(Locale.ROOT));
    };
  }
}
