package dev.shardstream.producer.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of what changes or shows a definition, and its whole tree: {@code -} is null. */
class DefinitionTreesTest {
  static List<Example> forms() {
    return Example.table(
        """
        ALTER TABLE t ADD COLUMN note TEXT DEFAULT 'two words'
          => AlterTable(QualifiedName(- 't') false AddColumn(ColumnDefinition('note' TEXT - true 'two words' SourcePosition(1 26)) false))
        alter table if exists shop.t add if not exists Note varchar(20) not null default ''
          => AlterTable(QualifiedName('shop' 't') true AddColumn(ColumnDefinition('Note' VARCHAR 20 false '' SourcePosition(1 48)) true))
        ALTER TABLE t ADD column INT
          => AlterTable(QualifiedName(- 't') false AddColumn(ColumnDefinition('column' INTEGER - true - SourcePosition(1 19)) false))
        ALTER TABLE t ADD COLUMN index2 BOOL DEFAULT TRUE NULL
          => AlterTable(QualifiedName(- 't') false AddColumn(ColumnDefinition('index2' BOOLEAN - true 1 SourcePosition(1 26)) false))
        ALTER TABLE t ADD at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
          => AlterTable(QualifiedName(- 't') false AddColumn(ColumnDefinition('at' TIMESTAMP - true CurrentTime(TIMESTAMP) SourcePosition(1 19)) false))
        ALTER TABLE t DROP COLUMN a
          => AlterTable(QualifiedName(- 't') false DropColumn('a' false false))
        ALTER TABLE t DROP IF EXISTS a CASCADE
          => AlterTable(QualifiedName(- 't') false DropColumn('a' true true))
        ALTER TABLE t DROP a RESTRICT
          => AlterTable(QualifiedName(- 't') false DropColumn('a' false false))
        ALTER TABLE t DROP COLUMN cascade
          => AlterTable(QualifiedName(- 't') false DropColumn('cascade' false false))
        ALTER TABLE t RENAME COLUMN a TO b
          => AlterTable(QualifiedName(- 't') false RenameColumn('a' 'b' false))
        ALTER TABLE t RENAME COLUMN IF EXISTS a TO "b c"
          => AlterTable(QualifiedName(- 't') false RenameColumn('a' 'b c' true))
        ALTER TABLE t RENAME a TO b
          => AlterTable(QualifiedName(- 't') false RenameColumn('a' 'b' false))
        ALTER TABLE t RENAME column TO history
          => AlterTable(QualifiedName(- 't') false RenameColumn('column' 'history' false))
        ALTER TABLE t RENAME TO u
          => AlterTable(QualifiedName(- 't') false RenameTable('u'))
        ALTER TABLE shop.t RENAME TO history
          => AlterTable(QualifiedName('shop' 't') false RenameTable('history'))
        ALTER TABLE t MODIFY COLUMN a BIGINT
          => AlterTable(QualifiedName(- 't') false AlterColumnType('a' false BIGINT - false))
        ALTER TABLE t MODIFY IF EXISTS a VARCHAR(30) NOT NULL
          => AlterTable(QualifiedName(- 't') false AlterColumnType('a' true VARCHAR 30 true))
        ALTER TABLE t MODIFY block_size BIGINT
          => AlterTable(QualifiedName(- 't') false AlterColumnType('block_size' false BIGINT - false))
        ALTER TABLE t MODIFY type DOUBLE PRECISION
          => AlterTable(QualifiedName(- 't') false AlterColumnType('type' false DOUBLE - false))
        ALTER TABLE t ALTER COLUMN a TYPE INT64
          => AlterTable(QualifiedName(- 't') false AlterColumnType('a' false BIGINT - false))
        ALTER TABLE t ALTER a SET DATA TYPE STRING
          => AlterTable(QualifiedName(- 't') false AlterColumnType('a' false TEXT - false))
        ALTER TABLE t ALTER COLUMN IF EXISTS type TYPE TEXT
          => AlterTable(QualifiedName(- 't') false AlterColumnType('type' true TEXT - false))
        ALTER TABLE t ALTER COLUMN a SET DEFAULT -5
          => AlterTable(QualifiedName(- 't') false AlterColumnDefault('a' false -5))
        ALTER TABLE t ALTER a SET DEFAULT 'it''s two'
          => AlterTable(QualifiedName(- 't') false AlterColumnDefault('a' false 'it's two'))
        ALTER TABLE t ALTER a SET DEFAULT NULL
          => AlterTable(QualifiedName(- 't') false AlterColumnDefault('a' false NULL))
        ALTER TABLE t ALTER COLUMN IF EXISTS a DROP DEFAULT
          => AlterTable(QualifiedName(- 't') false AlterColumnDefault('a' true -))
        ALTER TABLE t ALTER a SET NOT NULL
          => AlterTable(QualifiedName(- 't') false AlterColumnNullability('a' false false))
        ALTER TABLE t ALTER COLUMN a DROP NOT NULL
          => AlterTable(QualifiedName(- 't') false AlterColumnNullability('a' false true))
        ALTER TABLE t MODIFY BLOCK_SIZE 100
          => AlterTable(QualifiedName(- 't') false SetBlockSize(100))
        ALTER TABLE t SET BLOCK_SIZE = 0
          => AlterTable(QualifiedName(- 't') false SetBlockSize(0))
        ALTER TABLE t SET REPLICAS 2
          => AlterTable(QualifiedName(- 't') false SetReplicas(2))
        alter table if exists shop.t set replicas = -1
          => AlterTable(QualifiedName('shop' 't') true SetReplicas(-1))
        VERIFY TABLE shop.t
          => VerifyTable(QualifiedName('shop' 't') false)
        VERIFY TABLE t AGAINST LOG
          => VerifyTable(QualifiedName(- 't') true)
        COMMENT ON TABLE shop.t IS 'it''s a table'
          => AlterTable(QualifiedName('shop' 't') false CommentOnTable('it's a table'))
        COMMENT ON TABLE t IS NULL
          => AlterTable(QualifiedName(- 't') false CommentOnTable(-))
        COMMENT ON COLUMN t.a IS 'x'
          => AlterTable(QualifiedName(- 't') false CommentOnColumn('a' 'x'))
        COMMENT ON COLUMN shop."my table".comment IS ''
          => AlterTable(QualifiedName('shop' 'my table') false CommentOnColumn('comment' ''))
        COMMENT ON INDEX shop.i IS 'x'
          => CommentOnIndex(QualifiedName('shop' 'i') 'x')
        COMMENT ON INDEX i IS NULL
          => CommentOnIndex(QualifiedName(- 'i') -)
        CREATE INDEX i ON t(a)
          => CreateIndex(QualifiedName(- 't') 'i' false ['a'] false -)
        CREATE UNIQUE INDEX IF NOT EXISTS i ON shop.t (a, "b c" ASC) COMMENT 'two words'
          => CreateIndex(QualifiedName('shop' 't') 'i' true ['a', 'b c'] true 'two words')
        CREATE INDEX Shop.i ON shop.t(a)
          => CreateIndex(QualifiedName('Shop' 't') 'i' false ['a'] false -)
        CREATE INDEX shop.i ON t(a)
          => CreateIndex(QualifiedName('shop' 't') 'i' false ['a'] false -)
        DROP INDEX i
          => DropIndex(QualifiedName(- 'i') false)
        drop index if exists shop.i
          => DropIndex(QualifiedName('shop' 'i') true)
        CREATE NAMESPACE shop
          => CreateNamespace('shop' false)
        CREATE NAMESPACE IF NOT EXISTS "Shop"
          => CreateNamespace('Shop' true)
        DROP NAMESPACE shop
          => DropNamespace('shop' false)
        DROP NAMESPACE IF EXISTS namespace
          => DropNamespace('namespace' true)
        CREATE NODE TABLE person (name STRING, age INT32 DEFAULT 1, PRIMARY KEY (name)) WITH (SHARDS=2)
          => CreateTable(QualifiedName(- 'person') false NODE [ColumnDefinition('name' TEXT - true - SourcePosition(1 27)), ColumnDefinition('age' INTEGER - true 1 SourcePosition(1 40))] ['name'] [] - - TableOptions(2 - - - - - - -) -)
        CREATE NODE TABLE IF NOT EXISTS shop.node (id INT64 PRIMARY KEY, a FLOAT32, b FLOAT64, c BOOL, d BYTES)
          => CreateTable(QualifiedName('shop' 'node') true NODE [ColumnDefinition('id' BIGINT - true - SourcePosition(1 44)), ColumnDefinition('a' FLOAT - true - SourcePosition(1 66)), ColumnDefinition('b' DOUBLE - true - SourcePosition(1 77)), ColumnDefinition('c' BOOLEAN - true - SourcePosition(1 88)), ColumnDefinition('d' BLOB - true - SourcePosition(1 96))] ['id'] [] - - TableOptions(- - - - - - - -) -)
        CREATE EDGE TABLE knows (FROM person TO person)
          => CreateTable(QualifiedName(- 'knows') false EDGE [] [] [] 'person' 'person' TableOptions(- - - - - - - -) -)
        CREATE EDGE TABLE IF NOT EXISTS shop.edge (FROM shop.person TO city, since DATE NOT NULL, PRIMARY KEY (_from, _to, since)) WITH (SHARDS=4, BLOCK_SIZE=50) COMMENT 'who lives where'
          => CreateTable(QualifiedName('shop' 'edge') true EDGE [ColumnDefinition('since' DATE - false - SourcePosition(1 70))] ['_from', '_to', 'since'] [] 'person' 'city' TableOptions(4 - - - 50 - - -) 'who lives where')
        CREATE STREAM TABLE clicks (id BIGINT PRIMARY KEY, what TEXT) WITH (TTL_SECONDS=3600)
          => CreateTable(QualifiedName(- 'clicks') false STREAM [ColumnDefinition('id' BIGINT - true - SourcePosition(1 29)), ColumnDefinition('what' TEXT - true - SourcePosition(1 52))] ['id'] [] - - TableOptions(- - - - - 3600 - -) -)
        CREATE STREAM TABLE stream (id BIGINT PRIMARY KEY) /* TTL_SECONDS=60, BLOCK_SIZE=10 */ COMMENT 'x'
          => CreateTable(QualifiedName(- 'stream') false STREAM [ColumnDefinition('id' BIGINT - true - SourcePosition(1 29))] ['id'] [] - - TableOptions(- - - - 10 60 - -) 'x')
        CREATE TABLE t (id BIGINT PRIMARY KEY) WITH (STRATEGY='range', SPLIT AT (-100, +0, 0x10, 2.5), REPLICAS=2)
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('id' BIGINT - true - SourcePosition(1 17))] ['id'] [] - - TableOptions(- - - 'range' - - 2 [SplitPoint([-100]), SplitPoint([0]), SplitPoint([16]), SplitPoint([2.5])]) -)
        create table t (a int, b text, c blob, primary key (a, b, c)) with (split at ((1, 'it''s', x'00ff'), (2), (true, ''))) /* REPLICAS=0 */
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('a' INTEGER - true - SourcePosition(1 17)), ColumnDefinition('b' TEXT - true - SourcePosition(1 24)), ColumnDefinition('c' BLOB - true - SourcePosition(1 32))] ['a', 'b', 'c'] [] - - TableOptions(- - - - - - 0 [SplitPoint([1, 'it's', x'00ff']), SplitPoint([2]), SplitPoint([1, ''])]) -)
        CREATE TABLE t (at INT, split INT, replicas INT, PRIMARY KEY (at, split)) /* Split  At ((1, 2), 3), STRATEGY=range */ WITH (SPLIT AT ((1, 2), (3)))
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('at' INTEGER - true - SourcePosition(1 17)), ColumnDefinition('split' INTEGER - true - SourcePosition(1 25)), ColumnDefinition('replicas' INTEGER - true - SourcePosition(1 36))] ['at', 'split'] [] - - TableOptions(- - - 'range' - - - [SplitPoint([1, 2]), SplitPoint([3])]) -)
        CREATE TABLE t (comment TEXT PRIMARY KEY, type INT, node INT, stream INT, query TEXT, data BLOB, column INT, block_size INT)
          => CreateTable(QualifiedName(- 't') false REGULAR [ColumnDefinition('comment' TEXT - true - SourcePosition(1 17)), ColumnDefinition('type' INTEGER - true - SourcePosition(1 43)), ColumnDefinition('node' INTEGER - true - SourcePosition(1 53)), ColumnDefinition('stream' INTEGER - true - SourcePosition(1 63)), ColumnDefinition('query' TEXT - true - SourcePosition(1 75)), ColumnDefinition('data' BLOB - true - SourcePosition(1 87)), ColumnDefinition('column' INTEGER - true - SourcePosition(1 98)), ColumnDefinition('block_size' INTEGER - true - SourcePosition(1 110))] ['comment'] [] - - TableOptions(- - - - - - - -) -)
        DROP NODE TABLE person CASCADE
          => DropTable(QualifiedName(- 'person') false true NODE)
        DROP EDGE TABLE IF EXISTS shop.knows
          => DropTable(QualifiedName('shop' 'knows') true false EDGE)
        DROP STREAM TABLE clicks RESTRICT
          => DropTable(QualifiedName(- 'clicks') false false STREAM)
        DROP TABLE t CASCADE
          => DropTable(QualifiedName(- 't') false true -)
        SHOW TABLES IN shop
          => ShowTables('shop')
        SHOW TABLES FROM "Shop"
          => ShowTables('Shop')
        SHOW NAMESPACES
          => ShowNamespaces()
        SHOW INDEXES FROM t
          => ShowIndexes(QualifiedName(- 't'))
        SHOW INDEXES IN shop.t
          => ShowIndexes(QualifiedName('shop' 't'))
        SHOW DDL
          => ShowDdl(-)
        SHOW DDL '3f2c-9'
          => ShowDdl('3f2c-9')
        SHOW DDL c1
          => ShowDdl('c1')
        SHOW DDL 17
          => ShowDdl('17')
        SHOW PENDING DDL
          => ShowPendingDdl()
        SHOW LIVE QUERIES
          => ShowLiveQueries()
        KILL LIVE QUERY '3f2c-9'
          => KillLiveQuery('3f2c-9')
        KILL LIVE QUERY q1
          => KillLiveQuery('q1')
        KILL LIVE QUERY 3f2504e0-4f89-11d3-9a0c-0305e82c3301
          => KillLiveQuery('3f2504e0-4f89-11d3-9a0c-0305e82c3301')
        SHOW DDL 12e45678-00e1-41d3-9e12-0305e82c3301
          => ShowDdl('12e45678-00e1-41d3-9e12-0305e82c3301')
        SHOW DDL "c 1"
          => ShowDdl('c 1')
        DESCRIBE t HISTORY
          => DescribeTable(QualifiedName(- 't') true)
        DESC TABLE shop.history HISTORY
          => DescribeTable(QualifiedName('shop' 'history') true)
        DESCRIBE TABLE history
          => DescribeTable(QualifiedName(- 'history') false)
        SUBSCRIBE TO SELECT id, name FROM shop.users u WHERE age > ? AND u.name = :n
          => Subscribe(SelectStatement('SELECT id, name FROM shop.users u WHERE age > ? AND u.name = :n' [TableRef(QualifiedName('shop' 'users') 'u' 21 31 false false ['age', 'id', 'name'])] [ParameterRef(1 46 47), ParameterRef(2 61 63)] [] SimpleSelect(TableRef(QualifiedName('shop' 'users') 'u' 21 31 false false ['age', 'id', 'name']) false [ExprItem(ColumnRef(- - 'id') -), ExprItem(ColumnRef(- - 'name') -)] Binary(AND Binary(GREATER ColumnRef(- - 'age') Parameter(1)) Binary(EQUAL ColumnRef(- 'u' 'name') Parameter(2))) [] - [] - - false)))
        SELECT comment, type AS history, t.node stream FROM query data WHERE live = 1
          => SelectStatement('SELECT comment, type AS history, t.node stream FROM query data WHERE live = 1' [TableRef(QualifiedName(- 'query') 'data' 52 57 false false ['comment', 'live', 'type'])] [] [] SimpleSelect(TableRef(QualifiedName(- 'query') 'data' 52 57 false false ['comment', 'live', 'type']) false [ExprItem(ColumnRef(- - 'comment') -), ExprItem(ColumnRef(- - 'type') 'history'), ExprItem(ColumnRef(- 't' 'node') 'stream')] Binary(EQUAL ColumnRef(- - 'live') 1) [] - [] - - false))
        """);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_form_becomes_this_tree(Example example) {
    assertThat(Printed.of(SqlParser.parse(example.sql()))).isEqualTo(example.expected());
  }

  /** What SQLite's grammar calls a fallback: https://sqlite.org/lang_keywords.html */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE % (% INT, a INT, PRIMARY KEY (a, %))",
        "CREATE TABLE t (a INT PRIMARY KEY) WITH (SHARD KEY=%)",
        "CREATE EDGE TABLE % (FROM % TO %, % INT)",
        "ALTER TABLE % RENAME TO %",
        "ALTER TABLE t ADD COLUMN % INT",
        "ALTER TABLE t ADD % INT",
        "ALTER TABLE t DROP COLUMN % CASCADE",
        "ALTER TABLE t DROP %",
        "ALTER TABLE t RENAME COLUMN % TO %",
        "ALTER TABLE t RENAME % TO %",
        "ALTER TABLE t MODIFY % BIGINT NOT NULL",
        "ALTER TABLE t ALTER COLUMN % TYPE BIGINT",
        "ALTER TABLE t ALTER % SET DEFAULT 1",
        "ALTER TABLE % SET REPLICAS 2",
        "COMMENT ON COLUMN %.%.% IS 'x'",
        "CREATE INDEX %.% ON % (%, a)",
        "DROP INDEX IF EXISTS %",
        "DROP NODE TABLE % CASCADE",
        "CREATE NAMESPACE %",
        "SHOW TABLES IN %",
        "SHOW INDEXES FROM %",
        "DESCRIBE %",
        "DESCRIBE % HISTORY",
        "SHOW DDL %",
        "SHOW RESHARD %",
        "SHOW SHARDS FROM %.%",
        "PRAGMA reshardTable(%, 8)",
        "PRAGMA %.pauseReshard(%)",
        "MOVE SHARD %.% 1 TO %",
        "DRAIN NODE %",
        "UNDRAIN NODE %",
        "REBALANCE TABLE %",
        "VERIFY TABLE % AGAINST LOG",
        "VERIFY TABLE %",
        "SUBSCRIBE TO SELECT % FROM %.% WHERE % = 1",
        "SELECT %, 1 AS % FROM %",
        "UPDATE % SET % = 1 WHERE % = 2",
        "INSERT INTO % (%) VALUES (1)",
      })
  void a_word_that_is_not_reserved_is_a_name(String form) {
    List<String> words =
        IntStream.range(1, ShardstreamSqlLexer.VOCABULARY.getMaxTokenType())
            .filter(NameTokens::contains)
            .mapToObj(ShardstreamSqlLexer.VOCABULARY::getLiteralName)
            .filter(Objects::nonNull)
            .map(word -> word.replace("'", ""))
            .toList();
    assertThat(words).contains("HISTORY", "COLUMN", "IF", "CASCADE", "TYPE", "KEY");
    List<String> refused = new ArrayList<>();
    for (String word : words) {
      String bare = form.replace("%", word);
      String expected = tree(form.replace("%", '"' + word + '"'));
      try {
        assertThat(tree(bare)).isEqualTo(expected);
      } catch (ShardstreamException e) {
        refused.add(bare + ": " + e.getMessage());
      }
    }
    assertThat(refused).isEmpty();
  }

  /** Without what tells a name in quotes from one without: the text and its places. */
  private static String tree(String sql) {
    return Printed.of(SqlParser.parse(sql))
        .replaceAll("SelectStatement\\('[^']*'", "SelectStatement(")
        .replaceAll("\\b\\d+ \\d+\\b", "");
  }
}
