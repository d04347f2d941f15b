package dev.shardstream.streams.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.coordinator.Commands;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplayedCatalogTest {
  private static final long START = 1_000_000;
  private static final long LATER = START + 3_600_000;

  @Test
  void a_range_table_is_divided_anew_though_nothing_is_known_of_its_rows() {
    ReplayedCatalog replayed =
        replay(
            Map.of(),
            Commands.createRange("c1", "orders", 100),
            Commands.reshard("c2", "orders", 40),
            Commands.reshard("c3", "orders", 256),
            Commands.reshard("c4", "orders", 1));

    assertThat(outcomes(replayed))
        .isEqualTo(
            new TreeMap<>(
                Map.of("c1", "APPLIED", "c2", "APPLIED", "c3", "APPLIED", "c4", "APPLIED")));
  }

  @Test
  void tables_follow_from_their_commands() {
    ReplayedCatalog replayed =
        replay(
            Map.of(),
            Commands.create("c1", "orders", 4),
            Commands.create("c2", "users", 1),
            Commands.create("c1", "orders", 4),
            Commands.reshard("c3", "orders", 8),
            Commands.drop("c4", "users"),
            Commands.create("c5", "users", 2),
            Commands.create("c6", "Orders", 2));

    assertThat(replayed.tables())
        .extracting(Table::getTableId, Table::getStatus, Table::getCreatedAt)
        .containsExactly(
            tuple("shop-orders-1", TableStatus.ACTIVE, START),
            tuple("shop-users-3", TableStatus.ACTIVE, START + 5));
    assertThat(outcomes(replayed))
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "c1", "APPLIED",
                    "c2", "APPLIED",
                    "c3", "APPLIED",
                    "c4", "APPLIED",
                    "c5", "APPLIED",
                    "c6", "REJECTED TABLE_EXISTS")));
  }

  @Test
  void the_same_commands_give_the_same_catalog_every_time() {
    DdlCommand[] commands = {
      Commands.of("c2", Commands.table("users", 1).build(), "c1"),
      Commands.create("c1", "orders", 4),
      Commands.of("c3", Commands.table("gone", 1).build(), "c9")
    };
    ReplayedCatalog one = replay(Map.of(), commands);
    ReplayedCatalog other = replay(Map.of(), commands);
    assertThat(CatalogDiff.between(one.tables(), other.tables())).isEmpty();
    assertThat(outcomes(one))
        .isEqualTo(
            new TreeMap<>(
                Map.of("c1", "APPLIED", "c2", "APPLIED", "c3", "REJECTED DEPENDENCY_EXPIRED")));
  }

  @Test
  void what_the_live_cluster_refused_for_a_reason_of_its_own_is_refused_here_too() {
    ReplayedCatalog replayed =
        replay(
            Map.of("c2", "DROP_DURING_RESHARD", "c4", "TASK_FAILED"),
            Commands.create("c1", "orders", 4),
            Commands.drop("c2", "orders"),
            Commands.of("c3", Commands.table("users", 1).build(), "c2"),
            Commands.create("c4", "broken", 1),
            Commands.create("c5", "last", 1));

    assertThat(replayed.tables())
        .extracting(Table::getTableId)
        .containsExactly("shop-last-4", "shop-orders-1");
    assertThat(outcomes(replayed).get("c3")).isEqualTo("REJECTED DEPENDENCY_REJECTED");
    assertThat(outcomes(replayed).get("c4")).startsWith("REJECTED");
  }

  @Test
  void rows_that_were_in_the_way_leave_what_they_left_in_the_live_catalog() {
    Object notNull = new AlterColumnNullability("note", false, false);
    Object unique = new CreateIndex("orders", "one", true, List.of("id", "note"), false, null);
    DdlCommand[] commands = {
      Commands.create("c1", "orders", 1),
      Commands.of("c2", new AlterTable("orders", false, notNull)),
      Commands.of("c3", unique),
      Commands.of("c4", new AlterTable("orders", false, new RenameTable("sales")))
    };

    assertThat(replay(Map.of(), commands).tables())
        .extracting(Table::getName, Table::getSchemaVersion, ReplayedCatalogTest::indexStatus)
        .containsExactly(tuple("sales", 3, IndexStatus.READY));
    ReplayedCatalog refused =
        replay(Map.of("c2", "NULLS_PRESENT", "c3", "DUPLICATES_PRESENT"), commands);
    assertThat(refused.tables())
        .extracting(Table::getName, Table::getSchemaVersion, ReplayedCatalogTest::indexStatus)
        .containsExactly(tuple("sales", 2, IndexStatus.FAILED));
    assertThat(outcomes(refused))
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "c1", "APPLIED",
                    "c2", "REJECTED NULLS_PRESENT",
                    "c3", "REJECTED DUPLICATES_PRESENT",
                    "c4", "APPLIED")));
  }

  private static IndexStatus indexStatus(Table table) {
    return table.getIndexes().get(0).getStatus();
  }

  @Test
  void a_version_that_the_registry_refused_was_never_there() {
    DdlCommand[] commands = {
      Commands.create("c1", "orders", 1),
      Commands.of("c2", new AlterTable("orders", false, new RenameTable("sales")))
    };
    ReplayedCatalog refused = replay(Map.of("c2", "SCHEMA_REFUSED"), commands);
    assertThat(refused.tables())
        .extracting(Table::getName, Table::getSchemaVersion)
        .containsExactly(tuple("orders", 1));
    assertThat(outcomes(refused).get("c2")).isEqualTo("REJECTED SCHEMA_REFUSED");
  }

  @Test
  void what_is_asked_of_nodes_and_shards_is_applied_or_refused_as_it_was() {
    ReplayedCatalog replayed =
        replay(
            Map.of("c3", "NODE_NOT_FOUND", "c6", "MOVES_GIVEN_UP"),
            Commands.create("c1", "orders", 4),
            Commands.of("c2", new MoveShard("orders", 17, "far-away", null), "c1"),
            Commands.of("c3", new MoveShard("orders", 17, "nowhere", null)),
            Commands.of("c4", new VerifyTable("orders", null, true)),
            Commands.of("c5", new DrainNode("far-away")),
            Commands.of("c6", new Rebalance(null, false)),
            Commands.of("c7", new Rebalance("nothing", false)),
            Commands.of("c8", Commands.table("users", 1).build(), "c2", "c4", "c5"),
            Commands.of("c9", Commands.table("never", 1).build(), "c6"));

    assertThat(replayed.tables())
        .extracting(Table::getTableId)
        .containsExactly("shop-orders-1", "shop-users-2");
    Map<String, String> outcomes = outcomes(replayed);
    assertThat(outcomes.keySet().stream().filter(c -> outcomes.get(c).equals("APPLIED")))
        .containsExactly("c1", "c2", "c4", "c5", "c8");
    assertThat(outcomes.get("c7")).isEqualTo("REJECTED TABLE_NOT_FOUND");
    assertThat(outcomes.get("c9")).isEqualTo("REJECTED DEPENDENCY_REJECTED");
  }

  @Test
  void namespaces_follow_too() {
    ReplayedCatalog replayed = new ReplayedCatalog(Map.of());
    replayed.receive("shop", Commands.of("c1", new CreateNamespace(false)), START);
    assertThat(replayed.namespaces()).containsExactly("shop");
  }

  private static ReplayedCatalog replay(Map<String, String> refusals, DdlCommand... commands) {
    ReplayedCatalog replayed = new ReplayedCatalog(refusals);
    long at = START;
    replayed.receive("shop", Commands.of("ns", new CreateNamespace(true)), at);
    for (DdlCommand command : commands) {
      replayed.receive("shop", command, at++);
    }
    replayed.finish(LATER);
    return replayed;
  }

  /** Last outcome by command, like {@code REJECTED TABLE_EXISTS}; the namespace's aside. */
  private static Map<String, String> outcomes(ReplayedCatalog replayed) {
    Map<String, String> outcomes = new TreeMap<>();
    for (DdlResult result : List.copyOf(replayed.results().values())) {
      if (!result.getCommandId().equals("ns")) {
        String code = result.getCode() == null ? "" : " " + result.getCode();
        outcomes.put(result.getCommandId(), result.getStatus() + code);
      }
    }
    return outcomes;
  }
}
