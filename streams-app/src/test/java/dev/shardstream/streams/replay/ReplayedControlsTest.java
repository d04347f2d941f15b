package dev.shardstream.streams.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.coordinator.Commands;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked of nodes and running reshards, where there are others or none. */
class ReplayedControlsTest {
  private static final long START = 1_000_000;

  static List<Object> operations() {
    return List.of(
        Commands.control("x", "shop-r1", ReshardVerb.PAUSE).getOperation(),
        Commands.control("x", "shop-r1", ReshardVerb.RETRY).getOperation(),
        Commands.throttle("x", "shop-r1", 100, null).getOperation(),
        Commands.explain("x", "orders", 3, null).getOperation(),
        new MoveShard("orders", 17, "n9", null),
        new DrainNode("n9"),
        new UndrainNode("n9"),
        new Rebalance(null, false),
        new Rebalance("orders", false),
        new VerifyTable("orders", null, true));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void what_depends_on_it_has_the_outcome_that_it_had(Object operation) {
    DdlCommand[] log = {
      Commands.create("c1", "orders", 2),
      Commands.of("c2", operation),
      Commands.of("c3", Commands.table("users", 1).build(), "c2")
    };

    assertThat(names(replay(Map.of(), log))).containsExactly("orders", "users");
    assertThat(names(replay(Map.of("c2", "RESHARD_CANNOT"), log))).containsExactly("orders");
  }

  @ParameterizedTest
  @MethodSource("operations")
  void what_is_about_a_table_is_refused_without_it(Object operation) {
    ReplayedCatalog replayed = replay(Map.of(), Commands.of("c2", operation));

    boolean isAboutTable = Operations.table(operation).isPresent();
    assertThat(replayed.results().get("c2").getStatus())
        .isEqualTo(isAboutTable ? DdlStatus.REJECTED : DdlStatus.APPLIED);
  }

  @Test
  void a_reshard_that_waited_for_an_operator_waits_for_nobody() {
    ReplayedCatalog replayed =
        replay(
            Map.of(),
            Commands.create("c1", "orders", 2),
            Commands.reshard("c2", "orders", 3, new ReshardOptions(5L, 86_400_000L, true, true)),
            Commands.of("c3", Commands.table("users", 1).build(), "c2"));

    assertThat(names(replayed)).containsExactly("orders", "users");
  }

  private static ReplayedCatalog replay(Map<String, String> refusals, DdlCommand... commands) {
    ReplayedCatalog replayed = new ReplayedCatalog(new TreeMap<>(refusals));
    replayed.receive("shop", Commands.of("ns", new CreateNamespace(true)), START);
    for (DdlCommand command : commands) {
      replayed.receive("shop", command, START);
    }
    replayed.finish(START + 3_600_000);
    return replayed;
  }

  private static List<String> names(ReplayedCatalog replayed) {
    return replayed.tables().stream().map(Table::getName).sorted().toList();
  }
}
