package dev.shardstream.producer.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.catalog.Operations;
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
import java.util.Set;
import java.util.TreeSet;
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
                    null,
                    1,
                    List.of())),
            new DdlCommand(
                "c2",
                "default",
                List.of("c1"),
                1,
                "ada",
                new ReshardTable("users", 8, null, false)),
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
        "{'id':'c','type':'DROP','table':'t'}|Command 'c' is invalid: field 'type' is 'DROP', not one of ADD_COLUMN, ALTER_COLUMN_DEFAULT, ALTER_COLUMN_NULLABILITY, ALTER_COLUMN_TYPE, CANCEL_RESHARD, COMMENT_ON_COLUMN, COMMENT_ON_INDEX, COMMENT_ON_TABLE, COMPLETE_RESHARD, CREATE_EDGE_TABLE, CREATE_INDEX, CREATE_NAMESPACE, CREATE_NODE_TABLE, CREATE_STREAM_TABLE, CREATE_TABLE, DRAIN_NODE, DROP_COLUMN, DROP_EDGE_TABLE, DROP_INDEX, DROP_NAMESPACE, DROP_NODE_TABLE, DROP_STREAM_TABLE, DROP_TABLE, MOVE_SHARD, PAUSE_RESHARD, REBALANCE, RENAME_COLUMN, RENAME_TABLE, RESHARD_TABLE, RESUME_RESHARD, RETRY_RESHARD, ROLLBACK_RESHARD, SET_BLOCK_SIZE, SET_REPLICAS, SWITCH_RESHARD, THROTTLE_RESHARD, UNDRAIN_NODE, VERIFY_TABLE",
        "{'id':'c','type':'DROP_TABLE','table':'t','depends':[]}|Command 'c' is invalid: field 'depends' is unknown",
        "{'type':'DROP_TABLE','table':7}|Command '(no id)' is invalid: field 'table' must be a text",
        "{'id':'c','type':'DROP_TABLE','table':'t','ifExists':'yes'}|Command 'c' is invalid: field 'ifExists' must be true or false",
        "{'id':'c','type':'RESHARD_TABLE','table':'t','shards':'8'}|Command 'c' is invalid: field 'shards' must be an integer",
        "{'id':'c','type':'RESHARD_TABLE','table':'t','shards':0}|Invalid shard count: 0 (must be 1 to 256)",
        "{'id':'c','type':'CREATE_TABLE','table':'t','primaryKey':'a','columns':[{'name':'a','dataType':'NUMBER'}]}|Command 'c' is invalid: field 'columns[0].dataType' is 'NUMBER', which is no type",
        "{'id':'c','type':'CREATE_TABLE','table':'t','primaryKey':'a','columns':[]}|Command 'c' is invalid: field 'columns' must be an array with at least one object",
        "{'id':'c','type':'CREATE_TABLE','table':'t','columns':[{'name':'a','dataType':'INT'}]}|Table 't' needs a PRIMARY KEY",
        "{'id':'c','type':'DROP_TABLE','table':'t','dependsOn':[1]}|Command 'c' is invalid: field 'dependsOn' must be a text or an array of texts",
        "{'id':'c','type':'COMMENT_ON_TABLE','table':'t'}|Command 'c' is invalid: field 'comment' is missing",
        "{'id':'c','type':'COMMENT_ON_TABLE','table':'t','comment':5}|Command 'c' is invalid: field 'comment' must be a text or null",
        "{'id':'c','type':'ALTER_COLUMN_DEFAULT','table':'t','column':'a'}|Command 'c' is invalid: field 'default' is missing",
        "{'id':'c','type':'ALTER_COLUMN_DEFAULT','table':'t','column':'a','default':[1]}|Command 'c' is invalid: field 'default' is [1], which is no value",
        "{'id':'c','type':'ALTER_COLUMN_NULLABILITY','table':'t','column':'a'}|Command 'c' is invalid: field 'nullable' is missing",
        "{'id':'c','type':'ALTER_COLUMN_TYPE','table':'t','column':'a'}|Command 'c' is invalid: field 'dataType' is missing",
        "{'id':'c','type':'ALTER_COLUMN_TYPE','table':'t','column':'a','columnType':'VARCHAR(0)'}|Command 'c' is invalid: field 'columnType' is 'VARCHAR(0)', which is no type",
        "{'id':'c','type':'ADD_COLUMN','table':'t','dataType':'INT'}|Command 'c' is invalid: field 'column' is missing",
        "{'id':'c','type':'ADD_COLUMN','table':'t','column':'a','dataType':'INT','ifExists':true}|Command 'c' is invalid: field 'ifExists' is unknown",
        "{'id':'c','type':'RENAME_COLUMN','table':'t','column':'a'}|Command 'c' is invalid: field 'newName' is missing",
        "{'id':'c','type':'RENAME_TABLE','table':'t','newName':''}|Command 'c' is invalid: field 'newName' must be a text",
        "{'id':'c','type':'SET_BLOCK_SIZE','table':'t','blockSize':1.5}|Command 'c' is invalid: field 'blockSize' must be an integer",
        "{'id':'c','type':'SET_REPLICAS','table':'t'}|Command 'c' is invalid: field 'replicas' is missing",
        "{'id':'c','type':'VERIFY_TABLE','table':'t','againstLog':'log'}|Command 'c' is invalid: field 'againstLog' must be true or false",
        "{'id':'c','type':'CREATE_TABLE','table':'t','primaryKey':'a','splitAt':5,'columns':[{'name':'a','dataType':'INT'}]}|Command 'c' is invalid: field 'splitAt' must be an array of arrays of values",
        "{'id':'c','type':'CREATE_TABLE','table':'t','primaryKey':'a','splitAt':[[1],[]],'columns':[{'name':'a','dataType':'INT'}]}|Command 'c' is invalid: field 'splitAt' must be an array of arrays of values",
        "{'id':'c','type':'CREATE_TABLE','table':'t','primaryKey':'a','splitAt':[[null]],'columns':[{'name':'a','dataType':'INT'}]}|Command 'c' is invalid: field 'splitAt' holds null, which is no value of a shard key",
        "{'id':'c','type':'CREATE_TABLE','table':'t','from':'a','columns':[{'name':'a','dataType':'INT'}]}|Command 'c' is invalid: field 'from' is unknown",
        "{'id':'c','type':'CREATE_TABLE','table':'t','ttlSeconds':5,'columns':[{'name':'a','dataType':'INT'}]}|Command 'c' is invalid: field 'ttlSeconds' is unknown",
        "{'id':'c','type':'CREATE_EDGE_TABLE','table':'t','to':'a'}|Command 'c' is invalid: field 'from' is missing",
        "{'id':'c','type':'CREATE_EDGE_TABLE','table':'t','from':'shop.a','to':'a'}|Command 'c' is invalid: field 'from' names a table of another namespace",
        "{'id':'c','type':'CREATE_NODE_TABLE','table':'t','primaryKey':'a'}|Command 'c' is invalid: field 'columns' is missing",
        "{'id':'c','type':'DROP_NODE_TABLE','table':'t','tableType':'edge'}|Command 'c' is invalid: field 'tableType' is not 'node'",
        "{'id':'c','type':'CREATE_INDEX','index':'i','table':'t'}|Command 'c' is invalid: field 'columns' is missing",
        "{'id':'c','type':'CREATE_INDEX','table':'t','columns':['a']}|Command 'c' is invalid: field 'index' is missing",
        "{'id':'c','type':'CREATE_INDEX','index':'a.i','table':'b.t','columns':['a']}|Command 'c' is invalid: field 'index' says namespace 'a', another field 'b'",
        "{'id':'c','type':'DROP_TABLE','database':'a','table':'b.t'}|Command 'c' is invalid: field 'table' says namespace 'b', another field 'a'",
        "{'id':'c','type':'CREATE_NAMESPACE'}|Command 'c' is invalid: field 'namespace' is missing",
        "{'id':'c','type':'CREATE_NAMESPACE','namespace':'a','table':'t'}|Command 'c' is invalid: field 'table' is unknown",
        "{'id':'c','type':'RESHARD_TABLE','table':'t','shards':8,'options':7}|Command 'c' is invalid: field 'options' must be an object",
        "{'id':'c','type':'RESHARD_TABLE','table':'t','shards':8,'options':{'speed':7}}|Command 'c' is invalid: field 'options.speed' is unknown",
        "{'id':'c','type':'RESHARD_TABLE','table':'t','shards':8,'options':{'rowsPerSecond':-1}}|Invalid argument: rows per second must be 0 or more",
        "{'id':'c','type':'VERIFY_TABLE','table':'t','options':{'graceMillis':-1}}|Invalid argument: the grace period must be 0 or more",
        "{'id':'c','type':'PAUSE_RESHARD'}|Command 'c' is invalid: field 'changeLogId' is missing",
        "{'id':'c','type':'THROTTLE_RESHARD','changeLogId':'r','rowsPerSecond':5,'forMillis':0}|Invalid argument: the time that a rate lasts must be more than 0",
        "{'id':'c','type':'MOVE_SHARD','table':'t','toNode':'n'}|Command 'c' is invalid: field 'shard' is missing",
        "{'id':'c','type':'MOVE_SHARD','table':'t','shard':5000000000,'toNode':'n'}|Command 'c' is invalid: field 'shard' is out of range",
        "{'id':'c','type':'DRAIN_NODE'}|Command 'c' is invalid: field 'node' is missing",
        "{'id':'c','type':'DROP_TABLE','table':'a.b.c'}|Invalid name 'b.c': use letters, digits and '_', at most 100, not a digit first",
        "[3]|Command '(no id)' is invalid: it is no JSON object",
      })
  void an_event_that_is_wrong_is_refused_with_its_field(String json, String message) {
    assertThatThrownBy(() -> DdlEvents.parse(json.replace('\'', '"'), CONFIG)).hasMessage(message);
  }

  @Test
  void any_command_written_is_read_back_the_same() {
    Set<String> types = new TreeSet<>();
    for (long seed = 0; seed < 5_000; seed++) {
      DdlCommand command = new RandomCommands(seed).next();
      types.add(Operations.name(command.getOperation()));
      assertThat(DdlEvents.parse(DdlEvents.write(command), CONFIG))
          .as("seed %d", seed)
          .containsExactly(command);
    }
    assertThat(types).isEqualTo(EventOperations.types());
  }

  @Test
  void what_is_no_json_is_told_with_its_line() {
    assertThatThrownBy(() -> DdlEvents.parse("{\"id\": \n oops}", CONFIG))
        .hasMessageStartingWith("Invalid argument: not JSON (line 2, column ");
  }
}
