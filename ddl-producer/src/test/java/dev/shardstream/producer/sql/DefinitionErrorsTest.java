package dev.shardstream.producer.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forms of what changes or shows a definition that are refused, and the whole error. */
class DefinitionErrorsTest {
  static List<Example> wrongForms() {
    return Example.table(
        """
        ALTER
          => SYNTAX: Syntax error at line 1, column 6: unexpected end of statement, expected TABLE
        ALTER TABLE
          => SYNTAX: Syntax error at line 1, column 12: unexpected end of statement, expected a name
        ALTER TABLE t
          => SYNTAX: Syntax error at line 1, column 14: unexpected end of statement, expected ADD, ALTER, DROP, MODIFY, RENAME or SET
        ALTER TABLE t FOO
          => SYNTAX: Syntax error at line 1, column 15: unexpected 'FOO', expected ADD, ALTER, DROP, MODIFY, RENAME or SET
        ALTER TABLE t ADD
          => SYNTAX: Syntax error at line 1, column 18: unexpected end of statement, expected a name
        ALTER TABLE t ADD COLUMN
          => SYNTAX: Syntax error at line 1, column 25: unexpected end of statement, expected a name
        ALTER TABLE t ADD COLUMN c
          => SYNTAX: Syntax error at line 1, column 26: column 'c' has no type
        ALTER TABLE t ADD c NUMERIC
          => UNSUPPORTED: Not supported: type NUMERIC of column 'c' (use INTEGER, BIGINT, FLOAT, REAL, DOUBLE, TEXT, VARCHAR(n), BOOLEAN, DATE, TIMESTAMP or BLOB)
        ALTER TABLE t ADD c INT PRIMARY KEY
          => UNSUPPORTED: Not supported: PRIMARY KEY in ADD COLUMN
        ALTER TABLE t ADD c INT UNIQUE
          => UNSUPPORTED: Not supported: UNIQUE in ADD COLUMN: add the column, then CREATE UNIQUE INDEX
        ALTER TABLE t ADD c INT CHECK (c > 0)
          => UNSUPPORTED: Not supported: CHECK on column 'c'
        ALTER TABLE t ADD c INT DEFAULT (1 + 2)
          => UNSUPPORTED_DEFAULT: DEFAULT of column 'c' must be a constant of type INT: (1 + 2) cannot be evaluated the same way on every replica
        ALTER TABLE t ADD c TEXT DEFAULT two words
          => SYNTAX: Syntax error at line 1, column 34: DEFAULT two words is no constant: a text stands in single quotes
        ALTER TABLE t ADD c TEXT DEFAULT 'two' 'words'
          => SYNTAX: Syntax error at line 1, column 40: unexpected ''words''
        ALTER TABLE t ADD IF EXISTS c INT
          => SYNTAX: Syntax error at line 1, column 22: unexpected 'EXISTS', expected NOT or a word
        ALTER TABLE t ADD (c INT)
          => SYNTAX: Syntax error at line 1, column 19: unexpected '(', expected a name
        ALTER TABLE t ADD a INT, ADD b INT
          => SYNTAX: Syntax error at line 1, column 24: unexpected ','
        ALTER TABLE t DROP
          => SYNTAX: Syntax error at line 1, column 19: unexpected end of statement, expected a name
        ALTER TABLE t DROP a CASCADES
          => SYNTAX: Syntax error at line 1, column 22: unexpected 'CASCADES'
        ALTER TABLE t DROP COLUMN IF NOT EXISTS a
          => SYNTAX: Syntax error at line 1, column 30: unexpected 'NOT'
        ALTER TABLE t RENAME
          => SYNTAX: Syntax error at line 1, column 21: unexpected end of statement, expected a name or TO
        ALTER TABLE t RENAME TO
          => SYNTAX: Syntax error at line 1, column 24: unexpected end of statement, expected a name
        ALTER TABLE t RENAME TO shop.u
          => SYNTAX: Syntax error at line 1, column 29: unexpected '.'
        ALTER TABLE t RENAME COLUMN a
          => SYNTAX: Syntax error at line 1, column 30: unexpected end of statement, expected TO
        ALTER TABLE t RENAME COLUMN a TO
          => SYNTAX: Syntax error at line 1, column 33: unexpected end of statement, expected a name
        ALTER TABLE t MODIFY
          => SYNTAX: Syntax error at line 1, column 21: unexpected end of statement, expected a name
        ALTER TABLE t MODIFY a
          => SYNTAX: Syntax error at line 1, column 23: unexpected end of statement, expected a type
        ALTER TABLE t MODIFY a NUMERIC
          => UNSUPPORTED: Not supported: type NUMERIC of column 'a' (use INTEGER, BIGINT, FLOAT, REAL, DOUBLE, TEXT, VARCHAR(n), BOOLEAN, DATE, TIMESTAMP or BLOB)
        ALTER TABLE t MODIFY a INT(4)
          => UNSUPPORTED: Not supported: INT(4) of column 'a': only VARCHAR takes a length, and only one
        ALTER TABLE t MODIFY a BIGINT DEFAULT 5
          => SYNTAX: Syntax error at line 1, column 31: unexpected 'DEFAULT'
        ALTER TABLE t MODIFY a BIGINT NOT
          => SYNTAX: Syntax error at line 1, column 34: unexpected end of statement, expected NULL
        ALTER TABLE t MODIFY BLOCK_SIZE
          => SYNTAX: Syntax error at line 1, column 32: unexpected end of statement, expected '=', '-', '+', a word or a number
        ALTER TABLE t MODIFY BLOCK_SIZE 1.5
          => INVALID_BLOCK_SIZE: Invalid block size: 1.5 (must be 1 to 10000)
        ALTER TABLE t MODIFY BLOCK_SIZE 99999999999999999999
          => INVALID_BLOCK_SIZE: Invalid block size: 99999999999999999999 (must be 1 to 10000)
        ALTER TABLE t SET
          => SYNTAX: Syntax error at line 1, column 18: unexpected end of statement, expected BLOCK_SIZE or REPLICAS
        ALTER TABLE t SET REPLICAS
          => SYNTAX: Syntax error at line 1, column 27: unexpected end of statement, expected '=', '-', '+' or a number
        ALTER TABLE t SET REPLICAS 1.5
          => INVALID_REPLICAS: Invalid replicas: 1.5 (must be 1 to 8)
        ALTER TABLE t ALTER COLUMN a
          => SYNTAX: Syntax error at line 1, column 29: unexpected end of statement, expected DROP, SET or TYPE
        ALTER TABLE t ALTER COLUMN a SET
          => SYNTAX: Syntax error at line 1, column 33: unexpected end of statement, expected DATA, DEFAULT or NOT
        ALTER TABLE t ALTER COLUMN a DROP
          => SYNTAX: Syntax error at line 1, column 34: unexpected end of statement, expected DEFAULT or NOT
        ALTER TABLE t ALTER COLUMN a SET DEFAULT now()
          => UNSUPPORTED: Not supported: DEFAULT now() of column 'a': give a constant
        ALTER TABLE t ALTER COLUMN a SET DEFAULT (1 + 1)
          => UNSUPPORTED: Not supported: DEFAULT (1 + 1) of column 'a': give a constant
        ALTER TABLE t ALTER COLUMN a SET NULL
          => SYNTAX: Syntax error at line 1, column 34: unexpected 'NULL', expected DATA, DEFAULT or NOT
        ALTER TABLE t ALTER COLUMN a TYPE
          => SYNTAX: Syntax error at line 1, column 34: unexpected end of statement, expected a type
        ALTER TABLE index RENAME TO u
          => SYNTAX: Syntax error at line 1, column 13: unexpected 'index' (a reserved word: in double quotes it is a name), expected a name
        ALTER VIEW v RENAME TO w
          => SYNTAX: Syntax error at line 1, column 7: unexpected 'VIEW', expected TABLE
        COMMENT
          => SYNTAX: Syntax error at line 1, column 8: unexpected end of statement, expected ON
        COMMENT ON
          => SYNTAX: Syntax error at line 1, column 11: unexpected end of statement, expected COLUMN, INDEX or TABLE
        COMMENT ON VIEW v IS 'x'
          => SYNTAX: Syntax error at line 1, column 12: unexpected 'VIEW', expected COLUMN, INDEX or TABLE
        COMMENT ON TABLE t
          => SYNTAX: Syntax error at line 1, column 19: unexpected end of statement, expected IS
        COMMENT ON TABLE t IS x
          => SYNTAX: Syntax error at line 1, column 23: unexpected 'x', expected NULL or a text in quotes
        COMMENT ON TABLE t IS 5
          => SYNTAX: Syntax error at line 1, column 23: unexpected '5', expected NULL or a text in quotes
        COMMENT ON COLUMN a IS 'x'
          => SYNTAX: Syntax error at line 1, column 21: unexpected 'IS', expected '.'
        COMMENT ON TABLE t 'x'
          => SYNTAX: Syntax error at line 1, column 20: unexpected ''x'', expected IS
        CREATE
          => SYNTAX: Syntax error at line 1, column 7: unexpected end of statement, expected EDGE, INDEX, NAMESPACE, NODE, STREAM, TABLE or UNIQUE
        CREATE x
          => SYNTAX: Syntax error at line 1, column 8: unexpected 'x', expected EDGE, INDEX, NAMESPACE, NODE, STREAM, TABLE or UNIQUE
        CREATE UNIQUE TABLE t (a INT)
          => SYNTAX: Syntax error at line 1, column 15: unexpected 'TABLE', expected INDEX
        CREATE INDEX
          => SYNTAX: Syntax error at line 1, column 13: unexpected end of statement, expected a name
        CREATE INDEX i
          => SYNTAX: Syntax error at line 1, column 15: unexpected end of statement, expected ON
        CREATE INDEX ON t(a)
          => SYNTAX: Syntax error at line 1, column 14: unexpected 'ON' (a reserved word: in double quotes it is a name), expected a name
        CREATE INDEX i ON t
          => SYNTAX: Syntax error at line 1, column 20: unexpected end of statement, expected '('
        CREATE INDEX i ON t()
          => SYNTAX: Syntax error at line 1, column 21: unexpected ')', expected a name
        CREATE INDEX i ON t(lower(a))
          => SYNTAX: Syntax error at line 1, column 26: unexpected '(', expected ',' or ')'
        CREATE INDEX i ON t(a DESC)
          => UNSUPPORTED: Not supported: DESC in an index
        CREATE INDEX i ON t(a COLLATE NOCASE)
          => UNSUPPORTED: Not supported: COLLATE in an index
        CREATE INDEX i ON t(a) WHERE a > 1
          => UNSUPPORTED: Not supported: WHERE in CREATE INDEX
        CREATE INDEX i ON t(a) COMMENT x
          => SYNTAX: Syntax error at line 1, column 32: unexpected 'x', expected a text in quotes
        CREATE INDEX shop.i ON mall.t(a)
          => UNSUPPORTED: Not supported: index 'shop.i' in another namespace than its table 'mall.t'
        DROP INDEX
          => SYNTAX: Syntax error at line 1, column 11: unexpected end of statement, expected a name
        DROP INDEX i ON t
          => SYNTAX: Syntax error at line 1, column 14: unexpected 'ON'
        CREATE NAMESPACE
          => SYNTAX: Syntax error at line 1, column 17: unexpected end of statement, expected a name
        CREATE NAMESPACE a.b
          => SYNTAX: Syntax error at line 1, column 19: unexpected '.'
        DROP NAMESPACE IF NOT EXISTS a
          => SYNTAX: Syntax error at line 1, column 19: unexpected 'NOT'
        DROP NAMESPACE a CASCADE
          => SYNTAX: Syntax error at line 1, column 18: unexpected 'CASCADE'
        CREATE NODE person (name STRING)
          => SYNTAX: Syntax error at line 1, column 13: unexpected 'person', expected TABLE
        CREATE NODE TABLE person
          => SYNTAX: Syntax error at line 1, column 25: unexpected end of statement, expected '(' or AS
        CREATE EDGE TABLE e (FROM a)
          => SYNTAX: Syntax error at line 1, column 28: unexpected ')', expected TO
        CREATE EDGE TABLE e (FROM a TO)
          => SYNTAX: Syntax error at line 1, column 31: unexpected ')', expected a name
        CREATE EDGE TABLE e (a INT)
          => SYNTAX: Syntax error at line 1, column 22: unexpected 'a', expected FROM
        CREATE EDGE TABLE e (FROM a TO b c INT)
          => SYNTAX: Syntax error at line 1, column 34: unexpected 'c', expected ',' or ')'
        CREATE EDGE TABLE e (FROM mall.a TO b)
          => UNSUPPORTED: Not supported: node table 'mall.a' in another namespace than its edge table 'e'
        CREATE EDGE TABLE shop.e (FROM a TO mall.b)
          => UNSUPPORTED: Not supported: node table 'mall.b' in another namespace than its edge table 'shop.e'
        CREATE STREAM TABLE s (id INT PRIMARY KEY) WITH (TTL_SECONDS='x')
          => INVALID_OPTION: Invalid table option TTL_SECONDS: 'x' is no integer
        CREATE STREAM TABLE s (id INT PRIMARY KEY) WITH (TTL_SECONDS=1.5)
          => INVALID_OPTION: Invalid table option TTL_SECONDS: '1.5' is no integer
        CREATE TABLE t (id INT PRIMARY KEY) WITH (BLOCK_SIZE=1.5)
          => INVALID_BLOCK_SIZE: Invalid block size: 1.5 (must be 1 to 10000)
        CREATE TABLE t (id INT PRIMARY KEY) WITH (BLOCK_SIZE=5) /* BLOCK_SIZE=6 */
          => INVALID_OPTION: Invalid table option BLOCK_SIZE: given twice, as 6 and as 5
        CREATE TABLE t (id INT PRIMARY KEY) WITH (REPLICAS='two')
          => INVALID_OPTION: Invalid table option REPLICAS: 'two' is no integer
        CREATE TABLE t (id INT PRIMARY KEY) WITH (REPLICAS=1.5)
          => INVALID_REPLICAS: Invalid replicas: 1.5 (must be 1 to 8)
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT ())
          => SYNTAX: Syntax error at line 1, column 53: unexpected ')'
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT (now()))
          => SYNTAX: Syntax error at line 1, column 53: unexpected 'now'
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT (1, -'x'))
          => SYNTAX: Syntax error at line 1, column 57: unexpected ''x'', expected a number
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT (?))
          => SYNTAX: Syntax error at line 1, column 53: unexpected '?'
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT (NULL))
          => INVALID_OPTION: Invalid table option SPLIT AT: NULL is no value of a shard key: give a constant
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT ((1, CURRENT_TIMESTAMP)))
          => INVALID_OPTION: Invalid table option SPLIT AT: CURRENT_TIMESTAMP is no value of a shard key: give a constant
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT AT (1), SPLIT AT ('it''s', (x'00', 2)))
          => INVALID_OPTION: Invalid table option SPLIT AT: given twice, as [(1)] and as [('it''s'), (x'00', 2)]
        CREATE TABLE t (id INT PRIMARY KEY) WITH (SPLIT=5)
          => INVALID_OPTION: Invalid table option SPLIT: unknown, use SHARDS, PARTITIONS, SHARD KEY, STRATEGY, SPLIT AT, REPLICAS, BLOCK_SIZE or TTL_SECONDS
        PRAGMA reshardTable('t', 2) WITH (SPLIT AT (1))
          => SYNTAX: Syntax error at line 1, column 44: unexpected '(', expected '='
        VERIFY TABLE t AGAINST
          => SYNTAX: Syntax error at line 1, column 23: unexpected end of statement, expected LOG
        CREATE TABLE t (id INT PRIMARY KEY) COMMENT 'a' COMMENT 'b'
          => SYNTAX: Syntax error at line 1, column 49: a second COMMENT
        CREATE TABLE t (id INT PRIMARY KEY) COMMENT
          => SYNTAX: Syntax error at line 1, column 44: unexpected end of statement, expected a text in quotes
        DROP NODE person
          => SYNTAX: Syntax error at line 1, column 11: unexpected 'person', expected TABLE
        SHOW
          => SYNTAX: Syntax error at line 1, column 5: unexpected end of statement, expected DDL, INDEXES, LIVE, NAMESPACES, NODES, PENDING, RESHARD, RESHARDS, SHARDS or TABLES
        SHOW FOO
          => SYNTAX: Syntax error at line 1, column 6: unexpected 'FOO', expected DDL, INDEXES, LIVE, NAMESPACES, NODES, PENDING, RESHARD, RESHARDS, SHARDS or TABLES
        SHOW TABLES shop
          => SYNTAX: Syntax error at line 1, column 13: unexpected 'shop'
        SHOW TABLES IN
          => SYNTAX: Syntax error at line 1, column 15: unexpected end of statement, expected a name
        SHOW INDEXES
          => SYNTAX: Syntax error at line 1, column 13: unexpected end of statement, expected FROM or IN
        SHOW INDEXES t
          => SYNTAX: Syntax error at line 1, column 14: unexpected 't', expected FROM or IN
        SHOW DDL a b
          => SYNTAX: Syntax error at line 1, column 10: an id with blanks in it stands in quotes: 'a b'
        SHOW PENDING
          => SYNTAX: Syntax error at line 1, column 13: unexpected end of statement, expected DDL
        SHOW LIVE
          => SYNTAX: Syntax error at line 1, column 10: unexpected end of statement, expected QUERIES
        KILL
          => SYNTAX: Syntax error at line 1, column 5: unexpected end of statement, expected LIVE
        KILL LIVE QUERY
          => SYNTAX: Syntax error at line 1, column 16: unexpected end of statement, expected an id
        KILL LIVE QUERY ?
          => SYNTAX: Syntax error at line 1, column 17: unexpected '?', expected an id
        DESCRIBE t HISTORIES
          => SYNTAX: Syntax error at line 1, column 12: unexpected 'HISTORIES'
        DESCRIBE t HISTORY 3
          => SYNTAX: Syntax error at line 1, column 20: unexpected '3'
        SUBSCRIBE
          => SYNTAX: Syntax error at line 1, column 10: unexpected end of statement, expected TO
        SUBSCRIBE TO t
          => SYNTAX: Syntax error at line 1, column 14: unexpected 't', expected SELECT, VALUES or WITH
        SUBSCRIBE TO SELECT
          => SYNTAX: Syntax error at line 1, column 20: unexpected end of statement, expected an expression, '*', ALL or DISTINCT
        SUBSCRIBE TO SELECT a FROM t WHERE
          => SYNTAX: Syntax error at line 1, column 35: unexpected end of statement, expected an expression
        SUBSCRIBE TO DELETE FROM t
          => SYNTAX: Syntax error at line 1, column 14: unexpected 'DELETE', expected SELECT, VALUES or WITH
        SUBSCRIBE TO SELECT * FROM TABLE_STATS('t')
          => UNSUPPORTED: Not supported: TABLE_STATS in any other form than SELECT * FROM TABLE_STATS('table')
        """);
  }

  @ParameterizedTest
  @MethodSource("wrongForms")
  void a_wrong_form_is_refused_with_this_error(Example example) {
    ShardstreamException error =
        catchThrowableOfType(
            ShardstreamException.class, () -> SqlParser.parseScript(example.sql()));
    assertThat(error).isNotNull();
    assertThat(error.code() + ": " + error.getMessage()).isEqualTo(example.expected());
  }
}
