package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node, edge and stream tables in the control plane. */
class GraphTablesTest {
  private final Scenario scenario = new Scenario("a", "b");

  @BeforeEach
  void two_node_tables_and_an_edge_table() {
    scenario.send(Commands.of("c1", node("people")));
    scenario.send(Commands.of("c2", node("towns")));
    scenario.send(Commands.of("c3", edge("lives_in")));
    scenario.run(3_000);
    assertThat(scenario.results("c3")).endsWith("APPLIED");
  }

  private static CreateTable node(String name) {
    return Commands.table(name, 1).setType(TableType.NODE).build();
  }

  private static CreateTable edge(String name) {
    return Commands.table(name, 1)
        .setType(TableType.EDGE)
        .setFrom("people")
        .setTo("towns")
        .setColumns(
            List.of(ColumnDefinition.newBuilder().setName("since").setType(TypeName.DATE).build()))
        .setPrimaryKey(List.of())
        .build();
  }

  private List<String> names() {
    return scenario.state().tables().stream().map(Table::getName).toList();
  }

  @Test
  void an_edge_table_waits_for_its_node_tables_and_knows_them() {
    Table edges = scenario.state().tableNamed("lives_in").orElseThrow();

    assertThat(edges.getFromTable()).isEqualTo("shop-people-1");
    assertThat(edges.getToTable()).isEqualTo("shop-towns-2");
    scenario.send(Commands.of("c4", CreateTable.newBuilder(edge("x")).setTo("nowhere").build()));
    assertThat(scenario.state().result("c4").orElseThrow().getMessage())
        .isEqualTo("Node table 'nowhere' not found: create it before the edge table 'x'");
  }

  @Test
  void a_node_table_in_use_is_dropped_only_with_its_edge_tables_and_after_them() {
    scenario.send(Commands.of("c4", edge("visits")));
    scenario.run(2_000);
    scenario.send(Commands.drop("c5", "towns"));
    assertThat(scenario.state().result("c5").orElseThrow().getMessage())
        .isEqualTo(
            "Cannot drop node table 'towns' - used by edge table 'lives_in', 'visits': drop it"
                + " first or use CASCADE");

    scenario.hold(
        t ->
            t instanceof ShardTask s
                && s.getTask() instanceof DropShard
                && s.getTableId().equals("shop-lives_in-3"));
    scenario.send(Commands.of("c6", new DropTable("towns", false, true, TableType.NODE)));
    scenario.run(2_000);
    assertThat(scenario.results("c6")).containsExactly("ACCEPTED");
    assertThat(names()).containsExactly("lives_in", "people", "towns");
    scenario.hold(t -> false);
    scenario.run(2_000);
    assertThat(scenario.results("c6")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(names()).containsExactly("people");
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void no_edge_table_is_dropped_while_one_of_them_is_resharded() {
    scenario.send(Commands.reshard("c4", "lives_in", 2));
    scenario.send(Commands.of("c5", new DropTable("people", false, true, null)));

    assertThat(scenario.state().result("c5").orElseThrow().getMessage())
        .isEqualTo("Cannot DROP table 'lives_in' while resharding is in progress");
    assertThat(names()).containsExactly("lives_in", "people", "towns");
  }

  @Test
  void a_drop_that_names_another_type_is_refused() {
    scenario.send(Commands.of("c4", new DropTable("people", false, false, TableType.EDGE)));

    assertThat(scenario.state().result("c4").orElseThrow().getMessage())
        .isEqualTo("Table 'people' is not of type Edge (table_type: Node)");
  }

  @Test
  void a_stream_table_can_be_dropped_and_nothing_else() {
    scenario.send(Commands.of("c4", Commands.table("orders", 1).setType(TableType.STREAM).build()));
    scenario.send(Commands.index("c5", "i", false, "note"));
    scenario.send(Commands.of("c6", new DropTable("orders", false, false, TableType.STREAM)));
    scenario.run(3_000);

    assertThat(scenario.results("c5")).endsWith("REJECTED STREAM_TABLE_IMMUTABLE");
    assertThat(scenario.results("c6")).endsWith("ACCEPTED", "APPLIED");
  }
}
