package dev.shardstream.producer.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.event.DdlCommand;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of definition as SQL and as an event, and the whole operation that both become. */
class DefinitionFormsTest {
  static final ClientConfig CONFIG =
      ClientConfig.of(
          Map.of(
              "bootstrap.servers", "unused:1",
              "schema.registry.url", "mock://x",
              "issued.by", "ada"));

  static List<Form> forms() {
    return Form.table(
        """
        CREATE TABLE shop.t (id BIGINT PRIMARY KEY, a VARCHAR(3) NOT NULL DEFAULT 'x') WITH (SHARDS=4, PARTITIONS=8, BLOCK_SIZE=50) COMMENT 'two words'
          {'type':'CREATE_TABLE','table':'shop.t','columns':[{'name':'id','dataType':'INT64'},{'name':'a','columnType':'VARCHAR(3)','nullable':false,'default':'x'}],'primaryKey':'id','shards':4,'partitions':8,'blockSize':50,'comment':'two words'}
          => shop CREATE_TABLE {"table": "t", "ifNotExists": false, "columns": [{"name": "id", "type": "BIGINT", "length": null, "nullable": true, "defaultValue": null}, {"name": "a", "type": "VARCHAR", "length": 3, "nullable": false, "defaultValue": "x"}], "primaryKey": ["id"], "shardKey": [], "shards": 4, "partitions": 8, "strategy": "HASH", "type": "REGULAR", "from": null, "to": null, "ttlSeconds": null, "blockSize": 50, "comment": "two words", "replicas": 1, "splitAt": []}
        CREATE TABLE IF NOT EXISTS t (a INT, b INT, PRIMARY KEY (a, b)) WITH (SHARD KEY=(b))
          {'type':'CREATE_TABLE','table':'t','ifNotExists':true,'columns':[{'name':'a','dataType':'INT32'},{'name':'b','dataType':'int'}],'primaryKey':['a','b'],'shardKey':'b'}
          => default CREATE_TABLE {"table": "t", "ifNotExists": true, "columns": [{"name": "a", "type": "INTEGER", "length": null, "nullable": true, "defaultValue": null}, {"name": "b", "type": "INTEGER", "length": null, "nullable": true, "defaultValue": null}], "primaryKey": ["a", "b"], "shardKey": ["b"], "shards": 1, "partitions": 16, "strategy": "HASH", "type": "REGULAR", "from": null, "to": null, "ttlSeconds": null, "blockSize": 500, "comment": null, "replicas": 1, "splitAt": []}
        CREATE TABLE t (id INT PRIMARY KEY) WITH (REPLICAS=3)
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','replicas':3}
          => default CREATE_TABLE {"table": "t", "ifNotExists": false, "columns": [{"name": "id", "type": "INTEGER", "length": null, "nullable": true, "defaultValue": null}], "primaryKey": ["id"], "shardKey": [], "shards": 1, "partitions": 16, "strategy": "HASH", "type": "REGULAR", "from": null, "to": null, "ttlSeconds": null, "blockSize": 500, "comment": null, "replicas": 3, "splitAt": []}
        CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (a, b)) WITH (STRATEGY='range', SPLIT AT (5, (7, 'x')))
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'a','dataType':'INT'},{'name':'b','dataType':'TEXT'}],'primaryKey':['a','b'],'strategy':'range','splitAt':[5,[7.0,'x']]}
          => default CREATE_TABLE {"table": "t", "ifNotExists": false, "columns": [{"name": "a", "type": "INTEGER", "length": null, "nullable": true, "defaultValue": null}, {"name": "b", "type": "TEXT", "length": null, "nullable": true, "defaultValue": null}], "primaryKey": ["a", "b"], "shardKey": [], "shards": 3, "partitions": 16, "strategy": "RANGE", "type": "REGULAR", "from": null, "to": null, "ttlSeconds": null, "blockSize": 500, "comment": null, "replicas": 1, "splitAt": ["\\u0001\\u0080\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0005", "\\u0001\\u0080\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0007\\u0003x\\u0000\\u0001"]}
        CREATE NODE TABLE person (name STRING, since DATE, PRIMARY KEY (name))
          {'type':'CREATE_NODE_TABLE','table':'person','columns':[{'name':'name','columnType':'STRING'},{'name':'since','dataType':'DATE'}],'primaryKey':['name']}
          => default CREATE_NODE_TABLE {"table": "person", "ifNotExists": false, "columns": [{"name": "name", "type": "TEXT", "length": null, "nullable": true, "defaultValue": null}, {"name": "since", "type": "DATE", "length": null, "nullable": true, "defaultValue": null}], "primaryKey": ["name"], "shardKey": [], "shards": 1, "partitions": 16, "strategy": "HASH", "type": "NODE", "from": null, "to": null, "ttlSeconds": null, "blockSize": 500, "comment": null, "replicas": 1, "splitAt": []}
        CREATE EDGE TABLE knows (FROM person TO person)
          {'type':'CREATE_EDGE_TABLE','table':'knows','from':'person','to':'person'}
          => default CREATE_EDGE_TABLE {"table": "knows", "ifNotExists": false, "columns": [], "primaryKey": [], "shardKey": [], "shards": 1, "partitions": 16, "strategy": "HASH", "type": "EDGE", "from": "person", "to": "person", "ttlSeconds": null, "blockSize": 500, "comment": null, "replicas": 1, "splitAt": []}
        CREATE EDGE TABLE IF NOT EXISTS shop.lives (FROM shop.person TO city, since DATE, PRIMARY KEY (_from, since)) WITH (SHARDS=2)
          {'type':'CREATE_EDGE_TABLE','namespace':'shop','table':'shop.lives','ifNotExists':true,'from':'shop.person','to':'city','columns':[{'name':'since','dataType':'DATE'}],'primaryKey':['_from','since'],'shards':2}
          => shop CREATE_EDGE_TABLE {"table": "lives", "ifNotExists": true, "columns": [{"name": "since", "type": "DATE", "length": null, "nullable": true, "defaultValue": null}], "primaryKey": ["_from", "since"], "shardKey": [], "shards": 2, "partitions": 16, "strategy": "HASH", "type": "EDGE", "from": "person", "to": "city", "ttlSeconds": null, "blockSize": 500, "comment": null, "replicas": 1, "splitAt": []}
        CREATE STREAM TABLE clicks (id BIGINT PRIMARY KEY) WITH (TTL_SECONDS=60)
          {'type':'CREATE_STREAM_TABLE','table':'clicks','columns':[{'name':'id','dataType':'BIGINT'}],'primaryKey':'id','ttlSeconds':60}
          => default CREATE_STREAM_TABLE {"table": "clicks", "ifNotExists": false, "columns": [{"name": "id", "type": "BIGINT", "length": null, "nullable": true, "defaultValue": null}], "primaryKey": ["id"], "shardKey": [], "shards": 1, "partitions": 16, "strategy": "HASH", "type": "STREAM", "from": null, "to": null, "ttlSeconds": 60, "blockSize": 500, "comment": null, "replicas": 1, "splitAt": []}
        CREATE STREAM TABLE clicks (id BIGINT PRIMARY KEY)
          {'type':'CREATE_STREAM_TABLE','table':'clicks','columns':[{'name':'id','dataType':'BIGINT'}],'primaryKey':'id'}
          => default CREATE_STREAM_TABLE {"table": "clicks", "ifNotExists": false, "columns": [{"name": "id", "type": "BIGINT", "length": null, "nullable": true, "defaultValue": null}], "primaryKey": ["id"], "shardKey": [], "shards": 1, "partitions": 16, "strategy": "HASH", "type": "STREAM", "from": null, "to": null, "ttlSeconds": null, "blockSize": 500, "comment": null, "replicas": 1, "splitAt": []}
        DROP TABLE t
          {'type':'DROP_TABLE','table':'t'}
          => default DROP_TABLE {"table": "t", "ifExists": false, "cascade": false, "type": null}
        DROP TABLE IF EXISTS shop.t CASCADE
          {'type':'DROP_TABLE','database':'shop','table':'t','ifExists':true,'cascade':true}
          => shop DROP_TABLE {"table": "t", "ifExists": true, "cascade": true, "type": null}
        DROP NODE TABLE person CASCADE
          {'type':'DROP_NODE_TABLE','table':'person','cascade':true}
          => default DROP_NODE_TABLE {"table": "person", "ifExists": false, "cascade": true, "type": "NODE"}
        DROP EDGE TABLE knows
          {'type':'DROP_EDGE_TABLE','table':'knows'}
          => default DROP_EDGE_TABLE {"table": "knows", "ifExists": false, "cascade": false, "type": "EDGE"}
        DROP STREAM TABLE IF EXISTS clicks
          {'type':'DROP_STREAM_TABLE','table':'clicks','ifExists':true}
          => default DROP_STREAM_TABLE {"table": "clicks", "ifExists": true, "cascade": false, "type": "STREAM"}
        PRAGMA reshardTable('t', 8)
          {'type':'RESHARD_TABLE','table':'t','targetShards':8}
          => default RESHARD_TABLE {"table": "t", "targetShards": 8, "options": null, "dryRun": false}
        EXPLAIN PRAGMA reshardTable('shop.t', 8) WITH (ROWS_PER_SECOND=500, GRACE_SECONDS=60, CUTOVER='manual') ON MISMATCH REPAIR
          {'type':'RESHARD_TABLE','table':'shop.t','shards':8,'dryRun':true,'options':{'rowsPerSecond':500,'graceMillis':60000,'manualCutover':true,'repair':true}}
          => shop RESHARD_TABLE {"table": "t", "targetShards": 8, "options": {"rowsPerSecond": 500, "graceMillis": 60000, "manualCutover": true, "repair": true}, "dryRun": true}
        PRAGMA reshardTable(t, 8) WITH (ROWS_PER_SECOND=0)
          {'type':'RESHARD_TABLE','table':'t','shards':8,'options':{'rowsPerSecond':0}}
          => default RESHARD_TABLE {"table": "t", "targetShards": 8, "options": {"rowsPerSecond": 0, "graceMillis": null, "manualCutover": false, "repair": false}, "dryRun": false}
        PRAGMA pauseReshard('default-r1')
          {'type':'PAUSE_RESHARD','changeLogId':'default-r1'}
          => default PAUSE_RESHARD {"changeLogId": "default-r1", "verb": "PAUSE"}
        PRAGMA shop.resumeReshard('shop-r1')
          {'type':'RESUME_RESHARD','changeLogId':'shop-r1','database':'shop'}
          => shop RESUME_RESHARD {"changeLogId": "shop-r1", "verb": "RESUME"}
        PRAGMA switchReshard('r')
          {'type':'SWITCH_RESHARD','changeLogId':'r'}
          => default SWITCH_RESHARD {"changeLogId": "r", "verb": "SWITCH"}
        PRAGMA cancelReshard('r')
          {'type':'CANCEL_RESHARD','changeLogId':'r'}
          => default CANCEL_RESHARD {"changeLogId": "r", "verb": "CANCEL"}
        PRAGMA rollbackReshard('r')
          {'type':'ROLLBACK_RESHARD','changeLogId':'r'}
          => default ROLLBACK_RESHARD {"changeLogId": "r", "verb": "ROLLBACK"}
        PRAGMA completeReshard('r')
          {'type':'COMPLETE_RESHARD','changeLogId':'r'}
          => default COMPLETE_RESHARD {"changeLogId": "r", "verb": "COMPLETE"}
        PRAGMA retryReshard('r')
          {'type':'RETRY_RESHARD','changeLogId':'r'}
          => default RETRY_RESHARD {"changeLogId": "r", "verb": "RETRY"}
        PRAGMA throttleReshard('r', 1000, 60)
          {'type':'THROTTLE_RESHARD','changeLogId':'r','rowsPerSecond':1000,'forMillis':60000}
          => default THROTTLE_RESHARD {"changeLogId": "r", "rowsPerSecond": 1000, "forMillis": 60000}
        PRAGMA throttleReshard('r', 0)
          {'type':'THROTTLE_RESHARD','changeLogId':'r','rowsPerSecond':0}
          => default THROTTLE_RESHARD {"changeLogId": "r", "rowsPerSecond": 0, "forMillis": null}
        MOVE SHARD shop.t 3 TO node-2
          {'type':'MOVE_SHARD','table':'shop.t','shard':3,'toNode':'node-2'}
          => shop MOVE_SHARD {"table": "t", "shardId": 3, "toNode": "node-2", "options": null}
        DRAIN NODE node-2
          {'type':'DRAIN_NODE','node':'node-2'}
          => default DRAIN_NODE {"nodeId": "node-2"}
        UNDRAIN NODE 'node-2'
          {'type':'UNDRAIN_NODE','node':'node-2'}
          => default UNDRAIN_NODE {"nodeId": "node-2"}
        REBALANCE
          {'type':'REBALANCE'}
          => default REBALANCE {"table": null, "dryRun": false}
        REBALANCE TABLE shop.t
          {'type':'REBALANCE','table':'t','namespace':'shop'}
          => shop REBALANCE {"table": "t", "dryRun": false}
        VERIFY TABLE t AGAINST LOG
          {'type':'VERIFY_TABLE','table':'t'}
          => default VERIFY_TABLE {"table": "t", "options": null, "againstLog": true}
        VERIFY TABLE shop.t
          {'type':'VERIFY_TABLE','table':'shop.t','againstLog':false}
          => shop VERIFY_TABLE {"table": "t", "options": null, "againstLog": false}
        ALTER TABLE t ADD COLUMN note TEXT DEFAULT 'two words'
          {'type':'ADD_COLUMN','table':'t','column':'note','dataType':'TEXT','default':'two words'}
          => default ADD_COLUMN {"table": "t", "ifExists": false, "change": {"column": {"name": "note", "type": "TEXT", "length": null, "nullable": true, "defaultValue": "two words"}, "ifNotExists": false}}
        ALTER TABLE IF EXISTS t ADD COLUMN IF NOT EXISTS n DOUBLE NOT NULL DEFAULT 1
          {'type':'ADD_COLUMN','table':'t','ifTableExists':true,'column':'n','ifNotExists':true,'columnType':'FLOAT64','nullable':false,'default':1}
          => default ADD_COLUMN {"table": "t", "ifExists": true, "change": {"column": {"name": "n", "type": "DOUBLE", "length": null, "nullable": false, "defaultValue": 1.0}, "ifNotExists": true}}
        ALTER TABLE t ADD ok BOOL DEFAULT TRUE
          {'type':'ADD_COLUMN','table':'t','column':'ok','dataType':'BOOLEAN','default':true}
          => default ADD_COLUMN {"table": "t", "ifExists": false, "change": {"column": {"name": "ok", "type": "BOOLEAN", "length": null, "nullable": true, "defaultValue": 1}, "ifNotExists": false}}
        ALTER TABLE t ADD body BYTES DEFAULT x'00ff'
          {'type':'ADD_COLUMN','table':'t','column':'body','dataType':'BLOB','default':{'b':'AP8='}}
          => default ADD_COLUMN {"table": "t", "ifExists": false, "change": {"column": {"name": "body", "type": "BLOB", "length": null, "nullable": true, "defaultValue": "\\u0000ÿ"}, "ifNotExists": false}}
        ALTER TABLE t DROP COLUMN a
          {'type':'DROP_COLUMN','table':'t','column':'a'}
          => default DROP_COLUMN {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": false, "cascade": false}}
        ALTER TABLE IF EXISTS t DROP IF EXISTS a CASCADE
          {'type':'DROP_COLUMN','table':'t','ifTableExists':true,'column':'a','ifExists':true,'cascade':true}
          => default DROP_COLUMN {"table": "t", "ifExists": true, "change": {"column": "a", "ifExists": true, "cascade": true}}
        ALTER TABLE shop.t RENAME COLUMN IF EXISTS a TO b
          {'type':'RENAME_COLUMN','table':'shop.t','column':'a','ifExists':true,'newName':'b'}
          => shop RENAME_COLUMN {"table": "t", "ifExists": false, "change": {"column": "a", "newName": "b", "ifExists": true}}
        ALTER TABLE t MODIFY a BIGINT
          {'type':'ALTER_COLUMN_TYPE','table':'t','column':'a','columnType':'BIGINT'}
          => default ALTER_COLUMN_TYPE {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": false, "type": "BIGINT", "length": null, "notNull": false}}
        ALTER TABLE t MODIFY COLUMN IF EXISTS a VARCHAR(20) NOT NULL
          {'type':'ALTER_COLUMN_TYPE','table':'t','column':'a','ifExists':true,'dataType':'VARCHAR(20)','notNull':true}
          => default ALTER_COLUMN_TYPE {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": true, "type": "VARCHAR", "length": 20, "notNull": true}}
        ALTER TABLE t ALTER COLUMN a TYPE TEXT
          {'type':'ALTER_COLUMN_TYPE','table':'t','column':'a','dataType':'STRING'}
          => default ALTER_COLUMN_TYPE {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": false, "type": "TEXT", "length": null, "notNull": false}}
        ALTER TABLE t ALTER a SET DEFAULT 'two words'
          {'type':'ALTER_COLUMN_DEFAULT','table':'t','column':'a','default':'two words'}
          => default ALTER_COLUMN_DEFAULT {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": false, "defaultValue": "two words"}}
        ALTER TABLE t ALTER a SET DEFAULT -1.5
          {'type':'ALTER_COLUMN_DEFAULT','table':'t','column':'a','default':-1.5}
          => default ALTER_COLUMN_DEFAULT {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": false, "defaultValue": -1.5}}
        ALTER TABLE t ALTER a SET DEFAULT x'00ff'
          {'type':'ALTER_COLUMN_DEFAULT','table':'t','column':'a','default':{'b':'AP8='}}
          => default ALTER_COLUMN_DEFAULT {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": false, "defaultValue": "\\u0000ÿ"}}
        ALTER TABLE t ALTER a SET DEFAULT NULL
          {'type':'ALTER_COLUMN_DEFAULT','table':'t','column':'a','default':null}
          => default ALTER_COLUMN_DEFAULT {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": false, "defaultValue": null}}
        ALTER TABLE t ALTER COLUMN IF EXISTS a DROP DEFAULT
          {'type':'ALTER_COLUMN_DEFAULT','table':'t','column':'a','ifExists':true,'default':null}
          => default ALTER_COLUMN_DEFAULT {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": true, "defaultValue": null}}
        ALTER TABLE t ALTER a SET NOT NULL
          {'type':'ALTER_COLUMN_NULLABILITY','table':'t','column':'a','nullable':false}
          => default ALTER_COLUMN_NULLABILITY {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": false, "nullable": false}}
        ALTER TABLE t ALTER IF EXISTS a DROP NOT NULL
          {'type':'ALTER_COLUMN_NULLABILITY','table':'t','column':'a','ifExists':true,'nullable':true}
          => default ALTER_COLUMN_NULLABILITY {"table": "t", "ifExists": false, "change": {"column": "a", "ifExists": true, "nullable": true}}
        ALTER TABLE IF EXISTS shop.t RENAME TO u
          {'type':'RENAME_TABLE','table':'shop.t','ifExists':true,'newName':'u'}
          => shop RENAME_TABLE {"table": "t", "ifExists": true, "change": {"newName": "u"}}
        ALTER TABLE t MODIFY BLOCK_SIZE 100
          {'type':'SET_BLOCK_SIZE','table':'t','blockSize':100}
          => default SET_BLOCK_SIZE {"table": "t", "ifExists": false, "change": {"blockSize": 100}}
        ALTER TABLE IF EXISTS shop.t SET REPLICAS 2
          {'type':'SET_REPLICAS','table':'shop.t','ifExists':true,'replicas':2}
          => shop SET_REPLICAS {"table": "t", "ifExists": true, "change": {"replicas": 2}}
        COMMENT ON TABLE t IS 'two words'
          {'type':'COMMENT_ON_TABLE','table':'t','comment':'two words'}
          => default COMMENT_ON_TABLE {"table": "t", "ifExists": false, "change": {"comment": "two words"}}
        COMMENT ON TABLE t IS NULL
          {'type':'COMMENT_ON_TABLE','table':'t','comment':null}
          => default COMMENT_ON_TABLE {"table": "t", "ifExists": false, "change": {"comment": null}}
        COMMENT ON COLUMN shop.t.a IS ''
          {'type':'COMMENT_ON_COLUMN','table':'shop.t','column':'a','comment':''}
          => shop COMMENT_ON_COLUMN {"table": "t", "ifExists": false, "change": {"column": "a", "comment": ""}}
        COMMENT ON COLUMN t.a IS NULL
          {'type':'COMMENT_ON_COLUMN','table':'t','column':'a','comment':null}
          => default COMMENT_ON_COLUMN {"table": "t", "ifExists": false, "change": {"column": "a", "comment": null}}
        COMMENT ON INDEX shop.i IS 'x'
          {'type':'COMMENT_ON_INDEX','index':'shop.i','comment':'x'}
          => shop COMMENT_ON_INDEX {"index": "i", "comment": "x"}
        CREATE INDEX i ON t (a)
          {'type':'CREATE_INDEX','index':'i','table':'t','column':'a'}
          => default CREATE_INDEX {"table": "t", "index": "i", "unique": false, "columns": ["a"], "ifNotExists": false, "comment": null}
        CREATE UNIQUE INDEX IF NOT EXISTS shop.i ON t (a, b) COMMENT 'x'
          {'type':'CREATE_INDEX','index':'shop.i','table':'t','columns':['a','b'],'unique':true,'ifNotExists':true,'comment':'x'}
          => shop CREATE_INDEX {"table": "t", "index": "i", "unique": true, "columns": ["a", "b"], "ifNotExists": true, "comment": "x"}
        DROP INDEX i
          {'type':'DROP_INDEX','index':'i'}
          => default DROP_INDEX {"index": "i", "ifExists": false}
        DROP INDEX IF EXISTS shop.i
          {'type':'DROP_INDEX','namespace':'shop','index':'i','ifExists':true}
          => shop DROP_INDEX {"index": "i", "ifExists": true}
        CREATE NAMESPACE IF NOT EXISTS shop
          {'type':'CREATE_NAMESPACE','namespace':'shop','ifNotExists':true}
          => shop CREATE_NAMESPACE {"ifNotExists": true}
        DROP NAMESPACE shop
          {'type':'DROP_NAMESPACE','database':'shop'}
          => shop DROP_NAMESPACE {"ifExists": false}
        """);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void sql_and_event_become_this_operation(Form form) {
    Statement.Definition statement = (Statement.Definition) SqlParser.parse(form.sql());
    Object operation = StatementOperations.of(statement, CONFIG.logPartitions());
    String namespace = statement.namespace() == null ? "default" : statement.namespace();
    DdlCommand command = DdlEvents.parse(form.event(), CONFIG).get(0);
    assertThat(namespace + " " + Operations.name(operation) + " " + operation)
        .isEqualTo(form.expected());
    assertThat(
            command.getDatabase()
                + " "
                + Operations.name(command.getOperation())
                + " "
                + command.getOperation())
        .isEqualTo(form.expected());
    assertThat(command.getOperation()).isEqualTo(operation);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_command_written_is_read_back_the_same(Form form) {
    DdlCommand command = DdlEvents.parse(form.event(), CONFIG).get(0);
    assertThat(DdlEvents.parse(DdlEvents.write(command), CONFIG)).containsExactly(command);
  }

  @Test
  void there_is_a_form_of_every_type_of_event() {
    Set<String> types = new TreeSet<>();
    forms().forEach(form -> types.add(form.expected().split(" ")[1]));
    assertThat(types).isEqualTo(EventOperations.types());
  }
}
