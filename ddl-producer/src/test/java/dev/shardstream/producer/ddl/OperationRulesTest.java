package dev.shardstream.producer.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused before it is published, as SQL and as an event, and the whole error. */
class OperationRulesTest {
  static List<Form> wrongForms() {
    return Form.table(
        """
        PRAGMA reshardTable('t', 0)
          {'type':'RESHARD_TABLE','table':'t','shards':0}
          => INVALID_SHARD_COUNT: Invalid shard count: 0 (must be 1 to 256)
        CREATE TABLE t (id INT PRIMARY KEY) WITH (BLOCK_SIZE=0)
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','blockSize':0}
          => INVALID_BLOCK_SIZE: Invalid block size: 0 (must be 1 to 10000)
        CREATE TABLE t (id INT PRIMARY KEY) WITH (BLOCK_SIZE=10001)
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','blockSize':10001}
          => INVALID_BLOCK_SIZE: Invalid block size: 10001 (must be 1 to 10000)
        CREATE STREAM TABLE t (id INT PRIMARY KEY) WITH (TTL_SECONDS=0)
          {'type':'CREATE_STREAM_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','ttlSeconds':0}
          => INVALID_TTL: Invalid TTL_SECONDS of table 't': 0 (must be 1 to 3153600000)
        CREATE STREAM TABLE t (id INT PRIMARY KEY) WITH (TTL_SECONDS=3153600001)
          {'type':'CREATE_STREAM_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','ttlSeconds':3153600001}
          => INVALID_TTL: Invalid TTL_SECONDS of table 't': 3153600001 (must be 1 to 3153600000)
        CREATE STREAM TABLE t (id INT)
          {'type':'CREATE_STREAM_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}]}
          => PRIMARY_KEY_REQUIRED: Table 't' needs a PRIMARY KEY
        CREATE NODE TABLE n (a INT, b INT, PRIMARY KEY (a, b))
          {'type':'CREATE_NODE_TABLE','table':'n','columns':[{'name':'a','dataType':'INT'},{'name':'b','dataType':'INT'}],'primaryKey':['a','b']}
          => INVALID_ARGUMENT: Invalid argument: node table 'n' must have exactly one primary key column, not 2
        CREATE EDGE TABLE e (FROM a TO b, c INT, PRIMARY KEY (_to, c))
          {'type':'CREATE_EDGE_TABLE','table':'e','from':'a','to':'b','columns':[{'name':'c','dataType':'INT'}],'primaryKey':['_to','c']}
          => SHARD_KEY_NOT_IN_PRIMARY_KEY: Shard key column '_from' of table 'e' must be part of the primary key (_to, c)
        CREATE EDGE TABLE e (FROM a TO b, PRIMARY KEY (_from, c))
          {'type':'CREATE_EDGE_TABLE','table':'e','from':'a','to':'b','primaryKey':['_from','c']}
          => COLUMN_NOT_FOUND: Column 'c' not found in table 'e'
        CREATE EDGE TABLE e (FROM a TO b) WITH (SHARD KEY=_to)
          {'type':'CREATE_EDGE_TABLE','table':'e','from':'a','to':'b','shardKey':'_to'}
          => INVALID_ARGUMENT: Invalid argument: the shard key of edge table 'e' is always _from
        CREATE EDGE TABLE e (FROM a TO b, _from INT)
          {'type':'CREATE_EDGE_TABLE','table':'e','from':'a','to':'b','columns':[{'name':'_from','dataType':'INT'}]}
          => RESERVED_NAME: Name '_from' is reserved: names that start with '_' belong to Shardstream
        CREATE TABLE _t (id INT PRIMARY KEY)
          {'type':'CREATE_TABLE','table':'_t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id'}
          => RESERVED_NAME: Name '_t' is reserved: names that start with '_' belong to Shardstream
        ALTER TABLE t ADD COLUMN _updated INT
          {'type':'ADD_COLUMN','table':'t','column':'_updated','dataType':'INT'}
          => SYSTEM_COLUMN: Cannot alter system columns: _updated, _deleted
        ALTER TABLE t ADD COLUMN "a b" INT
          {'type':'ADD_COLUMN','table':'t','column':'a b','dataType':'INT'}
          => INVALID_NAME: Invalid name 'a b': use letters, digits and '_', at most 100, not a digit first
        ALTER TABLE t ADD COLUMN a INT DEFAULT 'x'
          {'type':'ADD_COLUMN','table':'t','column':'a','dataType':'INT','default':'x'}
          => UNSUPPORTED_DEFAULT: DEFAULT of column 'a' must be a constant of type INTEGER: 'x' cannot be evaluated the same way on every replica
        ALTER TABLE t ADD COLUMN a VARCHAR(3) DEFAULT 'four'
          {'type':'ADD_COLUMN','table':'t','column':'a','dataType':'VARCHAR(3)','default':'four'}
          => UNSUPPORTED_DEFAULT: DEFAULT of column 'a' must be a constant of type VARCHAR(3): 'four' cannot be evaluated the same way on every replica
        ALTER TABLE t RENAME COLUMN a TO _deleted
          {'type':'RENAME_COLUMN','table':'t','column':'a','newName':'_deleted'}
          => RESERVED_NAME: Name '_deleted' is reserved: names that start with '_' belong to Shardstream
        ALTER TABLE t RENAME TO "9t"
          {'type':'RENAME_TABLE','table':'t','newName':'9t'}
          => INVALID_NAME: Invalid name '9t': use letters, digits and '_', at most 100, not a digit first
        ALTER TABLE t MODIFY BLOCK_SIZE 0
          {'type':'SET_BLOCK_SIZE','table':'t','blockSize':0}
          => INVALID_BLOCK_SIZE: Invalid block size: 0 (must be 1 to 10000)
        ALTER TABLE t MODIFY BLOCK_SIZE 10001
          {'type':'SET_BLOCK_SIZE','table':'t','blockSize':10001}
          => INVALID_BLOCK_SIZE: Invalid block size: 10001 (must be 1 to 10000)
        CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range', SPLIT AT (1, 'x'))
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','strategy':'range','splitAt':[[1],['x']]}
          => INVALID_SPLIT: Invalid SPLIT AT of table 't': column 'id' is INTEGER and cannot hold 'x'
        CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range', SPLIT AT (1, 2.5))
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','strategy':'range','splitAt':[1,2.5]}
          => INVALID_SPLIT: Invalid SPLIT AT of table 't': column 'id' is INTEGER and cannot hold 2.5
        CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range', SPLIT AT ((1, 2)))
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','strategy':'range','splitAt':[[1,2]]}
          => INVALID_SPLIT: Invalid SPLIT AT of table 't': (1, 2) has 2 values, and the shard key (id) has 1
        CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range', SPLIT AT (2, 1))
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','strategy':'range','splitAt':[2,1]}
          => INVALID_SPLIT: Invalid SPLIT AT of table 't': (1) does not come after (2): split points must ascend
        CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range', SPLIT AT (1, 1.0))
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','strategy':'range','splitAt':[1,1.0]}
          => INVALID_SPLIT: Invalid SPLIT AT of table 't': (1) does not come after (1): split points must ascend
        CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range', SPLIT AT (1), SHARDS=4)
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','strategy':'range','splitAt':[1],'shards':4}
          => INVALID_SPLIT: Invalid SPLIT AT of table 't': 4 shards need 3 split points, and 1 are given
        CREATE TABLE t (id INT PRIMARY KEY) WITH (STRATEGY='range', SHARDS=4)
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','strategy':'range','shards':4}
          => INVALID_SPLIT: Invalid SPLIT AT of table 't': 4 shards need 3 split points, and 0 are given
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT (1))
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','splitAt':[1]}
          => INVALID_SPLIT: Invalid SPLIT AT of table 't': only a table with STRATEGY='range' is split at shard keys
        CREATE EDGE TABLE e (FROM a TO b) WITH (STRATEGY='range', SPLIT AT (1, 'x'))
          {'type':'CREATE_EDGE_TABLE','table':'e','from':'a','to':'b','strategy':'range','splitAt':[1,'x']}
          => INVALID_SPLIT: Invalid SPLIT AT of table 'e': column '_from' is BIGINT and cannot hold 'x'
        CREATE TABLE t (id INT PRIMARY KEY) WITH (REPLICAS=9)
          {'type':'CREATE_TABLE','table':'t','columns':[{'name':'id','dataType':'INT'}],'primaryKey':'id','replicas':9}
          => INVALID_REPLICAS: Invalid replicas: 9 (must be 1 to 8)
        ALTER TABLE t SET REPLICAS 0
          {'type':'SET_REPLICAS','table':'t','replicas':0}
          => INVALID_REPLICAS: Invalid replicas: 0 (must be 1 to 8)
        ALTER TABLE t SET REPLICAS 9
          {'type':'SET_REPLICAS','table':'t','replicas':9}
          => INVALID_REPLICAS: Invalid replicas: 9 (must be 1 to 8)
        CREATE INDEX _i ON t (a)
          {'type':'CREATE_INDEX','index':'_i','table':'t','columns':['a']}
          => RESERVED_NAME: Name '_i' is reserved: names that start with '_' belong to Shardstream
        CREATE INDEX i ON t (a, A)
          {'type':'CREATE_INDEX','index':'i','table':'t','columns':['a','A']}
          => DUPLICATE_COLUMN: Column 'A' is named twice in table 't'
        """);
  }

  @ParameterizedTest
  @MethodSource("wrongForms")
  void sql_and_event_are_refused_with_this_error(Form form) {
    assertThat(
            error(
                () ->
                    StatementOperations.of((Statement.Definition) SqlParser.parse(form.sql()), 16)))
        .isEqualTo(form.expected());
    // An event has the default as JSON, and the error as it is there.
    String ofEvent = error(() -> DdlEvents.parse(form.event(), DefinitionFormsTest.CONFIG));
    assertThat(ofEvent.replace('"', '\'')).isEqualTo(form.expected());
  }

  private static String error(ThrowingCallable call) {
    ShardstreamException error = catchThrowableOfType(ShardstreamException.class, call);
    assertThat(error).isNotNull();
    return error.code() + ": " + error.getMessage();
  }
}
