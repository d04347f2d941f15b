package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.AnsweringControlPlane;
import dev.shardstream.producer.ddl.DdlHistory;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DdlOperationsTest {
  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "bootstrap.servers", "x:1",
              "schema.registry.url", "mock://ddl-operations",
              "issued.by", "ada"));
  private final DdlOperations ddl =
      new DdlOperations(
          config,
          new SampleTables.Fixed(SampleTables.snapshot(1)),
          AnsweringControlPlane.publisher(config, command -> List.of()),
          new DdlHistory(
              config,
              new KafkaClients(config),
              new Events(
                  ConfluentRegistry.connect(config.registryUrl(), config.connectTimeout()))));

  @Test
  void a_command_is_made_of_the_fields_of_its_event() {
    DdlCommand command =
        ddl.createDdlEvent(
            "ADD_COLUMN",
            Map.of(
                "id", "c2",
                "table", "users",
                "column", "age",
                "dataType", "INT",
                "dependsOn", List.of("c1"),
                "expectedSchemaVersion", 1));
    assertThat(command)
        .isEqualTo(
            new DdlCommand(
                "c2",
                "default",
                List.of("c1"),
                1,
                "ada",
                new AlterTable(
                    "users",
                    false,
                    new AddColumn(
                        new ColumnDefinition("age", TypeName.INTEGER, null, true, null), false))));
    assertThat(ddl.validate(command)).isEmpty();
    assertThatThrownBy(() -> ddl.createDdlEvent("ADD_COLUMN", Map.of("id", "c3", "column", "age")))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_COMMAND))
        .hasMessageStartingWith("Command 'c3' is invalid: field '");
  }

  @Test
  void the_schema_is_what_this_client_knows() {
    assertThat(ddl.hasTable("USERS")).isTrue();
    assertThat(ddl.hasTable("shop.users")).isFalse();
    assertThat(ddl.hasColumn("users", "Name")).isTrue();
    assertThat(ddl.hasColumn("users", "nam")).isFalse();
    assertThat(ddl.getSchemaVersion("users")).isEqualTo(1);
    assertThatThrownBy(() -> ddl.getSchemaVersion("nope")).hasMessage("Table 'nope' not found");
    SchemaState state = ddl.getSchemaState();
    assertThat(state.tables().keySet()).containsExactly("events", "users");
    assertThat(state.table("Users"))
        .contains(
            new SchemaState.TableSchema(
                "Users",
                "default-users-2",
                1,
                List.of(
                    new TableDescription.ColumnInfo(
                        1, "id", "INTEGER", false, null, true, true, null),
                    new TableDescription.ColumnInfo(
                        2, "name", "TEXT", true, null, false, false, null)),
                List.of()));
    assertThatThrownBy(() -> state.tables().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void a_command_counts_with_its_last_state_and_the_time_of_its_first() {
    DdlTransition pending = transition("c2", "pending", 5);
    DdlTransition accepted = transition("c1", "accepted", 7);
    DdlTransition rejected = transition("c2", "rejected", 9);
    DdlTransition applied = transition("c1", "applied", 8);
    assertThat(DdlOperations.lastStates(List.of(accepted, applied, pending, rejected)))
        .containsExactly(rejected, applied);
  }

  private static DdlTransition transition(String id, String status, long at) {
    return new DdlTransition(
        id, "ADD_COLUMN", "default", "users", status, 2, null, null, "ada", List.of(), at);
  }
}
