package dev.shardstream.producer.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements and their whole trees, as {@link Printed} shows them: {@code -} is null. */
class StatementTreesTest {
  static List<Example> definitions() {
    return Example.table(
        """
        CREATE TABLE t (id INT PRIMARY KEY)
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('id' INTEGER - true - SourcePosition(1 17))] ['id'] [] - - TableOptions(- - - - - - - -) -)
        CREATE TABLE IF NOT EXISTS shop.users (id BIGINT NOT NULL, Name VARCHAR(20) NULL DEFAULT 'it''s', age integer, PRIMARY KEY (id)) /* SHARDS=4 */
          => CreateTable(QualifiedName('shop' 'users') true REGULAR [ColumnDefinition('id' BIGINT - false - SourcePosition(1 40)), ColumnDefinition('Name' VARCHAR 20 true 'it's' SourcePosition(1 60)), ColumnDefinition('age' INTEGER - true - SourcePosition(1 99))] ['id'] [] - - TableOptions(4 - - - - - - -) -)
        CREATE TABLE t /* shards = 8, partitions = 16 */ (a INT, b TEXT, PRIMARY KEY (a, b), UNIQUE (b, a)) WITH (SHARD KEY=(a, b), STRATEGY='hash')
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('a' INTEGER - true - SourcePosition(1 51)), ColumnDefinition('b' TEXT - true - SourcePosition(1 58))] ['a', 'b'] [['b', 'a']] - - TableOptions(8 16 ['a', 'b'] 'hash' - - - -) -)
        CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE) WITH (SHARDS=0, SHARD KEY=a, STRATEGY=range)
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('a' INTEGER - true - SourcePosition(1 17)), ColumnDefinition('b' INTEGER - true - SourcePosition(1 36))] ['a'] [['b']] - - TableOptions(0 - ['a'] 'range' - - - -) -)
        CREATE TABLE t (a INT PRIMARY KEY) /* SHARDS=-1 */ /* just a comment with SHARDS=9 */ -- SHARDS=7
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('a' INTEGER - true - SourcePosition(1 17))] ['a'] [] - - TableOptions(-1 - - - - - - -) -)
        CREATE TABLE /* SHARDS=3 */ t (a INT PRIMARY KEY /* the key */, b INT) WITH (SHARDS=257) /* SHARDS=257 */
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('a' INTEGER - true - SourcePosition(1 32)), ColumnDefinition('b' INTEGER - true - SourcePosition(1 65))] ['a'] [] - - TableOptions(257 - - - - - - -) -)
        CREATE TABLE t (a INT, b BIGINT, c FLOAT, d REAL, e DOUBLE, f double precision, g TEXT, h VARCHAR, i BOOLEAN, j DATE, k TIMESTAMP, l BLOB)
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('a' INTEGER - true - SourcePosition(1 17)), ColumnDefinition('b' BIGINT - true - SourcePosition(1 24)), ColumnDefinition('c' FLOAT - true - SourcePosition(1 34)), ColumnDefinition('d' DOUBLE - true - SourcePosition(1 43)), ColumnDefinition('e' DOUBLE - true - SourcePosition(1 51)), ColumnDefinition('f' DOUBLE - true - SourcePosition(1 61)), ColumnDefinition('g' TEXT - true - SourcePosition(1 81)), ColumnDefinition('h' VARCHAR - true - SourcePosition(1 89)), ColumnDefinition('i' BOOLEAN - true - SourcePosition(1 100)), ColumnDefinition('j' DATE - true - SourcePosition(1 111)), ColumnDefinition('k' TIMESTAMP - true - SourcePosition(1 119)), ColumnDefinition('l' BLOB - true - SourcePosition(1 132))] [] [] - - TableOptions(- - - - - - - -) -)
        CREATE TABLE history (key INT PRIMARY KEY, date DATE, timestamp TIMESTAMP, text TEXT, shards INT, strategy TEXT, tables TEXT)
          => CreateTable(QualifiedName(- 'history') false REGULAR [ColumnDefinition('key' INTEGER - true - SourcePosition(1 23)), ColumnDefinition('date' DATE - true - SourcePosition(1 44)), ColumnDefinition('timestamp' TIMESTAMP - true - SourcePosition(1 55)), ColumnDefinition('text' TEXT - true - SourcePosition(1 76)), ColumnDefinition('shards' INTEGER - true - SourcePosition(1 87)), ColumnDefinition('strategy' TEXT - true - SourcePosition(1 99)), ColumnDefinition('tables' TEXT - true - SourcePosition(1 114))] ['key'] [] - - TableOptions(- - - - - - - -) -)
        CREATE TABLE "my table" ("a b" INT, `c``d` TEXT, [e f] BLOB, "g""h" INT)
          => CreateTable(QualifiedName(- 'my table') false REGULAR [ColumnDefinition('a b' INTEGER - true - SourcePosition(1 26)), ColumnDefinition('c`d' TEXT - true - SourcePosition(1 37)), ColumnDefinition('e f' BLOB - true - SourcePosition(1 50)), ColumnDefinition('g"h' INTEGER - true - SourcePosition(1 62))] [] [] - - TableOptions(- - - - - - - -) -)
        CREATE TABLE t (a INT DEFAULT -5, b INT DEFAULT +5, c BIGINT DEFAULT -9223372036854775808, d REAL DEFAULT -1.5e3, e TEXT DEFAULT NULL, f BOOLEAN DEFAULT TRUE, g BLOB DEFAULT x'00fF', h TIMESTAMP DEFAULT CURRENT_TIMESTAMP, i DATE DEFAULT (CURRENT_DATE), j INT DEFAULT (7), k TEXT DEFAULT '')
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('a' INTEGER - true -5 SourcePosition(1 17)), ColumnDefinition('b' INTEGER - true 5 SourcePosition(1 35)), ColumnDefinition('c' BIGINT - true -9223372036854775808 SourcePosition(1 53)), ColumnDefinition('d' DOUBLE - true -1500.0 SourcePosition(1 92)), ColumnDefinition('e' TEXT - true NULL SourcePosition(1 115)), ColumnDefinition('f' BOOLEAN - true 1 SourcePosition(1 136)), ColumnDefinition('g' BLOB - true x'00ff' SourcePosition(1 160)), ColumnDefinition('h' TIMESTAMP - true CurrentTime(TIMESTAMP) SourcePosition(1 184)), ColumnDefinition('i' DATE - true CurrentTime(DATE) SourcePosition(1 223)), ColumnDefinition('j' INTEGER - true 7 SourcePosition(1 254)), ColumnDefinition('k' TEXT - true '' SourcePosition(1 273))] [] [] - - TableOptions(- - - - - - - -) -)
        CREATE TABLE t (a INT CONSTRAINT pk PRIMARY KEY ASC, CONSTRAINT u UNIQUE (a)) WITHOUT ROWID, STRICT
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('a' INTEGER - true - SourcePosition(1 17))] ['a'] [['a']] - - TableOptions(- - - - - - - -) -)
        CREATE TABLE t(A INT,b INT,PRIMARY KEY(A,b))WITH(SHARD KEY=(a))/*STRATEGY='hash',SHARDS=2*/
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('A' INTEGER - true - SourcePosition(1 16)), ColumnDefinition('b' INTEGER - true - SourcePosition(1 22))] ['A', 'b'] [] - - TableOptions(2 - ['a'] 'hash' - - - -) -)
        DROP TABLE users
          => DropTable(QualifiedName(- 'users') false false -)
        drop table if exists shop.users;
          => DropTable(QualifiedName('shop' 'users') true false -)
        SHOW TABLES
          => ShowTables(-)
        SHOW RESHARDS
          => ShowReshards(-)
        DESCRIBE users
          => DescribeTable(QualifiedName(- 'users') false)
        DESC TABLE shop.history
          => DescribeTable(QualifiedName('shop' 'history') false)
        DESCRIBE history
          => DescribeTable(QualifiedName(- 'history') false)
        SELECT * FROM TABLE_STATS('shop.users')
          => ShowTableStats(QualifiedName('shop' 'users'))
        select * from table_stats(users)
          => ShowTableStats(QualifiedName(- 'users'))
        PRAGMA reshardTable('users', 8)
          => ReshardTable(QualifiedName(- 'users') 8 ReshardClauses(- - false false) false)
        PRAGMA RESHARDTABLE(shop.users, 0)
          => ReshardTable(QualifiedName('shop' 'users') 0 ReshardClauses(- - false false) false)
        PRAGMA reshardTable("users", -1)
          => ReshardTable(QualifiedName(- 'users') -1 ReshardClauses(- - false false) false)
        PRAGMA reshardTable('users', 8) WITH (ROWS_PER_SECOND = 1000, grace_seconds = 60, CUTOVER = 'manual') ON MISMATCH repair
          => ReshardTable(QualifiedName(- 'users') 8 ReshardClauses(1000 60 true true) false)
        PRAGMA reshardTable(users, 8) ON MISMATCH FAIL WITH (CUTOVER = auto, ROWS_PER_SECOND = -1)
          => ReshardTable(QualifiedName(- 'users') 8 ReshardClauses(-1 - false false) false)
        EXPLAIN PRAGMA reshardTable('users', 8) WITH (ROWS_PER_SECOND = 0)
          => ReshardTable(QualifiedName(- 'users') 8 ReshardClauses(0 - false false) true)
        PRAGMA pauseReshard('default-r1')
          => ControlReshard(- 'default-r1' PAUSE)
        pragma RESUMERESHARD(r1)
          => ControlReshard(- 'r1' RESUME)
        PRAGMA shop.switchReshard("shop-r1")
          => ControlReshard('shop' 'shop-r1' SWITCH)
        PRAGMA cancelReshard('r1')
          => ControlReshard(- 'r1' CANCEL)
        PRAGMA rollbackReshard('r1')
          => ControlReshard(- 'r1' ROLLBACK)
        PRAGMA completeReshard('r1')
          => ControlReshard(- 'r1' COMPLETE)
        PRAGMA retryReshard('r1')
          => ControlReshard(- 'r1' RETRY)
        PRAGMA throttleReshard('r1', 1000)
          => ThrottleReshard(- 'r1' 1000 -)
        PRAGMA shop.throttleReshard('r1', 0, 60)
          => ThrottleReshard('shop' 'r1' 0 60)
        MOVE SHARD users 3 TO node-2
          => MoveShard(QualifiedName(- 'users') 3 'node-2')
        MOVE SHARD 'shop.users' 3 TO 'node 2'
          => MoveShard(QualifiedName('shop' 'users') 3 'node 2')
        move shard shop.move -1 to "n"
          => MoveShard(QualifiedName('shop' 'move') -1 'n')
        DRAIN NODE 'node-1'
          => DrainNode('node-1')
        DRAIN NODE 4e5-7a
          => DrainNode('4e5-7a')
        UNDRAIN NODE node
          => UndrainNode('node')
        REBALANCE
          => Rebalance(-)
        REBALANCE TABLE shop.users
          => Rebalance(QualifiedName('shop' 'users'))
        VERIFY TABLE 'users' AGAINST LOG
          => VerifyTable(QualifiedName(- 'users') true)
        SHOW RESHARDS LIKE 'default-r%'
          => ShowReshards('default-r%')
        SHOW RESHARD default-r12
          => ShowReshard('default-r12')
        SHOW RESHARD default-r7.12
          => ShowReshard('default-r7.12')
        SHOW RESHARD 'r1'
          => ShowReshard('r1')
        SHOW NODES
          => ShowNodes()
        SHOW SHARDS FROM shop.users
          => ShowShards(QualifiedName('shop' 'users'))
        SHOW SHARDS IN users
          => ShowShards(QualifiedName(- 'users'))
        CREATE TABLE log (move INT PRIMARY KEY, shard INT, shards INT, nodes INT, reshard INT, drain INT, undrain INT, verify INT, against INT, mismatch INT, rebalance INT, explain INT)
          => CreateTable(QualifiedName(- 'log') false REGULAR [ColumnDefinition('move' INTEGER - true - SourcePosition(1 19)), ColumnDefinition('shard' INTEGER - true - SourcePosition(1 41)), ColumnDefinition('shards' INTEGER - true - SourcePosition(1 52)), ColumnDefinition('nodes' INTEGER - true - SourcePosition(1 64)), ColumnDefinition('reshard' INTEGER - true - SourcePosition(1 75)), ColumnDefinition('drain' INTEGER - true - SourcePosition(1 88)), ColumnDefinition('undrain' INTEGER - true - SourcePosition(1 99)), ColumnDefinition('verify' INTEGER - true - SourcePosition(1 112)), ColumnDefinition('against' INTEGER - true - SourcePosition(1 124)), ColumnDefinition('mismatch' INTEGER - true - SourcePosition(1 137)), ColumnDefinition('rebalance' INTEGER - true - SourcePosition(1 151)), ColumnDefinition('explain' INTEGER - true - SourcePosition(1 166))] ['move'] [] - - TableOptions(- - - - - - - -) -)
        """);
  }

  static List<Example> changes() {
    return Example.table(
        """
        INSERT INTO t VALUES (1, 'a', NULL)
          => Insert(QualifiedName(- 't') false [] [[1, 'a', NULL]] [])
        INSERT INTO t (a, b) VALUES (?, ?), (-1, x'0a'), (1 + 2, upper('x'))
          => Insert(QualifiedName(- 't') false ['a', 'b'] [[Parameter(1), Parameter(2)], [-1, x'0a'], [Binary(ADD 1 2), FunctionCall('upper' false false ['x'] false - false)]] [ParameterRef(1 29 30), ParameterRef(2 32 33)])
        INSERT OR REPLACE INTO t VALUES (1)
          => Insert(QualifiedName(- 't') true [] [[1]] [])
        REPLACE INTO t (a) VALUES (TRUE)
          => Insert(QualifiedName(- 't') true ['a'] [[1]] [])
        UPSERT INTO shop.t (a) VALUES (CURRENT_TIMESTAMP)
          => Insert(QualifiedName('shop' 't') true ['a'] [[CurrentTime(TIMESTAMP)]] [])
        UPDATE t SET a = a + 1, b = ? WHERE id = ? AND c IN (1, 2)
          => Update(QualifiedName(- 't') - [Assignment('a' Binary(ADD ColumnRef(- - 'a') 1)), Assignment('b' Parameter(1))] Binary(AND Binary(EQUAL ColumnRef(- - 'id') Parameter(2)) InList(ColumnRef(- - 'c') [1, 2] false)) [ParameterRef(1 28 29), ParameterRef(2 41 42)])
        UPDATE t AS x SET a = CASE WHEN x.b IS NULL THEN 0 ELSE x.b END
          => Update(QualifiedName(- 't') 'x' [Assignment('a' Case(- [When(IsNull(ColumnRef(- 'x' 'b') false) 0)] ColumnRef(- 'x' 'b')))] - [])
        DELETE FROM t AS x WHERE a IN (1, 2) + 1 AND b ISNULL || 'x' COLLATE NOCASE = 2
          => Delete(QualifiedName(- 't') 'x' Binary(AND Binary(ADD InList(ColumnRef(- - 'a') [1, 2] false) 1) Binary(EQUAL Binary(CONCAT IsNull(ColumnRef(- - 'b') false) Collate('x' 'NOCASE')) 2)) [])
        DELETE FROM t
          => Delete(QualifiedName(- 't') - - [])
        DELETE FROM t WHERE NOT a BETWEEN 1 AND 2 OR b LIKE 'x%' ESCAPE '!'
          => Delete(QualifiedName(- 't') - Binary(OR Unary(NOT Between(ColumnRef(- - 'a') 1 2 false)) Like(LIKE ColumnRef(- - 'b') 'x%' '!' false)) [])
        DELETE FROM t WHERE a = (SELECT 1) AND EXISTS (SELECT 2) AND b IN (SELECT 3)
          => Delete(QualifiedName(- 't') - Binary(AND Binary(AND Binary(EQUAL ColumnRef(- - 'a') Subquery(-)) Subquery(-)) Subquery(ColumnRef(- - 'b'))) [])
        DELETE FROM t WHERE a IS NOT NULL AND b NOTNULL AND c IS NOT TRUE AND d IS 3 AND e IS NOT DISTINCT FROM f
          => Delete(QualifiedName(- 't') - Binary(AND Binary(AND Binary(AND Binary(AND IsNull(ColumnRef(- - 'a') true) IsNull(ColumnRef(- - 'b') true)) IsTruth(ColumnRef(- - 'c') true true)) Binary(IS ColumnRef(- - 'd') 3)) Binary(IS ColumnRef(- - 'e') ColumnRef(- - 'f'))) [])
        INSERT INTO t (a) VALUES (cast(? AS TEXT)), (a IN ()), (-(5)), (- 5), (1.0), (0x10), ('a' || 'b')
          => Insert(QualifiedName(- 't') false ['a'] [[Cast(Parameter(1) 'TEXT')], [InList(ColumnRef(- - 'a') [] false)], [Unary(MINUS 5)], [-5], [1.0], [16], [Binary(CONCAT 'a' 'b')]] [ParameterRef(1 31 32)])
        """);
  }

  /** The text of a SELECT, which comes first, is left out. */
  static List<Example> selects() {
    return Example.table(
        """
        SELECT * FROM users
          => SelectStatement(… [TableRef(QualifiedName(- 'users') - 14 19 false true [])] [] [] SimpleSelect(TableRef(QualifiedName(- 'users') - 14 19 false true []) false [Star(-)] - [] - [] - - false))
        SELECT DISTINCT u.*, count(*) n, max(age) AS "m m" FROM shop.users u WHERE u.id = ? AND (city = 'x' OR age > 3) AND name COLLATE NOCASE = ?1 GROUP BY city, 2 HAVING n > 1 ORDER BY 1 DESC NULLS LAST, city COLLATE NOCASE LIMIT 10 OFFSET ?
          => SelectStatement(… [TableRef(QualifiedName('shop' 'users') 'u' 56 66 false true ['age', 'city', 'id', 'n', 'name'])] [ParameterRef(1 82 83), ParameterRef(1 138 140), ParameterRef(2 235 236)] [] SimpleSelect(TableRef(QualifiedName('shop' 'users') 'u' 56 66 false true ['age', 'city', 'id', 'n', 'name']) true [Star('u'), ExprItem(FunctionCall('count' false true [] false - false) 'n'), ExprItem(FunctionCall('max' false false [ColumnRef(- - 'age')] false - false) 'm m')] Binary(AND Binary(AND Binary(EQUAL ColumnRef(- 'u' 'id') Parameter(1)) Binary(OR Binary(EQUAL ColumnRef(- - 'city') 'x') Binary(GREATER ColumnRef(- - 'age') 3))) Binary(EQUAL Collate(ColumnRef(- - 'name') 'NOCASE') Parameter(1))) [ColumnRef(- - 'city'), 2] Binary(GREATER ColumnRef(- - 'n') 1) [OrderItem(1 true LAST), OrderItem(Collate(ColumnRef(- - 'city') 'NOCASE') false DEFAULT)] 10 Parameter(2) false))
        SELECT id FROM users LIMIT 5, 10
          => SelectStatement(… [TableRef(QualifiedName(- 'users') - 15 20 false false ['id'])] [] [] SimpleSelect(TableRef(QualifiedName(- 'users') - 15 20 false false ['id']) false [ExprItem(ColumnRef(- - 'id') -)] - [] - [] 10 5 false))
        SELECT id, rank() OVER (ORDER BY age) FROM users
          => SelectStatement(… [TableRef(QualifiedName(- 'users') - 43 48 false false ['age', 'id'])] [] [] SimpleSelect(TableRef(QualifiedName(- 'users') - 43 48 false false ['age', 'id']) false [ExprItem(ColumnRef(- - 'id') -), ExprItem(FunctionCall('rank' false false [] false - true) -)] - [] - [] - - true))
        SELECT a FROM t, u
          => SelectStatement(… [TableRef(QualifiedName(- 't') - 14 15 false false ['a']), TableRef(QualifiedName(- 'u') - 17 18 false false ['a'])] [] [] -)
        VALUES (1)
          => SelectStatement(… [] [] [] -)
        SELECT t.a, shop.t.b FROM shop.t WHERE a NOT IN (1) AND b NOT LIKE 'x' AND c IS (FALSE) AND (a, b) = (1, 2)
          => SelectStatement(… [TableRef(QualifiedName('shop' 't') - 26 32 false false ['a', 'b', 'c'])] [] [SourceText('shop.' 12)] SimpleSelect(TableRef(QualifiedName('shop' 't') - 26 32 false false ['a', 'b', 'c']) false [ExprItem(ColumnRef(- 't' 'a') -), ExprItem(ColumnRef('shop' 't' 'b') -)] Binary(AND Binary(AND Binary(AND InList(ColumnRef(- - 'a') [1] true) Like(LIKE ColumnRef(- - 'b') 'x' - true)) IsTruth(ColumnRef(- - 'c') false false)) Binary(EQUAL RowValue([ColumnRef(- - 'a'), ColumnRef(- - 'b')]) RowValue([1, 2]))) [] - [] - - false))
        SELECT :a, ?, :a, ?7, ?, $b
          => SelectStatement(… [] [ParameterRef(1 7 9), ParameterRef(2 11 12), ParameterRef(1 14 16), ParameterRef(7 18 20), ParameterRef(8 22 23), ParameterRef(9 25 27)] [] -)
        SELECT a FROM t WHERE a IN (SELECT b FROM t)
          => SelectStatement(… [TableRef(QualifiedName(- 't') - 14 15 false false ['a', 'b']), TableRef(QualifiedName(- 't') - 42 43 false false ['a', 'b'])] [] [] -)
        SELECT a FROM t UNION SELECT a FROM t
          => SelectStatement(… [TableRef(QualifiedName(- 't') - 14 15 false false ['a']), TableRef(QualifiedName(- 't') - 36 37 false false ['a'])] [] [] -)
        SELECT a FROM (SELECT a FROM t)
          => SelectStatement(… [TableRef(QualifiedName(- 't') - 29 30 false false ['a'])] [] [] -)
        SELECT sum(a) FILTER (WHERE b > 1), group_concat(DISTINCT c), total(a ORDER BY b), min(a, b) FROM t AS x
          => SelectStatement(… [TableRef(QualifiedName(- 't') 'x' 98 99 false false ['a', 'b', 'c'])] [] [] SimpleSelect(TableRef(QualifiedName(- 't') 'x' 98 99 false false ['a', 'b', 'c']) false [ExprItem(FunctionCall('sum' false false [ColumnRef(- - 'a')] false Binary(GREATER ColumnRef(- - 'b') 1) false) -), ExprItem(FunctionCall('group_concat' true false [ColumnRef(- - 'c')] false - false) -), ExprItem(FunctionCall('total' false false [ColumnRef(- - 'a')] true - false) -), ExprItem(FunctionCall('min' false false [ColumnRef(- - 'a'), ColumnRef(- - 'b')] false - false) -)] - [] - [] - - false))
        SELECT a FROM t NATURAL JOIN u JOIN v USING (k) WHERE 1 IN w
          => SelectStatement(… [TableRef(QualifiedName(- 't') - 14 15 false true ['a', 'k']), TableRef(QualifiedName(- 'u') - 29 30 false true ['a', 'k']), TableRef(QualifiedName(- 'v') - 36 37 false true ['a', 'k']), TableRef(QualifiedName(- 'w') - 59 60 true true ['a', 'k'])] [] [] -)
        """);
  }

  @ParameterizedTest
  @MethodSource({"definitions", "changes"})
  void a_statement_becomes_this_tree(Example example) {
    assertThat(Printed.of(SqlParser.parse(example.sql()))).isEqualTo(example.expected());
  }

  @ParameterizedTest
  @MethodSource("selects")
  void a_select_becomes_this_tree_and_keeps_its_text(Example example) {
    String tree = Printed.of(SqlParser.parse(example.sql()));
    assertThat(tree)
        .isEqualTo(
            example
                .expected()
                .replace("SelectStatement(… ", "SelectStatement('" + example.sql() + "' "));
  }
}
