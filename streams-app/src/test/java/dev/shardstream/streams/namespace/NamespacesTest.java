package dev.shardstream.streams.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.streams.coordinator.Commands;
import dev.shardstream.streams.coordinator.Coordinator;
import dev.shardstream.streams.coordinator.Event;
import dev.shardstream.streams.coordinator.TestTables;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamespacesTest {
  private static final long NOW = 1_000;

  private static final CreateNamespace CREATE = new CreateNamespace(false);
  private static final CreateNamespace CREATE_IF_NOT_EXISTS = new CreateNamespace(true);
  private static final DropNamespace DROP = new DropNamespace(false);
  private static final DropNamespace DROP_IF_EXISTS = new DropNamespace(true);

  private DatabaseState state = new DatabaseState("shop");
  private int sent;

  /** What became of a command: its last status, and its message where there is one. */
  private String send(Object operation, String... dependsOn) {
    String id = "c" + ++sent;
    DdlCommand command =
        DdlCommand.newBuilder(Commands.of(id, operation, dependsOn))
            .setDatabase(state.database())
            .build();
    decide(command);
    return outcome(id);
  }

  private List<Decision> decide(DdlCommand command) {
    return Coordinator.decide(
        state,
        new Event.CommandReceived(command, NOW),
        new Moment(NOW, new Cluster(0, new TreeMap<>())),
        Limits.defaults());
  }

  private String outcome(String id) {
    return state
        .result(id)
        .map(r -> r.getStatus() + (r.getMessage() == null ? "" : " " + r.getMessage()))
        .orElse("");
  }

  @Test
  void a_namespace_is_there_as_soon_as_its_command_came() {
    assertThat(send(CREATE)).isEqualTo("APPLIED");
    assertThat(state.namespace()).contains(new Namespace("shop", NOW));
    assertThat(send(Commands.table("orders", 1).build()))
        .isEqualTo("PENDING its log is being created");
  }

  @Test
  void nothing_can_be_done_in_a_namespace_that_is_not_there() {
    assertThat(send(Commands.table("orders", 1).build()))
        .isEqualTo("REJECTED Namespace 'shop' not found: create it with CREATE NAMESPACE shop");
    assertThat(send(new DropTable("orders", true, false, null)))
        .isEqualTo("REJECTED Namespace 'shop' not found: create it with CREATE NAMESPACE shop");
    assertThat(send(DROP))
        .isEqualTo("REJECTED Namespace 'shop' not found: create it with CREATE NAMESPACE shop");
    assertThat(send(DROP_IF_EXISTS)).isEqualTo("APPLIED");
  }

  @Test
  void a_second_one_of_a_name_is_refused_unless_that_is_welcome() {
    send(CREATE);
    assertThat(send(CREATE)).isEqualTo("REJECTED Namespace 'shop' already exists");
    assertThat(send(CREATE_IF_NOT_EXISTS)).isEqualTo("APPLIED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"main", "temp", "system", "information_schema"})
  void a_reserved_name_is_nobodys(String name) {
    state = new DatabaseState(name);
    assertThat(send(CREATE)).isEqualTo("REJECTED Namespace '" + name + "' is reserved");
    assertThat(send(Commands.table("orders", 1).build()))
        .isEqualTo("REJECTED Namespace '" + name + "' is reserved");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sqlite_x | Name 'sqlite_x' is reserved: names that start with '_' belong to Shardstream"
      })
  void a_namespace_is_named_as_a_table_is(String name, String message) {
    state = new DatabaseState(name);
    assertThat(send(CREATE)).isEqualTo("REJECTED " + message);
  }

  @Test
  void default_is_always_there() {
    state = new DatabaseState("default");
    assertThat(send(CREATE)).isEqualTo("REJECTED Namespace 'default' already exists");
    assertThat(send(CREATE_IF_NOT_EXISTS)).isEqualTo("APPLIED");
    assertThat(send(DROP)).isEqualTo("REJECTED Namespace 'default' is reserved");
    assertThat(send(Commands.table("orders", 1).build()))
        .isEqualTo("PENDING its log is being created");
  }

  @Test
  void a_drop_waits_for_what_came_before_and_holds_up_what_comes_after() {
    send(CREATE);
    String create = "c" + (sent + 1);
    send(Commands.table("orders", 1).build());
    assertThat(send(DROP))
        .isEqualTo("PENDING waits for command '" + create + "' in the same namespace");
    assertThat(send(Commands.table("items", 1).build()))
        .isEqualTo("PENDING waits for command 'c3' in the same namespace");
  }

  @Test
  void a_namespace_with_tables_stays() {
    send(CREATE);
    for (String name : List.of("b", "A")) {
      state.apply(new Decision.TableStored(TestTables.active("shop-" + name, name)));
    }
    assertThat(send(DROP))
        .isEqualTo("REJECTED Namespace 'shop' is not empty: drop its tables first (A, b)");
    assertThat(state.namespace()).isPresent();
  }

  @Test
  void an_empty_namespace_goes_with_a_tombstone_and_can_be_made_again() {
    send(CREATE);
    DdlCommand drop = Commands.of("d", DROP);

    assertThat(decide(drop)).contains(new Decision.NamespaceGone("shop"));
    assertThat(outcome("d")).isEqualTo("APPLIED");
    assertThat(state.namespace()).isEmpty();
    assertThat(send(CREATE)).isEqualTo("APPLIED");
  }
}
