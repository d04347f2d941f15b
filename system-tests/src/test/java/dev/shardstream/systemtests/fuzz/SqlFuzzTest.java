package dev.shardstream.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlEvents;
import dev.shardstream.producer.ddl.StatementOperations;
import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Statements, and commands as JSON, as a user may get them wrong. */
class SqlFuzzTest {
  private static final int INPUTS_OF_A_ROUND = 50;

  private static final ClientConfig CONFIG =
      ClientConfig.of(Map.of("bootstrap.servers", "x:1", "schema.registry.url", "http://x"));

  private static final List<String> STATEMENTS =
      """
      SELECT 1, 'two', 3.0, x'04', NULL, TRUE, CURRENT_DATE
      SELECT u.*, o.total FROM users u LEFT JOIN orders AS o ON o.user_id = u.id AND o.total > 3.5
      SELECT city, count(*) AS n FROM users GROUP BY city HAVING count(*) > 1 ORDER BY n DESC, 1 LIMIT 3
      SELECT id FROM users WHERE id IN (1, 2, ?) AND age NOT BETWEEN -1 AND 0x1F OR name LIKE 'A!%' ESCAPE '!'
      SELECT CASE WHEN age < 18 THEN 'child' ELSE CAST(age AS TEXT) END FROM users WHERE NOT (age ISNULL)
      SELECT sum(age) FILTER (WHERE age > 30) OVER (PARTITION BY city ORDER BY id ROWS 3 PRECEDING) FROM users
      SELECT doc -> '$.a' ->> 'b', - - age, ~age, a || b << 2 COLLATE NOCASE FROM users AS OF "x"
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
      SELECT id FROM users WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = users.id) UNION VALUES (1), (2)
      INSERT INTO users (id, name) VALUES (1, 'Ada'), (?, :name)
      INSERT OR REPLACE INTO users VALUES (1, 'Ada', 36)
      UPDATE users SET age = age + 1, name = 'x' || name WHERE id = 7
      DELETE FROM users WHERE id = 7
      CREATE TABLE IF NOT EXISTS app.users (id BIGINT PRIMARY KEY, name VARCHAR(80) NOT NULL DEFAULT 'it''s', b BLOB DEFAULT x'00ff') WITH (SHARDS=4, REPLICAS=2)
      CREATE TABLE t (a INT, b TEXT, c DOUBLE DEFAULT -1.5e3, PRIMARY KEY (a, b)) WITH (STRATEGY='range', SPLIT AT ((10), (20)))
      CREATE UNIQUE INDEX IF NOT EXISTS by_name ON users (id, name) COMMENT 'why'
      DROP TABLE IF EXISTS users CASCADE
      ALTER TABLE users ADD COLUMN city TEXT DEFAULT 'New York'
      ALTER TABLE users RENAME COLUMN city TO town
      ALTER TABLE users ALTER COLUMN age TYPE BIGINT
      ALTER TABLE users SET REPLICAS 3
      PRAGMA reshardTable('users', 8)
      EXPLAIN PRAGMA reshardTable('users', 8)
      PRAGMA throttleReshard('default-r1', 500)
      MOVE SHARD 'users' 1 TO 'node-2'
      REBALANCE TABLE users
      VERIFY TABLE users AGAINST LOG
      SHOW RESHARDS LIKE 'a%'
      DESCRIBE users HISTORY
      SHOW PENDING DDL
      CREATE NAMESPACE IF NOT EXISTS app
      SUBSCRIBE TO SELECT id, name FROM users WHERE age > 30
      KILL LIVE QUERY 'q-1'
      """
          .lines()
          .toList();

  private static final List<String> EVENTS =
      List.of(
          """
          {"id": "c1", "type": "CREATE_TABLE", "table": "users", "shards": 4, "primaryKey": "id",
           "columns": [{"name": "id", "dataType": "BIGINT"},
                       {"name": "name", "dataType": "VARCHAR(80)", "nullable": false, "default": ""}]}""",
          """
          [{"id": "c2", "type": "ADD_COLUMN", "table": "app.users", "column": "age", "dataType": "INT",
            "default": 7, "dependsOn": ["c1"], "expectedSchemaVersion": 1}]""",
          """
          {"type": "RESHARD_TABLE", "table": "users", "targetShards": 8}""",
          """
          {"type": "CREATE_INDEX", "table": "users", "index": "by_name", "columns": ["name", "id"]}""");

  @Test
  void statements_are_understood_or_refused() {
    Fuzz.run("sql", 2_000, random -> feed(random, SqlFuzzTest::statement));
  }

  @Test
  void events_are_understood_or_refused() {
    Fuzz.run("events", 2_000, random -> feed(random, SqlFuzzTest::event));
  }

  private interface Input {
    void feed(Mangler mangler, Random random);
  }

  private static long feed(Random random, Input input) {
    Mangler mangler = new Mangler(random);
    for (int i = 0; i < INPUTS_OF_A_ROUND; i++) {
      input.feed(mangler, random);
    }
    return INPUTS_OF_A_ROUND;
  }

  private static void statement(Mangler mangler, Random random) {
    String sql =
        mangler.chance(0.04)
            ? tower(mangler, random)
            : mangler.mangled(mangler.oneOf(STATEMENTS), STATEMENTS);
    requireAnswer(sql, () -> SqlParser.parseScript(sql).forEach(SqlFuzzTest::use));
    requireAnswer(sql, () -> SqlParser.isComplete(sql));
  }

  /** What becomes of a statement that was understood, as far as no cluster is needed. */
  private static void use(Statement statement) {
    if (statement instanceof Statement.Definition definition) {
      StatementOperations.of(definition, 16);
    } else if (statement instanceof SelectStatement select && select.simple() != null) {
      select.simple().conjuncts().forEach(Expr::walk);
      assertThat(select.simple().aggregated()).isEqualTo(select.simple().aggregated());
    }
  }

  /** Something in something in something, higher than any stack, or as long as that. */
  private static String tower(Mangler mangler, Random random) {
    int height = 1 << random.nextInt(13);
    return switch (random.nextInt(12)) {
      case 0 -> "SELECT " + "(".repeat(height) + "1" + ")".repeat(height);
      case 1 -> "SELECT * FROM t WHERE " + "NOT ".repeat(height) + "a";
      case 2 -> "SELECT * FROM t WHERE a = 1" + " AND a = 1".repeat(height);
      case 3 -> "SELECT a" + " || 'x'".repeat(height) + " FROM t";
      case 4 -> "SELECT " + "CASE WHEN a THEN ".repeat(height) + "1" + " END".repeat(height);
      case 5 -> "SELECT " + "- ".repeat(height) + "1";
      case 6 -> "SELECT a FROM " + "(SELECT * FROM ".repeat(height) + "t" + ")".repeat(height);
      case 7 -> "SELECT a FROM t WHERE a IN (1" + ", 1".repeat(height) + ")";
      case 8 -> "INSERT INTO t VALUES (1)" + ", (2)".repeat(height);
      case 9 -> "SELECT " + "f(".repeat(height) + "1" + ")".repeat(height) + " FROM t";
      case 10 -> "SELECT a" + " COLLATE x".repeat(height) + " = 1" + " = 1".repeat(height);
      default -> "SELECT \"" + mangler.nonsense().repeat(height / 64 + 1) + "\" FROM t";
    };
  }

  private static void event(Mangler mangler, Random random) {
    String json =
        mangler.chance(0.01)
            ? "[".repeat(1 << random.nextInt(15))
            : mangler.mangled(mangler.oneOf(EVENTS), EVENTS);
    requireAnswer(
        json,
        () -> {
          for (DdlCommand command : DdlEvents.parse(json, CONFIG)) {
            assertThat(DdlEvents.parse(DdlEvents.write(command), CONFIG)).containsExactly(command);
          }
        });
  }

  /** Whether it is done or refused: by an error that a user can mend. */
  private static void requireAnswer(String input, Runnable use) {
    try {
      use.run();
    } catch (ShardstreamException refused) {
      assertThat(refused.code()).as(Fuzz.shown(input)).isNotEqualTo(ErrorCode.INTERNAL);
      assertThat(refused.getMessage()).as(Fuzz.shown(input)).isNotBlank();
    } catch (Exception | StackOverflowError crash) {
      throw new AssertionError(Fuzz.shown(input), crash);
    }
  }

  @Test
  void what_is_right_is_understood() {
    List<String> right =
        STATEMENTS.stream()
            .filter(sql -> !sql.contains("AS OF") && !sql.contains("COMMENT"))
            .toList();
    assertThat(right).allSatisfy(sql -> assertThat(SqlParser.parse(sql)).isNotNull());
    assertThat(EVENTS).allSatisfy(json -> assertThat(DdlEvents.parse(json, CONFIG)).hasSize(1));
  }
}
