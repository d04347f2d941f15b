package dev.shardstream.worker.http;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a reader who means harm can send to a shard: it is refused, or ends at its limits, and
 * neither the file nor anything beside it has changed afterwards.
 */
class HostileStatementTest {
  private static final String TABLE = Orders.TABLE.getTableId();
  private static final List<QueryRequest.ViewColumn> COLUMNS =
      List.of(new QueryRequest.ViewColumn(1, "id"), new QueryRequest.ViewColumn(2, "customer"));
  private static final String TOO_BIG = "string or blob too big";
  private static final String READ_ONLY = "attempt to write a readonly database";
  private static final String NO_ROWS = "Query does not return results";
  private static final String NO_QUERY = "a shard runs queries only: SELECT, VALUES or WITH";

  /** For a statement that is to end by itself, milliseconds. */
  private static final long LONG = 60_000;

  @TempDir static Path directory;
  private static final FakeLog LOG = new FakeLog();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static TestNode node;
  private static WorkerHttp http;
  private static Path file;

  @BeforeAll
  static void serve() throws Exception {
    node = TestNode.open(directory.resolve("data"), LOG);
    node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
    http =
        new WorkerHttp(
            TestHttp.settings(),
            node.shards(),
            node.directory().temporary(),
            Optional.empty(),
            Clock.systemUTC(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Optional::empty);
    http.start();
    for (long id = 1; id <= 50; id++) {
      LOG.append(change(Op.INSERT, 1, id, 2, "ann"));
    }
    ShardRef ref = new ShardRef(TABLE, 0);
    await().until(() -> node.shards().require(ref).board().current().rows() == 50);
    // The last that is written to the file before somebody looks whether it has changed.
    await().until(() -> node.shards().require(ref).file().hasCaughtUp());
    file = node.shards().require(ref).file().path();
  }

  @AfterAll
  static void stop() throws Exception {
    http.close();
    node.close();
  }

  private static List<String> lines(QueryRequest.View view, String sql, long timeout)
      throws Exception {
    QueryRequest request =
        new QueryRequest(TABLE, 0, 1, view, sql, List.of(), List.of(), 0, 100, 500, timeout, 0);
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + Paths.QUERY))
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(request)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return response.body().lines().toList();
  }

  private static List<String> lines(String sql, long timeout) throws Exception {
    return lines(new QueryRequest.View("orders", COLUMNS, null), sql, timeout);
  }

  private static ErrorBody error(String sql, long timeout) throws Exception {
    List<String> lines = lines(sql, timeout);
    String last = lines.get(lines.size() - 1);
    return last.contains("\"code\"") ? Json.read(last, ErrorBody.class) : new ErrorBody("OK", last);
  }

  /** Every file of the node and what is in it, and what stands beside the node's directory. */
  private static Map<Path, Long> files() throws IOException {
    Map<Path, Long> sums = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      // The file of who shares the write-ahead log is written by those who only read, too.
      for (Path path :
          all.filter(Files::isRegularFile).filter(p -> !p.toString().endsWith("-shm")).toList()) {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(path));
        sums.put(path, sum.getValue());
      }
    }
    return sums;
  }

  @Test
  void what_would_write_or_reach_beyond_the_shard_is_refused() throws Exception {
    Path outside = directory.resolve("outside.sqlite");
    Map<String, String> refused = new TreeMap<>();
    for (String sql :
        List.of(
            "ATTACH '" + outside + "' AS x",
            "DETACH main",
            "VACUUM",
            "VACUUM INTO '" + outside + "'",
            "REINDEX",
            "ANALYZE",
            "BEGIN IMMEDIATE",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT s",
            "PRAGMA query_only = OFF",
            "PRAGMA writable_schema = ON",
            "PRAGMA journal_mode = DELETE",
            "PRAGMA temp_store_directory = '" + directory + "'",
            "PRAGMA data_store_directory = '" + directory + "'",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "PRAGMA trusted_schema = ON",
            "CREATE TABLE t (x)",
            "CREATE TEMP TABLE t (x)",
            "CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
            "CREATE VIRTUAL TABLE f USING fts5(x)",
            "DROP TABLE \"default-orders-1\"",
            "ALTER TABLE orders RENAME TO o",
            "INSERT INTO orders VALUES (1)",
            "REPLACE INTO orders VALUES (1)",
            "UPDATE orders SET id = 1",
            "DELETE FROM orders",
            "/* SELECT */ DELETE FROM orders",
            "-- SELECT\nDELETE FROM orders",
            "; SELECT 1",
            "(SELECT 1)",
            "'SELECT' DELETE FROM orders",
            "\u0085SELECT 1",
            "ＳＥＬＥＣＴ 1",
            "")) {
      refused.put(sql, NO_QUERY);
    }
    refused.put("WITH x AS (SELECT 1) DELETE FROM \"default-orders-1\"", NO_ROWS);
    refused.put("WITH x AS (SELECT 1) DELETE FROM \"default-orders-1\" RETURNING c1", READ_ONLY);
    refused.put("WITH x AS (SELECT 1) UPDATE \"default-orders-1\" SET c2 = 'eve'", NO_ROWS);
    refused.put("WITH x AS (SELECT 1) INSERT INTO _positions SELECT 1, 1, 1, 1", "");
    refused.put("SELECT load_extension('/tmp/evil.so')", "not authorized");
    refused.put("SELECT load_extension('/tmp/evil.so', 'init')", "not authorized");
    refused.put("SELECT writefile('" + outside + "', 'x')", "no such function: writefile");
    refused.put("SELECT readfile('/etc/passwd')", "no such function: readfile");
    refused.put("SELECT edit('x')", "no such function: edit");
    refused.put("SELECT eval('DELETE FROM orders')", "no such function: eval");
    refused.put("SELECT fts3_tokenizer('simple', x'00')", "fts3tokenize disabled");
    refused.put("SELECT * FROM pragma_journal_mode('main', 'delete')", "");
    refused.put("SELECT * FROM pragma_wal_checkpoint", "no such table: pragma_wal_checkpoint");
    refused.put("SELECT * FROM pragma_temp_store_directory", "");
    refused.put("SELECT * FROM sqlite_dbpage", "no such table: sqlite_dbpage");
    refused.put("SELECT 1 INTO x", "");
    refused.put("EXPLAIN QUERY PLAN DELETE FROM nowhere", "no such table: nowhere");
    Map<Path, Long> before = files();
    Map<String, String> answered = new TreeMap<>();
    for (String sql : refused.keySet()) {
      ErrorBody error = error(sql, LONG);
      String message = refused.get(sql).isEmpty() ? "" : error.message();
      answered.put(sql, error.code().equals("QUERY_FAILED") ? message : error.toString());
    }
    assertThat(answered).isEqualTo(refused);
    assertThat(files()).isEqualTo(before);
    assertThat(lines("SELECT count(*), min(customer), max(customer) FROM orders", LONG))
        .contains("[50,\"ann\",\"ann\"]");
  }

  @Test
  void what_the_driver_cannot_bear_never_reaches_it() throws Exception {
    for (String sql :
        List.of(
            "SELECT replicate('x', 4294967300)",
            "SELECT REPLICATE/**/('x', 4294967300)",
            "SELECT \"replicate\"('x', 4294967300)",
            "SELECT `replicate`('x', 4294967300)",
            "SELECT [replicate] ('x', 4294967300)",
            "SELECT replicate\n--\n\uFEFF('x', 4294967300)",
            "WITH a AS (SELECT replicate(zeroblob(1000000), 4295)) SELECT * FROM a",
            "VALUES (replicate('x', 4294967300))",
            "EXPLAIN SELECT replicate('x', 4294967300)",
            "SELECT 1; SELECT replicate('x', 4294967300)")) {
      assertThat(error(sql, LONG))
          .as(sql)
          .isEqualTo(new ErrorBody("QUERY_FAILED", "no such function: replicate"));
    }
    for (String function : List.of("padl", "padr", "padc")) {
      assertThat(error("SELECT " + function + "('x', 9000000000)", LONG))
          .isEqualTo(new ErrorBody("QUERY_FAILED", "no such function: " + function));
    }
  }

  @ParameterizedTest
  @MethodSource("growing")
  void what_wants_all_of_the_memory_ends_at_its_limit(Bomb bomb) throws Exception {
    Map<Path, Long> before = files();
    assertThat(error(bomb.sql(), LONG)).isEqualTo(new ErrorBody("QUERY_FAILED", bomb.message()));
    assertThat(files()).isEqualTo(before);
  }

  /** Shown by its name. */
  private record Bomb(String name, String sql, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Bomb> growing() {
    String count = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 200) ";
    String like = "LIKE or GLOB pattern too complex";
    return Stream.of(
        new Bomb("randomblob", "SELECT randomblob(2000000000)", TOO_BIG),
        new Bomb("zeroblob", "SELECT zeroblob(2000000000)", TOO_BIG),
        new Bomb("hex", "SELECT hex(zeroblob(1000000))", TOO_BIG),
        new Bomb("precision", "SELECT printf('%.*c', 2000000000, 'x')", TOO_BIG),
        new Bomb("width", "SELECT printf('%2000000000d', 1)", TOO_BIG),
        new Bomb(
            "replace", "SELECT replace(hex(zeroblob(50000)), '0', hex(zeroblob(100)))", TOO_BIG),
        new Bomb(
            "doubling",
            "WITH RECURSIVE c(x) AS (SELECT 'x' UNION ALL SELECT x || x FROM c)"
                + " SELECT max(length(x)) FROM c",
            TOO_BIG),
        new Bomb("concat", count + "SELECT group_concat(hex(zeroblob(9000))) FROM c", TOO_BIG),
        new Bomb("json", count + "SELECT json_group_array(hex(zeroblob(9000))) FROM c", TOO_BIG),
        new Bomb("like", "SELECT 'x' LIKE '" + "%x".repeat(1_000) + "'", like),
        new Bomb("glob", "SELECT 'x' GLOB '" + "*x".repeat(1_000) + "'", like),
        new Bomb(
            "compound",
            "SELECT 1" + " UNION ALL SELECT 1".repeat(600),
            "too many terms in compound SELECT"),
        new Bomb(
            "depth",
            "SELECT " + "-".repeat(1_100).replace("-", "- ") + "1",
            "Expression tree is too large (maximum depth 1000)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT count(*) FROM c",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION SELECT x + 1 FROM c) SELECT x FROM c WHERE x < 0",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT median(x) FROM c",
        "SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e, orders f",
        "WITH a AS (SELECT * FROM orders x, orders y, orders z), b AS (SELECT 1 FROM a p, a q)"
            + " SELECT count(*) FROM b r, b s"
      })
  void what_wants_all_of_the_time_ends_at_its_limit(String sql) throws Exception {
    Map<Path, Long> before = files();
    assertThat(error(sql, 150))
        .isEqualTo(new ErrorBody("STATEMENT_TIMEOUT", "The statement ran longer than 150 ms"));
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void a_statement_that_is_too_long_and_a_result_that_is_too_large_are_said_so() throws Exception {
    assertThat(error("SELECT '" + "x".repeat(100_000) + "'", LONG))
        .isEqualTo(
            new ErrorBody(
                "STATEMENT_TOO_LONG",
                "The statement has 100009 characters, more than the 100000 that one may have"));
    assertThat(error("SELECT zeroblob(1000000) FROM orders a, orders b LIMIT 90", LONG))
        .isEqualTo(
            new ErrorBody(
                "RESULT_TOO_LARGE",
                "The result is more than 5000000 bytes: add a LIMIT or ask for fewer columns"));
  }

  @Test
  void only_the_first_of_several_statements_runs() throws Exception {
    Map<Path, Long> before = files();
    assertThat(lines("SELECT 1; DELETE FROM \"default-orders-1\"; VACUUM", LONG)).contains("[1]");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void names_are_names_whatever_they_say() throws Exception {
    for (String name :
        List.of(
            "x\"; DROP TABLE \"default-orders-1\"; --",
            "a\"\"b",
            "[a]",
            "`a`",
            "'; DELETE FROM _positions; --",
            "SELECT",
            "main.x",
            "\u202Exob",
            "表😀",
            "a\nb",
            "%s?1:a@b$c",
            "sqlite_x",
            "_positions")) {
      QueryRequest.View view =
          new QueryRequest.View(
              name,
              List.of(
                  new QueryRequest.ViewColumn(1, name), new QueryRequest.ViewColumn(2, name + "2")),
              null);
      String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
      List<String> lines = lines(view, "SELECT count(*), min(" + quoted + ") FROM " + quoted, LONG);
      if (name.startsWith("sqlite_")) {
        assertThat(lines.get(0)).as(name).contains("\"code\":\"");
      } else {
        assertThat(lines).as(name).contains("[50,1]");
      }
    }
    assertThat(lines("SELECT count(*) FROM orders", LONG)).contains("[50]");
  }
}
