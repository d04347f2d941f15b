package dev.shardstream.worker.http;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class WorkerHttpTest {
  private static final long NOW = 1_000_000;

  /** For what is to end by itself, milliseconds. */
  private static final long LONG = 60_000;

  private static final String TABLE = Orders.TABLE.getTableId();
  private static final QueryRequest.View VIEW =
      new QueryRequest.View(
          "orders",
          List.of(
              new QueryRequest.ViewColumn(1, "id"),
              new QueryRequest.ViewColumn(2, "who is it"),
              new QueryRequest.ViewColumn(3, "price"),
              new QueryRequest.ViewColumn(5, "data")),
          null);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private final HttpClient client = HttpClient.newHttpClient();
  private TestNode node;
  private WorkerHttp http;
  private Optional<String> notReady = Optional.empty();

  @BeforeEach
  void serve() throws Exception {
    node = TestNode.open(directory, log);
    node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
    serve(node);
    log.append(change(Op.INSERT, 1, 1L, 2, "ann", 3, -0.0, 5, new byte[] {1, 2}));
    log.append(change(Op.INSERT, 1, 9007199254740993L, 2, "bob \"q\" 😀", 3, 1e300));
    log.append(change(Op.INSERT, 1, 3L, 2, "cleo", 3, Double.POSITIVE_INFINITY));
    awaitRows(3);
  }

  private void serve(TestNode node) {
    http =
        new WorkerHttp(
            TestHttp.settings(),
            node.shards(),
            node.directory().temporary(),
            Optional.empty(),
            Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            () -> notReady);
    http.start();
  }

  private void awaitRows(long rows) {
    await()
        .until(
            () -> node.shards().require(new ShardRef(TABLE, 0)).board().current().rows() == rows);
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    node.close();
  }

  private HttpResponse<String> post(String path, Object body) throws Exception {
    return client.send(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, Object body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path))
        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
        .build();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static QueryRequest query(String sql, Object... parameters) {
    return query(VIEW, sql, List.of(), 0, parameters);
  }

  private static QueryRequest query(
      QueryRequest.View view,
      String sql,
      List<Position> positions,
      long wait,
      Object... parameters) {
    return new QueryRequest(
        TABLE, 0, 1, view, sql, List.of(parameters), positions, wait, 100, 500, LONG, 0);
  }

  private List<String> lines(QueryRequest request) throws Exception {
    HttpResponse<String> response = post(Paths.QUERY, request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body().lines().toList();
  }

  private void assertError(Object request, int status, String code, String message)
      throws Exception {
    HttpResponse<String> response = post(Paths.QUERY, request);
    assertThat(Json.read(response.body(), ErrorBody.class)).isEqualTo(new ErrorBody(code, message));
    assertThat(response.statusCode()).isEqualTo(status);
  }

  @Test
  void a_statement_sees_the_users_columns_and_exact_values() throws Exception {
    List<String> lines = lines(query("SELECT * FROM orders ORDER BY id"));
    assertThat(lines.get(0))
        .startsWith(
            "{\"columns\":[\"id\",\"who is"
                + " it\",\"price\",\"data\"],\"positions\":[{\"partition\":");
    assertThat(lines.subList(1, 5))
        .containsExactly(
            "[1,\"ann\",-0.0,{\"b\":\"AQI=\"}]",
            "[3,\"cleo\",{\"r\":\"Infinity\"},null]",
            "[9007199254740993,\"bob \\\"q\\\" \\uD83D\\uDE00\",1.0E300,null]",
            "{\"rows\":3}");
  }

  @Test
  void a_shard_whose_file_is_broken_answers_nothing() throws Exception {
    HostedShard shard = node.shards().require(new ShardRef(TABLE, 0));
    shard
        .file()
        .noticed(new SQLiteException("page 7 is malformed", SQLiteErrorCode.SQLITE_CORRUPT));
    String reason =
        "Shard default-orders-1/0 has stopped: "
            + shard.file().path()
            + ": the file is broken (page 7 is malformed). Restart this node: it sets the file"
            + " aside and makes the shard anew from its log";
    assertError(query("SELECT 1"), 503, "SHARD_FAILED", reason);
    AwaitRequest written =
        new AwaitRequest(TABLE, 0, List.of(new Position(Orders.partition(1), 0)), 0);
    assertThat(post(Paths.AWAIT, written).statusCode()).isEqualTo(503);
    assertThat(get(Paths.slice(TABLE, 0, Orders.virtualShard(1), KeyRanges.ALL)).statusCode())
        .isEqualTo(503);
    await().until(() -> shard.applier().orElseThrow().status().failure().isPresent());
  }

  @Test
  void parameters_are_bound_as_they_are() throws Exception {
    assertThat(
            lines(
                query(
                    "SELECT ?, typeof(?), ?, id FROM orders WHERE id = ?",
                    "x'; DROP",
                    2.0,
                    Map.of("b", "AQI="),
                    9007199254740993L)))
        .contains("[\"x'; DROP\",\"real\",{\"b\":\"AQI=\"},9007199254740993]");
    assertError(
        query("SELECT ?"),
        400,
        "PARAMETER_COUNT",
        "The statement has 1 parameters but 0 values were given");
  }

  @Test
  void a_real_column_compares_like_one() throws Exception {
    assertThat(lines(query("SELECT count(*) FROM orders WHERE price = '0'"))).contains("[1]");
  }

  @Test
  void only_the_virtual_shards_asked_for_are_seen() throws Exception {
    QueryRequest.View one =
        new QueryRequest.View("orders", VIEW.columns(), List.of(Orders.virtualShard(3)));
    assertThat(lines(query(one, "SELECT id FROM orders", List.of(), 0)))
        .endsWith("[3]", "{\"rows\":1}");
  }

  @Test
  void a_name_that_is_taken_inside_the_shard_does_not_disturb() throws Exception {
    QueryRequest.View odd = new QueryRequest.View("_positions", VIEW.columns(), null);
    assertThat(lines(query(odd, "SELECT count(*), max(id) FROM _positions", List.of(), 0)))
        .contains("[3,9007199254740993]");
    assertThat(lines(query("SELECT count(*) FROM orders"))).contains("[3]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM \"default-orders-1\"",
        "ATTACH 'x' AS y",
        "PRAGMA query_only = OFF",
        "/* SELECT */ DROP VIEW orders",
        "VACUUM",
        ""
      })
  void what_is_no_query_is_refused(String sql) throws Exception {
    assertError(
        query(sql), 400, "QUERY_FAILED", "a shard runs queries only: SELECT, VALUES or WITH");
  }

  @Test
  void a_write_behind_a_with_is_refused_by_sqlite() throws Exception {
    assertError(
        query("WITH x AS (SELECT 1) DELETE FROM \"default-orders-1\" RETURNING c1"),
        400,
        "QUERY_FAILED",
        "attempt to write a readonly database");
    assertError(query("SELECT load_extension('x')"), 400, "QUERY_FAILED", "not authorized");
    assertThat(lines(query("-- hi\nSELECT count(*) FROM orders; DROP VIEW orders")))
        .contains("[3]");
  }

  @Test
  void sqlites_own_words_are_the_error() throws Exception {
    assertError(query("SELECT * FROM nope"), 400, "QUERY_FAILED", "no such table: nope");
    assertError(query("SELECT FROM orders"), 400, "QUERY_FAILED", "near \"FROM\": syntax error");
  }

  @Test
  void a_statement_that_runs_too_long_is_interrupted() throws Exception {
    QueryRequest endless =
        new QueryRequest(
            TABLE,
            0,
            1,
            VIEW,
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c",
            List.of(),
            List.of(),
            0,
            10,
            500,
            100,
            0);
    assertError(endless, 504, "STATEMENT_TIMEOUT", "The statement ran longer than 100 ms");
  }

  @Test
  void too_many_rows_end_with_an_error_as_the_last_line() throws Exception {
    List<String> lines =
        lines(
            query(
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 101) SELECT"
                    + " x FROM c"));
    assertThat(lines).hasSize(102);
    assertThat(lines.get(101))
        .isEqualTo(
            "{\"code\":\"ROW_LIMIT\",\"message\":\"The result has more than 100 rows: add a LIMIT"
                + " or raise the row limit\"}");
  }

  @Test
  void a_shard_that_is_not_here_or_still_copied_is_stale_topology() throws Exception {
    QueryRequest other =
        new QueryRequest(TABLE, 9, 1, VIEW, "SELECT 1", List.of(), List.of(), 0, 1, 500, 1_000, 0);
    assertError(other, 409, "STALE_TOPOLOGY", "Shard default-orders-1/9 is not held here");
    node.shards().create(Orders.definition(9, Orders.ALL, ShardState.COPYING));
    assertError(other, 409, "STALE_TOPOLOGY", "Shard default-orders-1/9 is not held here");
  }

  @Test
  void a_read_waits_for_the_position_it_needs() throws Exception {
    int partition = Orders.partition(1);
    long next =
        node.shards()
            .require(new ShardRef(TABLE, 0))
            .board()
            .current()
            .least(partition)
            .orElseThrow();
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(
            request(
                Paths.QUERY,
                query(
                    VIEW,
                    "SELECT \"who is it\" FROM orders WHERE id = 1",
                    List.of(new Position(partition, next + 1)),
                    LONG)),
            HttpResponse.BodyHandlers.ofString());
    log.append(change(Op.UPDATE, 1, 1L, 2, "anna"));
    assertThat(waiting.join().body()).contains("[\"anna\"]");
    assertError(
        query(VIEW, "SELECT 1", List.of(new Position(partition, next + 2)), 20),
        504,
        "WRITE_NOT_APPLIED",
        "The write at ["
            + partition
            + "@"
            + (next + 2)
            + "] was acknowledged but not applied within 0 s");
  }

  private static QueryRequest noStaler(long millis, long wait) {
    String sql = "SELECT \"who is it\" FROM orders WHERE id = 1";
    return new QueryRequest(
        TABLE, 0, 1, VIEW, sql, List.of(), List.of(), wait, 100, 500, LONG, millis);
  }

  private static void awaitAMillisecond() {
    long written = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> System.nanoTime() - written > Duration.ofMillis(1).toNanos());
  }

  @Test
  void a_read_shows_what_was_in_the_log_so_long_before_it_began() throws Exception {
    for (int i = 0; i < 20; i++) {
      log.append(change(Op.UPDATE, 1, 1L, 2, "ann" + i));
      awaitAMillisecond();
      assertThat(lines(noStaler(1, LONG))).contains("[\"ann" + i + "\"]");
    }
  }

  @Test
  void a_shard_that_lags_answers_only_those_who_bear_it() throws Exception {
    assertThat(lines(noStaler(5_000, LONG))).contains("[\"ann\"]");
    log.hold();
    log.append(change(Op.UPDATE, 1, 1L, 2, "anna"));
    assertThat(lines(noStaler(3_600_000, 0))).contains("[\"ann\"]");
    assertThat(lines(noStaler(0, 0))).contains("[\"ann\"]");
    awaitAMillisecond();
    assertError(
        noStaler(1, 50),
        504,
        "READ_TOO_STALE",
        "Shard default-orders-1/0 cannot say in time that it has everything that was in its log 1"
            + " ms ago: it is catching up, or Kafka does not answer it");
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(
            request(Paths.QUERY, noStaler(1, LONG)), HttpResponse.BodyHandlers.ofString());
    log.release();
    assertThat(waiting.join().body()).contains("[\"anna\"]");
  }

  /** What a worker that wakes from a freeze, or starts again, finds first. */
  @Test
  void a_shard_that_starts_again_answers_nothing_until_it_has_heard_where_its_log_ends()
      throws Exception {
    http.close();
    node.close();
    log.cutOff();
    node = TestNode.open(directory, log);
    node.shards().openAll();
    serve(node);
    assertThat(lines(noStaler(0, 0))).contains("[\"ann\"]");
    assertThat(post(Paths.QUERY, noStaler(3_600_000, 50)).statusCode()).isEqualTo(504);
  }

  @Test
  void a_writer_learns_which_of_its_changes_were_refused() throws Exception {
    int partition = Orders.partition(1);
    long fine = log.append(change(Op.UPDATE, 1, 1L, 2, "anna"));
    long refused = log.append(change(Op.INSERT, 1, 1L, 2, "again"));
    HttpResponse<String> response =
        post(
            Paths.AWAIT,
            new AwaitRequest(
                TABLE,
                0,
                List.of(new Position(partition, fine), new Position(partition, refused)),
                LONG));
    assertThat(Json.read(response.body(), AwaitResponse.class))
        .isEqualTo(
            new AwaitResponse(
                true,
                List.of(
                    new AwaitResponse.Rejection(
                        partition,
                        refused,
                        "DUPLICATE_KEY",
                        "Duplicate key (1) in table 'orders'"))));
    HttpResponse<String> early =
        post(Paths.AWAIT, new AwaitRequest(TABLE, 0, List.of(new Position(partition, 99)), 10));
    assertThat(Json.read(early.body(), AwaitResponse.class))
        .isEqualTo(new AwaitResponse(false, List.of()));
  }

  @Test
  void statements_side_by_side_leave_nothing_behind() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      QueryRequest.View view = new QueryRequest.View("t" + i % 3, VIEW.columns(), null);
      all.add(
          client.sendAsync(
              request(
                  Paths.QUERY,
                  query(
                      view,
                      i % 7 == 0 ? "SELECT broken" : "SELECT count(*) FROM t" + i % 3,
                      List.of(),
                      0)),
              HttpResponse.BodyHandlers.ofString()));
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).join().body()).contains(i % 7 == 0 ? "no such column" : "[3]");
    }
  }

  @Test
  void health_and_readiness_and_metrics_are_served() throws Exception {
    assertThat(get(Paths.HEALTH).statusCode()).isEqualTo(200);
    assertThat(get(Paths.READY).statusCode()).isEqualTo(200);
    notReady = Optional.of("not registered yet");
    assertThat(get(Paths.READY).statusCode()).isEqualTo(503);
    assertThat(get(Paths.READY).body()).isEqualTo("not registered yet\n");
    assertThat(get(Paths.METRICS).body()).contains("shardstream_worker_statement_seconds");
    assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(post(Paths.QUERY, "no request").statusCode()).isEqualTo(400);
  }

  private static QueryRequest at(int version, String sql, long wait) {
    return new QueryRequest(
        TABLE, 0, version, VIEW, sql, List.of(), List.of(), wait, 100, 500, LONG, 0);
  }

  private void adopt(Table table) {
    node.catalog().put(table);
    node.shards().wake(TABLE);
    HostedShard shard = node.shards().require(new ShardRef(TABLE, 0));
    await().until(() -> shard.file().definition().table().equals(table));
  }

  @Test
  void a_read_waits_for_the_version_that_its_client_knows() throws Exception {
    assertError(
        at(2, "SELECT 1", 20),
        409,
        "STALE_SCHEMA",
        "Schema version 1 of table 'orders' is out of date: it is at version 2");
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(
            request(Paths.QUERY, at(2, "SELECT count(*) FROM orders", LONG)),
            HttpResponse.BodyHandlers.ofString());
    adopt(Versions.eight().get(1));
    assertThat(waiting.join().body()).contains("[3]");
  }

  @Test
  void a_shard_that_is_ahead_answers_as_long_as_it_has_the_columns() throws Exception {
    adopt(Versions.eight().get(4));
    assertThat(lines(query("SELECT \"who is it\" FROM orders WHERE id = 1"))).contains("[\"ann\"]");
    adopt(Versions.drop(Versions.eight().get(4), 5));
    assertError(
        query("SELECT id FROM orders"),
        409,
        "STALE_SCHEMA",
        "Schema version 1 of table 'orders' is out of date: it is at version 6");
    assertError(
        at(6, "SELECT id FROM orders", 0),
        400,
        "COLUMN_NOT_FOUND",
        "Column 'data' not found in table 'orders'");
  }

  @Test
  void reads_go_on_while_the_table_is_altered_again_and_again() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> reads = new ArrayList<>();
    Table table = Orders.TABLE;
    for (int i = 0; i < 10; i++) {
      for (int read = 0; read < 5; read++) {
        reads.add(
            client.sendAsync(
                request(Paths.QUERY, query("SELECT count(*), max(id) FROM orders")),
                HttpResponse.BodyHandlers.ofString()));
      }
      table = Versions.index(Versions.add(table, "a" + i, TypeName.TEXT, "x"), 2);
      adopt(i % 2 == 0 ? table : Versions.drop(table, table.getNextColumnId() - 1));
      table = node.catalog().newest(TABLE).orElseThrow();
    }
    for (CompletableFuture<HttpResponse<String>> read : reads) {
      assertThat(read.join().body()).contains("[3,9007199254740993]");
    }
  }

  @Test
  void expired_rows_of_a_stream_table_are_not_seen() throws Exception {
    adopt(Versions.next(Orders.TABLE).setTtlSeconds(NOW / 1000 - 1).build());
    List<Long> visible = new ArrayList<>();
    for (long id = 20; id < 30; id++) {
      // The log's first record of each partition has timestamp 1000, the next one 1001.
      if (log.append(change(Op.INSERT, 1, id, 2, "later")) > 0) {
        visible.add(id);
      }
    }
    awaitRows(13);
    assertThat(lines(query("SELECT group_concat(id) FROM (SELECT id FROM orders ORDER BY id)")))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("[\"")
                    .contains(visible.get(0).toString())
                    .doesNotContain("\"1,"));
    assertThat(lines(query("SELECT count(*) FROM orders WHERE id BETWEEN 20 AND 29")))
        .contains("[" + visible.size() + "]");
  }
}
