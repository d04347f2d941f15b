package dev.shardstream.producer.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DdlEventsTest {
  private static final ClientConfig CONFIG =
      ClientConfig.of(
          Map.of(
              "bootstrap.servers", "unused:1",
              "schema.registry.url", "mock://x",
              "issued.by", "ada"));

  private static final String EVENTS =
      """
      [{"id": "c1", "type": "CREATE_TABLE", "table": "users", "shards": 4, "primaryKey": "id",
        "columns": [{"name": "id", "dataType": "bigint"},
                    {"name": "name", "columnType": "varchar ( 80 )", "nullable": false,
                     "default": "?"},
                    {"name": "ok", "dataType": "BOOLEAN", "default": true},
                    {"name": "body", "dataType": "BLOB", "default": {"b": "AP8="}}]},
       {"id": "c2", "type": "RESHARD_TABLE", "table": "users", "shards": 8, "dependsOn": ["c1"],
        "expectedSchemaVersion": 1},
       {"id": "c3", "type": "DROP_TABLE", "table": "users", "ifExists": true, "dependsOn": "c2",
        "database": "shop", "issuedBy": "bob"}]
      """;

  @Test
  void events_become_commands() {
    List<DdlCommand> commands = DdlEvents.parse(EVENTS, CONFIG);
    assertThat(commands)
        .containsExactly(
            new DdlCommand(
                "c1",
                "default",
                List.of(),
                null,
                "ada",
                new CreateTable(
                    "users",
                    false,
                    List.of(
                        new ColumnDefinition("id", TypeName.BIGINT, null, true, null),
                        new ColumnDefinition("name", TypeName.VARCHAR, 80, false, "?"),
                        new ColumnDefinition("ok", TypeName.BOOLEAN, null, true, 1L),
                        new ColumnDefinition(
                            "body",
                            TypeName.BLOB,
                            null,
                            true,
                            java.nio.ByteBuffer.wrap(new byte[] {0, -1}))),
                    List.of("id"),
                    List.of(),
                    4,
                    16,
                    Strategy.HASH,
                    TableType.REGULAR,
                    null,
                    null,
                    null,
                    500,
                    null)),
            new DdlCommand("c2", "default", List.of("c1"), 1, "ada", new ReshardTable("users", 8)),
            new DdlCommand(
                "c3",
                "shop",
                List.of("c2"),
                null,
                "bob",
                new DropTable("users", true, false, null)));
  }

  @Test
  void a_command_written_is_read_back_the_same() {
    for (DdlCommand command : DdlEvents.parse(EVENTS, CONFIG)) {
      assertThat(DdlEvents.parse(DdlEvents.write(command), CONFIG)).containsExactly(command);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'id':'c','type':'DROP_TABLE'}|Command 'c' is invalid: field 'table' is missing",
        "{'id':'c','type':'DROP','table':'t'}|Command 'c' is invalid: field 'type' is 'DROP', not one of ADD_COLUMN, ALTER_COLUMN_DEFAULT, ALTER_COLUMN_NULLABILITY, ALTER_COLUMN_TYPE, COMMENT_ON_COLUMN, COMMENT_ON_INDEX, COMMENT_ON_TABLE, CREATE_EDGE_TABLE, CREATE_INDEX, CREATE_NAMESPACE, CREATE_NODE_TABLE, CREATE_STREAM_TABLE, CREATE_TABLE, DROP_COLUMN, DROP_EDGE_TABLE, DROP_INDEX, DROP_NAMESPACE, DROP_NODE_TABLE, DROP_STREAM_TABLE, DROP_TABLE, RENAME_COLUMN, RENAME_TABLE, RESHARD_TABLE, SET_BLOCK_SIZE",
        "{'id':'c','type':'DROP_TABLE','table':'t','depends':[]}|Command 'c' is invalid: field 'depends' is unknown",
        "{'type':'DROP_TABLE','table':7}|Command '(no id)' is invalid: field 'table' must be a text",
        "{'id':'c','type':'DROP_TABLE','table':'t','ifExists':'yes'}|Command 'c' is invalid: field 'ifExists' must be true or false",
        "{'id':'c','type':'RESHARD_TABLE','table':'t','shards':'8'}|Command 'c' is invalid: field 'shards' must be an integer",
        "{'id':'c','type':'RESHARD_TABLE','table':'t','shards':0}|Invalid shard count: 0 (must be 1 to 256)",
        "{'id':'c','type':'CREATE_TABLE','table':'t','primaryKey':'a','columns':[{'name':'a','dataType':'NUMBER'}]}|Command 'c' is invalid: field 'columns[0].dataType' is 'NUMBER', which is no type",
        "{'id':'c','type':'CREATE_TABLE','table':'t','primaryKey':'a','columns':[]}|Command 'c' is invalid: field 'columns' must be an array with at least one object",
        "{'id':'c','type':'CREATE_TABLE','table':'t','columns':[{'name':'a','dataType':'INT'}]}|Table 't' needs a PRIMARY KEY",
        "{'id':'c','type':'DROP_TABLE','table':'t','dependsOn':[1]}|Command 'c' is invalid: field 'dependsOn' must be a text or an array of texts",
        "[3]|Command '(no id)' is invalid: it is no JSON object",
      })
  void an_event_that_is_wrong_is_refused_with_its_field(String json, String message) {
    assertThatThrownBy(() -> DdlEvents.parse(json.replace('\'', '"'), CONFIG)).hasMessage(message);
  }

  @Test
  void what_is_no_json_is_told_with_its_line() {
    assertThatThrownBy(() -> DdlEvents.parse("{\"id\": \n oops}", CONFIG))
        .hasMessageStartingWith("Invalid argument: not JSON (line 2, column ");
  }
}
