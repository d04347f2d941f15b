package dev.shardstream.producer.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs that are refused, and the whole error: its code, and its text with line and column. */
class SqlErrorsTest {
  static List<Example> definitions() {
    return Example.table(
        """
        CREATE TABLE t
          => SYNTAX: Syntax error at line 1, column 15: unexpected end of statement, expected '(' or AS
        CREATE TABLE t ()
          => SYNTAX: Syntax error at line 1, column 17: unexpected ')', expected a name, CHECK, CONSTRAINT, FOREIGN, PRIMARY or UNIQUE
        CREATE TABLE t (a)
          => SYNTAX: Syntax error at line 1, column 18: unexpected ')', expected a type
        CREATE TABLE t (a INT,)
          => SYNTAX: Syntax error at line 1, column 23: unexpected ')', expected a name, CHECK, CONSTRAINT, FOREIGN, PRIMARY or UNIQUE
        CREATE TABLE t (a INT
          => SYNTAX: Syntax error at line 1, column 22: unexpected end of statement, expected ',' or ')'
        CREATE TABLE select (a INT)
          => SYNTAX: Syntax error at line 1, column 14: unexpected 'select' (a reserved word: in double quotes it is a name), expected a name
        CREATE TABLE t (primary INT)
          => SYNTAX: Syntax error at line 1, column 25: unexpected 'INT', expected KEY
        CREATE TABLE t (a NUMERIC(10,2))
          => UNSUPPORTED: Not supported: type NUMERIC of column 'a' (use INTEGER, BIGINT, FLOAT, REAL, DOUBLE, TEXT, VARCHAR(n), BOOLEAN, DATE, TIMESTAMP or BLOB)
        CREATE TABLE t (a INT(11))
          => UNSUPPORTED: Not supported: INT(11) of column 'a': only VARCHAR takes a length, and only one
        CREATE TABLE t (a VARCHAR(0))
          => INVALID_ARGUMENT: Invalid argument: VARCHAR(0) of column 'a': the length is 1 or more code points
        CREATE TABLE t (a VARCHAR(-1))
          => INVALID_ARGUMENT: Invalid argument: VARCHAR(-1) of column 'a': the length is 1 or more code points
        CREATE TABLE t (a VARCHAR(1,2))
          => UNSUPPORTED: Not supported: VARCHAR(1,2) of column 'a': only VARCHAR takes a length, and only one
        CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)
          => UNSUPPORTED: Not supported: AUTOINCREMENT
        CREATE TABLE t (id INT CHECK (id > 0))
          => UNSUPPORTED: Not supported: CHECK on column 'id'
        CREATE TABLE t (id INT, CHECK (id > 0))
          => UNSUPPORTED: Not supported: CHECK
        CREATE TABLE t (id INT REFERENCES u(id) ON DELETE CASCADE)
          => UNSUPPORTED: Not supported: REFERENCES on column 'id'
        CREATE TABLE t (id INT, FOREIGN KEY (id) REFERENCES u(id))
          => UNSUPPORTED: Not supported: FOREIGN KEY
        CREATE TABLE t (id INT, b INT GENERATED ALWAYS AS (id + 1) STORED)
          => UNSUPPORTED: Not supported: GENERATED on column 'b'
        CREATE TABLE t (id INT, b INT AS (id + 1))
          => UNSUPPORTED: Not supported: GENERATED on column 'b'
        CREATE TABLE t (id TEXT COLLATE NOCASE)
          => UNSUPPORTED: Not supported: COLLATE on column 'id'
        CREATE TABLE t (id INT PRIMARY KEY, b INT PRIMARY KEY)
          => SYNTAX: Syntax error at line 1, column 43: a second PRIMARY KEY
        CREATE TABLE t (id INT PRIMARY KEY ON CONFLICT REPLACE)
          => UNSUPPORTED: Not supported: ON CONFLICT in CREATE TABLE
        CREATE TABLE t (id INT PRIMARY KEY DESC)
          => UNSUPPORTED: Not supported: DESC in PRIMARY KEY
        CREATE TABLE t (id INT NOT NULL NULL)
          => SYNTAX: Syntax error at line 1, column 33: NULL and NOT NULL contradict each other
        CREATE TABLE t (id INT DEFAULT 1 DEFAULT 2)
          => SYNTAX: Syntax error at line 1, column 34: a second DEFAULT of column 'id'
        CREATE TABLE t (id INT DEFAULT now())
          => UNSUPPORTED_DEFAULT: DEFAULT of column 'id' must be a constant of type INT: now() cannot be evaluated the same way on every replica
        CREATE TABLE t (id VARCHAR(3) DEFAULT (1 + 2))
          => UNSUPPORTED_DEFAULT: DEFAULT of column 'id' must be a constant of type VARCHAR(3): (1 + 2) cannot be evaluated the same way on every replica
        CREATE TABLE t (id INT DEFAULT -'a')
          => SYNTAX: Syntax error at line 1, column 33: unexpected ''a'', expected a number
        CREATE TABLE t (id INT DEFAULT abc)
          => SYNTAX: Syntax error at line 1, column 32: DEFAULT abc is no constant: a text stands in single quotes
        CREATE TABLE t (id BLOB DEFAULT x'0')
          => SYNTAX: Syntax error at line 1, column 33: malformed blob x'0': use pairs of hexadecimal digits
        CREATE TABLE t (id INT) WITH (FOO=1)
          => INVALID_OPTION: Invalid table option FOO: unknown, use SHARDS, PARTITIONS, SHARD KEY, STRATEGY, SPLIT AT, REPLICAS, BLOCK_SIZE or TTL_SECONDS
        CREATE TABLE t (id INT) WITH (SHARDS=abc)
          => INVALID_OPTION: Invalid table option SHARDS: 'abc' is no integer
        CREATE TABLE t (id INT) WITH (SHARDS=4.5)
          => INVALID_SHARD_COUNT: Invalid shard count: 4.5 (must be 1 to 256)
        CREATE TABLE t (id INT) WITH (SHARDS=99999999999999999999)
          => INVALID_SHARD_COUNT: Invalid shard count: 99999999999999999999 (must be 1 to 256)
        CREATE TABLE t (id INT) WITH (SHARDS=4) /* SHARDS=8 */
          => INVALID_OPTION: Invalid table option SHARDS: given twice, as 8 and as 4
        CREATE TABLE t (id INT) WITH (SHARDS)
          => SYNTAX: Syntax error at line 1, column 37: unexpected ')', expected a name or '='
        CREATE TABLE t (id INT) WITH (STRATEGY=4)
          => INVALID_OPTION: Invalid table option STRATEGY: '4' is no name
        CREATE TABLE t (id INT)\\n  /* SHARDS=4\\n because */
          => SYNTAX: Syntax error at line 3, column 2: unexpected 'because', expected ','
        CREATE TABLE t (id INT) /* SHARDS= */
          => SYNTAX: Syntax error at line 1, column 36: unexpected end of statement, expected a name, '(', '-', '+' or a number
        CREATE TABLE t (id INT) WITHOUT OIDS
          => SYNTAX: Syntax error at line 1, column 33: unexpected 'OIDS', expected ROWID
        CREATE TABLE t AS SELECT 1
          => UNSUPPORTED: Not supported: CREATE TABLE … AS SELECT
        CREATE TEMP TABLE t (a INT)
          => UNSUPPORTED: Not supported: CREATE TEMP TABLE
        CREATE VIEW v AS SELECT 1
          => UNSUPPORTED: Not supported: CREATE VIEW
        DROP x
          => SYNTAX: Syntax error at line 1, column 6: unexpected 'x', expected EDGE, INDEX, NAMESPACE, NODE, STREAM or TABLE
        DESCRIBE
          => SYNTAX: Syntax error at line 1, column 9: unexpected end of statement, expected a name or TABLE
        DESCRIBE TABLE
          => SYNTAX: Syntax error at line 1, column 15: unexpected end of statement, expected a name
        PRAGMA reshardTable('t')
          => INVALID_ARGUMENTS: reshardTable requires exactly 2 arguments
        PRAGMA reshardTable
          => INVALID_ARGUMENTS: reshardTable requires exactly 2 arguments
        PRAGMA reshardTable('t', 4, 5)
          => INVALID_ARGUMENTS: reshardTable requires exactly 2 arguments
        PRAGMA reshardTable('t', 'x')
          => INVALID_SHARD_COUNT: Invalid shard count: x (must be 1 to 256)
        PRAGMA reshardTable('t', 4.5)
          => INVALID_SHARD_COUNT: Invalid shard count: 4.5 (must be 1 to 256)
        PRAGMA reshardTable('t', 99999999999999999999)
          => INVALID_SHARD_COUNT: Invalid shard count: 99999999999999999999 (must be 1 to 256)
        PRAGMA reshardTable(5, 4)
          => INVALID_ARGUMENT: Invalid argument: reshardTable(5, …): give a table's name
        PRAGMA reshardTable('t', 4) WITH (SPEED = 4)
          => INVALID_ARGUMENT: Invalid argument: SPEED of reshardTable is unknown, use ROWS_PER_SECOND, GRACE_SECONDS or CUTOVER
        PRAGMA reshardTable('t', 4) WITH (ROWS_PER_SECOND = 4.5)
          => INVALID_ARGUMENT: Invalid argument: ROWS_PER_SECOND of reshardTable is '4.5', which is no integer
        PRAGMA reshardTable('t', 4) WITH (GRACE_SECONDS = 'long')
          => INVALID_ARGUMENT: Invalid argument: GRACE_SECONDS of reshardTable is 'long', which is no integer
        PRAGMA reshardTable('t', 4) WITH (GRACE_SECONDS = 4, GRACE_SECONDS = 5)
          => INVALID_ARGUMENT: Invalid argument: GRACE_SECONDS of reshardTable is given twice
        PRAGMA reshardTable('t', 4) WITH (CUTOVER = 'later')
          => INVALID_ARGUMENT: Invalid argument: CUTOVER of reshardTable is 'later', use MANUAL or AUTO
        PRAGMA reshardTable('t', 4) ON MISMATCH IGNORE
          => INVALID_ARGUMENT: Invalid argument: ON MISMATCH of reshardTable is 'IGNORE', use FAIL or REPAIR
        PRAGMA reshardTable('t', 4) ON FIRE
          => SYNTAX: Syntax error at line 1, column 32: unexpected 'FIRE', expected MISMATCH
        PRAGMA pauseReshard
          => INVALID_ARGUMENT: Invalid argument: pauseReshard takes the change_log_id of one reshard: SHOW RESHARDS lists them
        PRAGMA pauseReshard('r1', 5)
          => INVALID_ARGUMENT: Invalid argument: pauseReshard takes the change_log_id of one reshard: SHOW RESHARDS lists them
        PRAGMA cancelReshard(5)
          => INVALID_ARGUMENT: Invalid argument: cancelReshard(5): give a change_log_id in quotes
        PRAGMA cancelReshard('r1') WITH (GRACE_SECONDS = 4)
          => SYNTAX: Syntax error at line 1, column 28: PRAGMA cancelReshard takes no options
        PRAGMA throttleReshard('r1')
          => INVALID_ARGUMENT: Invalid argument: throttleReshard takes a change_log_id, rows per second, and seconds if it is to end
        PRAGMA throttleReshard('r1', 'fast')
          => INVALID_ARGUMENT: Invalid argument: throttleReshard takes rows per second as an integer
        PRAGMA throttleReshard('r1', 5, 1.5)
          => INVALID_ARGUMENT: Invalid argument: throttleReshard takes seconds as an integer
        EXPLAIN PRAGMA pauseReshard('r1')
          => UNSUPPORTED: Not supported: EXPLAIN PRAGMA pauseReshard
        EXPLAIN PRAGMA journal_mode
          => UNSUPPORTED: Not supported: EXPLAIN PRAGMA journal_mode
        MOVE SHARD t TO n
          => SYNTAX: Syntax error at line 1, column 14: unexpected 'TO', expected '-', '+' or a number
        MOVE SHARD t 1.5 TO n
          => INVALID_ARGUMENT: Invalid argument: MOVE SHARD takes a shard's number
        MOVE SHARD t 1 TO
          => SYNTAX: Syntax error at line 1, column 18: unexpected end of statement, expected an id
        MOVE t 1 TO n
          => SYNTAX: Syntax error at line 1, column 6: unexpected 't', expected SHARD
        DRAIN NODE
          => SYNTAX: Syntax error at line 1, column 11: unexpected end of statement, expected an id
        DRAIN NODE node 1
          => SYNTAX: Syntax error at line 1, column 12: an id with blanks in it stands in quotes: 'node 1'
        VERIFY TABLE t AGAINST REPLICAS
          => SYNTAX: Syntax error at line 1, column 24: unexpected 'REPLICAS', expected LOG
        SHOW RESHARD
          => SYNTAX: Syntax error at line 1, column 13: unexpected end of statement, expected an id
        SHOW RESHARDS LIKE
          => SYNTAX: Syntax error at line 1, column 19: unexpected end of statement, expected a text in quotes
        PRAGMA journal_mode=WAL
          => UNSUPPORTED: Not supported: PRAGMA journal_mode
        PRAGMA table_info(t)
          => UNSUPPORTED: Not supported: PRAGMA table_info
        """);
  }

  static List<Example> changes() {
    return Example.table(
        """
        INSERT INTO t
          => SYNTAX: Syntax error at line 1, column 14: unexpected end of statement, expected '(', AS, DEFAULT, SELECT, VALUES or WITH
        INSERT t VALUES (1)
          => SYNTAX: Syntax error at line 1, column 8: unexpected 't', expected INTO or OR
        INSERT INTO t VALUES ()
          => SYNTAX: Syntax error at line 1, column 23: unexpected ')', expected an expression
        INSERT INTO t () VALUES (1)
          => SYNTAX: Syntax error at line 1, column 16: unexpected ')', expected a name
        INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING
          => UNSUPPORTED: Not supported: ON CONFLICT in INSERT (use REPLACE or UPSERT)
        INSERT INTO t VALUES (1) RETURNING a
          => UNSUPPORTED: Not supported: RETURNING in INSERT
        INSERT INTO t SELECT * FROM u
          => UNSUPPORTED: Not supported: INSERT … SELECT
        INSERT INTO t WITH c AS (SELECT 1) SELECT * FROM c
          => UNSUPPORTED: Not supported: INSERT … SELECT
        INSERT INTO t DEFAULT VALUES
          => UNSUPPORTED: Not supported: DEFAULT VALUES
        INSERT OR IGNORE INTO t VALUES (1)
          => UNSUPPORTED: Not supported: INSERT OR IGNORE
        UPDATE t
          => SYNTAX: Syntax error at line 1, column 9: unexpected end of statement, expected a name, AS or SET
        UPDATE t SET
          => SYNTAX: Syntax error at line 1, column 13: unexpected end of statement, expected a name or '('
        UPDATE t SET a
          => SYNTAX: Syntax error at line 1, column 15: unexpected end of statement, expected '='
        UPDATE t SET a = 1, WHERE b = 2
          => SYNTAX: Syntax error at line 1, column 21: unexpected 'WHERE' (a reserved word: in double quotes it is a name), expected a name or '('
        UPDATE OR IGNORE t SET a = 1
          => UNSUPPORTED: Not supported: UPDATE OR IGNORE
        UPDATE t SET (a, b) = (1, 2)
          => UNSUPPORTED: Not supported: SET of several columns at once: (a, b) = …
        UPDATE t SET a = 1 FROM u WHERE u.a = t.a
          => UNSUPPORTED: Not supported: FROM in UPDATE
        UPDATE t SET a = 1 LIMIT 5
          => UNSUPPORTED: Not supported: LIMIT in UPDATE
        UPDATE t SET a = 1 RETURNING a
          => UNSUPPORTED: Not supported: RETURNING in UPDATE
        DELETE t
          => SYNTAX: Syntax error at line 1, column 8: unexpected 't', expected FROM
        DELETE FROM t WHERE a = 1 LIMIT 1
          => UNSUPPORTED: Not supported: LIMIT in DELETE
        DELETE FROM t ORDER BY a
          => UNSUPPORTED: Not supported: ORDER BY in DELETE
        """);
  }

  static List<Example> others() {
    return Example.table(
        """
        SELEC * FROM t
          => SYNTAX: Syntax error at line 1, column 1: unexpected 'SELEC', expected a statement
        SELECT * FORM t
          => SYNTAX: Syntax error at line 1, column 10: unexpected 'FORM'
        SELECT a b c FROM t
          => SYNTAX: Syntax error at line 1, column 12: unexpected 'c'
        SELECT * FROM
          => SYNTAX: Syntax error at line 1, column 14: unexpected end of statement, expected a name or '('
        SELECT * FROM t WHERE
          => SYNTAX: Syntax error at line 1, column 22: unexpected end of statement, expected an expression
        SELECT * FROM t WHERE a =
          => SYNTAX: Syntax error at line 1, column 26: unexpected end of statement, expected an expression
        SELECT * FROM t WHERE a = 1 b
          => SYNTAX: Syntax error at line 1, column 29: unexpected 'b'
        SELECT * FROM order
          => SYNTAX: Syntax error at line 1, column 15: unexpected 'order' (a reserved word: in double quotes it is a name), expected a name or '('
        SELECT 'abc
          => SYNTAX: Syntax error at line 1, column 8: this text has no closing quote
        SELECT "abc
          => SYNTAX: Syntax error at line 1, column 8: this quoted name has no end
        SELECT 1 /* abc
          => SYNTAX: Syntax error at line 1, column 10: this comment has no end
        SELECT 12ab
          => SYNTAX: Syntax error at line 1, column 8: malformed number '12ab'
        SELECT a # b
          => SYNTAX: Syntax error at line 1, column 10: unexpected character '#'
        SELECT * FROM t;\\n  SELECT 1;\\n  DROP TABEL x
          => SYNTAX: Syntax error at line 3, column 8: unexpected 'TABEL', expected EDGE, INDEX, NAMESPACE, NODE, STREAM or TABLE
        BEGIN
          => UNSUPPORTED: Not supported: BEGIN
        EXPLAIN SELECT 1
          => UNSUPPORTED: Not supported: EXPLAIN
        VACUUM
          => UNSUPPORTED: Not supported: VACUUM
        SELECT * FROM TABLE_STATS('t') WHERE a = 1
          => UNSUPPORTED: Not supported: TABLE_STATS in any other form than SELECT * FROM TABLE_STATS('table')
        SELECT * FROM TABLE_STATS()
          => INVALID_ARGUMENT: Invalid argument: TABLE_STATS takes the name of one table, as in TABLE_STATS('users')
        SELECT * FROM TABLE_STATS(5)
          => INVALID_ARGUMENT: Invalid argument: TABLE_STATS(5): give a table's name
        SELECT * FROM pragma_table_info('t')
          => UNSUPPORTED: Not supported: pragma_table_info
        SELECT * FROM t INDEXED BY i
          => UNSUPPORTED: Not supported: INDEXED BY and NOT INDEXED
        SELECT ?0
          => SYNTAX: Syntax error at line 1, column 8: parameter numbers go from ?1 to ?32766
        SELECT ?99999
          => SYNTAX: Syntax error at line 1, column 8: parameter numbers go from ?1 to ?32766
        SELECT 0x11223344556677889
          => SYNTAX: Syntax error at line 1, column 8: hexadecimal number '0x11223344556677889' is too big
        SELECT x'1g'
          => SYNTAX: Syntax error at line 1, column 8: malformed blob x'1g': use pairs of hexadecimal digits
        SELECT * FROM t GROUP a
          => SYNTAX: Syntax error at line 1, column 23: unexpected 'a', expected BY
        SELECT count( FROM t
          => SYNTAX: Syntax error at line 1, column 15: unexpected 'FROM', expected an expression, ')', '*' or DISTINCT
        SELECT CASE a FROM t
          => SYNTAX: Syntax error at line 1, column 15: unexpected 'FROM', expected WHEN
        SELECT * FROM t LIMIT
          => SYNTAX: Syntax error at line 1, column 22: unexpected end of statement, expected an expression
        SELECT * FROM t ORDER a
          => SYNTAX: Syntax error at line 1, column 23: unexpected 'a', expected BY
        SELECT a FROM t JOIN
          => SYNTAX: Syntax error at line 1, column 21: unexpected end of statement, expected a name or '('
        SELECT a IN 5
          => SYNTAX: Syntax error at line 1, column 13: unexpected '5', expected a name or '('
        WITH c SELECT 1
          => SYNTAX: Syntax error at line 1, column 8: unexpected 'SELECT', expected '(' or AS
        SELECT ((1)
          => SYNTAX: Syntax error at line 1, column 12: unexpected end of statement, expected ',' or ')'
        SELECT 1)
          => SYNTAX: Syntax error at line 1, column 9: unexpected ')'
        FOO
          => SYNTAX: Syntax error at line 1, column 1: unexpected 'FOO', expected a statement
        'abc'
          => SYNTAX: Syntax error at line 1, column 1: unexpected ''abc'', expected a statement
        """);
  }

  @ParameterizedTest
  @MethodSource({"definitions", "changes", "others"})
  void a_wrong_statement_is_refused_with_this_error(Example example) {
    ShardstreamException error =
        catchThrowableOfType(
            ShardstreamException.class, () -> SqlParser.parseScript(example.sql()));
    assertThat(error).isNotNull();
    assertThat(error.code() + ": " + error.getMessage()).isEqualTo(example.expected());
  }
}
