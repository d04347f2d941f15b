package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.QueryRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  private static final MetadataSnapshot METADATA = Shop.metadata();
  private static final String USERS = Shop.USERS.getTableId();

  private final SqliteShards shards = new SqliteShards();
  private final SampleTables.Fixed metadata = new SampleTables.Fixed(METADATA);
  private final Session session = new Session();
  private final AtomicLong clock = new AtomicLong();

  /** What happens before a shard is asked. */
  private BiConsumer<ShardAddress, QueryRequest> before = (shard, request) -> {};

  private final Router router = router(settings(1000, 64L << 20, Duration.ofSeconds(60)));

  private Router router(QuerySettings settings) {
    ShardClient client =
        new ShardClient() {
          @Override
          public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
            before.accept(shard, request);
            shards.query(shard, request, sink);
          }

          @Override
          public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
            return shards.await(shard, request);
          }

          @Override
          public void close() {}
        };
    Holders holders = new Holders(client, Duration.ofSeconds(30), clock::get);
    return new Router(metadata, holders, "default", settings, clock::get);
  }

  private static QuerySettings settings(long rows, long bytes, Duration timeout) {
    return new QuerySettings(
        timeout,
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        Duration.ofSeconds(20),
        rows,
        bytes,
        3);
  }

  @BeforeEach
  void loadUsers() throws SQLException {
    shards.load(Shop.USERS, METADATA.requireTopology(Shop.USERS), users());
    shards.load(
        Shop.ORDERS,
        METADATA.requireTopology(Shop.ORDERS),
        List.of(
            Arrays.asList(1L, 1L, Long.MAX_VALUE, 1.5, "a"),
            Arrays.asList(1L, 2L, 5L, -0.0, "b"),
            Arrays.asList(1L, 3L, -9L, null, null)));
    shards.load(
        Shop.CITIES,
        METADATA.requireTopology(Shop.CITIES),
        List.of(Arrays.asList("Oslo", "NO", 7L)));
  }

  private static List<List<@Nullable Object>> users() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    LongStream.range(0, 100)
        .forEach(id -> rows.add(Arrays.asList(id, "n" + id, null, id, -0.0, 1L, null, null)));
    return rows;
  }

  @AfterEach
  void close() {
    router.close();
    shards.close();
  }

  private List<List<@Nullable Object>> rows(Router asked, String sql, @Nullable Object... values) {
    SelectStatement select = (SelectStatement) SqlParser.parse(sql);
    return asked.select(select, Arrays.asList(values), session).rows();
  }

  private void assertError(Router asked, String sql, ErrorCode code, String message) {
    assertThatThrownBy(() -> rows(asked, sql))
        .isInstanceOfSatisfying(
            ShardstreamException.class, error -> assertThat(error.code()).isEqualTo(code))
        .hasMessage(message);
  }

  @Test
  void a_key_asks_one_shard_for_one_virtual_shard() {
    assertThat(rows(router, "SELECT name FROM users WHERE id = ?", 17))
        .containsExactly(List.of("n17"));
    assertThat(shards.asked).hasSize(1);
    assertThat(shards.asked.element().view().virtualShards()).containsExactly(158);
    assertThat(shards.asked.element().schemaVersion()).isEqualTo(Shop.USERS.getSchemaVersion());
    assertThat(shards.asked.element().blockRows()).isEqualTo(Shop.USERS.getBlockSize());
  }

  @Test
  void a_key_that_nothing_equals_asks_no_shard() {
    assertThat(rows(router, "SELECT name FROM users WHERE id IN ()")).isEmpty();
    assertThat(shards.asked).isEmpty();
  }

  @Test
  void a_read_asks_for_what_the_session_has_seen_and_remembers_what_it_saw() {
    session.sawWrite(USERS, new Position(15, 40));

    rows(router, "SELECT count(*) FROM users");

    assertThat(shards.asked)
        .filteredOn(request -> !request.minPositions().isEmpty())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.shardId()).isEqualTo(4);
              assertThat(request.minPositions()).containsExactly(new Position(15, 40));
              assertThat(request.maxWaitMillis()).isEqualTo(2000);
              assertThat(request.maxStalenessMillis()).isEqualTo(30_000);
            });
    assertThat(session.minPositions(USERS, Set.of(0, 1, 2, 3, 4)))
        .isEqualTo(LongStream.range(0, 5).mapToObj(p -> new Position((int) p, 7)).toList());
  }

  @Test
  void what_could_end_the_process_is_refused_over_gathered_rows() {
    // Shards of a test would run it: what refuses it here is the client.
    for (String sql :
        List.of(
            "SELECT replicate('x', 2) FROM users u JOIN cities c ON c.people = u.id LIMIT 1",
            "SELECT min(id) FROM users GROUP BY [replicate] ('x', 2)",
            "SELECT id FROM users ORDER BY (SELECT replicate/**/('x', count(*)) FROM cities)")) {
      assertError(router, sql, ErrorCode.QUERY_FAILED, "no such function: replicate");
    }
  }

  @Test
  void a_value_over_gathered_rows_is_as_long_as_in_a_shard() {
    assertError(
        router,
        "SELECT max(zeroblob(17000000)) FROM users u JOIN cities c ON true",
        ErrorCode.QUERY_FAILED,
        "string or blob too big");
  }

  @Test
  void after_a_cutover_the_whole_statement_is_repeated_at_one_epoch() throws SQLException {
    Topology next = Shop.topology(Shop.USERS, 2, 10, 3);
    shards.load(Shop.USERS, next, users());
    before =
        (shard, request) -> {
          if (request.shardId() == 3) {
            shards.drop(Shop.USERS, 3);
            metadata.set(Shop.with(METADATA, next));
          }
        };

    assertThat(rows(router, "SELECT count(*), sum(id), count(DISTINCT id) FROM users"))
        .containsExactly(List.of(100L, 4950L, 100L));
    assertThat(shards.asked.stream().map(QueryRequest::shardId).filter(id -> id >= 10))
        .containsExactlyInAnyOrder(10, 11, 12);
  }

  @Test
  void a_shard_that_stops_because_it_was_replaced_is_no_error() throws SQLException {
    Topology next = Shop.topology(Shop.USERS, 2, 10, 3);
    shards.load(Shop.USERS, next, users());
    before =
        (shard, request) -> {
          if (request.shardId() == 2) {
            metadata.set(Shop.with(METADATA, next));
            throw new ShardstreamException(ErrorCode.SHARD_FAILED, shard.shardName(), "closed");
          }
        };

    assertThat(rows(router, "SELECT count(*) FROM users")).containsExactly(List.of(100L));
  }

  @Test
  void a_shard_that_has_stopped_for_good_is_an_error() {
    before =
        (shard, request) -> {
          throw new ShardstreamException(ErrorCode.SHARD_FAILED, shard.shardName(), "disk full");
        };

    assertError(
        router,
        "SELECT * FROM cities",
        ErrorCode.SHARD_FAILED,
        "Shard default-cities-1/0 has stopped: disk full");
  }

  @Test
  void a_shard_that_never_answers_is_named_with_the_wait() {
    before =
        (shard, request) -> {
          clock.addAndGet(Duration.ofSeconds(3).toNanos());
          throw new ShardUnavailableException(shard, "connection refused", null);
        };

    assertError(
        router,
        "SELECT * FROM users WHERE id = 17",
        ErrorCode.SHARD_UNREACHABLE,
        "Shard default-users-1/3 on node 'n1' is not reachable at http://localhost:1 (waited 21 s):"
            + " connection refused");
  }

  @Test
  void a_statement_is_not_repeated_when_its_client_is_closed_meanwhile() {
    before =
        (shard, request) -> {
          clock.addAndGet(Duration.ofSeconds(3).toNanos());
          router.close();
          throw new ShardUnavailableException(shard, "the client was closed", null);
        };

    assertError(
        router,
        "SELECT * FROM users WHERE id = 17",
        ErrorCode.QUERY_FAILED,
        "The client was closed before the statement was answered");
    assertThat(clock).hasValue(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void a_node_that_was_never_heard_of_is_named() {
    metadata.set(
        new MetadataSnapshot(METADATA.tablesById(), METADATA.topologies(), Map.of(), Map.of()));
    Router impatient =
        router(
            new QuerySettings(
                Duration.ofSeconds(1),
                Duration.ZERO,
                Duration.ofSeconds(30),
                Duration.ZERO,
                10,
                1L << 20,
                1));

    assertError(
        impatient,
        "SELECT * FROM cities",
        ErrorCode.SHARD_UNREACHABLE,
        "Shard default-cities-1/0 on node 'n1' is not reachable at an unknown address (waited 0 s):"
            + " nothing has been heard of the node");
    impatient.close();
  }

  @Test
  void a_stream_is_not_repeated_once_rows_were_given_away() {
    List<Object> seen = new ArrayList<>();
    RowSink failing =
        new RowSink() {
          @Override
          public void columns(List<String> names) {
            seen.add(names);
          }

          @Override
          public void row(List<@Nullable Object> values) {
            seen.add(values);
            throw new ShardUnavailableException(
                new ShardAddress("t", 0, "n1", "http://localhost:1"), "cut off", null);
          }
        };
    SelectStatement select = (SelectStatement) SqlParser.parse("SELECT city FROM cities");

    assertThatThrownBy(() -> router.stream(select, List.of(), session, failing))
        .isInstanceOf(ShardstreamException.class)
        .hasMessageEndingWith("(waited 0 s): cut off");
    assertThat(seen).containsExactly(List.of("city"), List.of("Oslo"));
  }

  @Test
  void a_sum_that_overflows_on_a_shard_only_is_taken_over_the_rows() {
    assertError(
        router, "SELECT sum(total) FROM orders", ErrorCode.QUERY_FAILED, "integer overflow");
    assertThat(rows(router, "SELECT avg(total) FROM orders").get(0).get(0))
        .isEqualTo(3.0744573456182584E18);
  }

  @Test
  void values_come_back_as_they_are_stored() {
    assertThat(rows(router, "SELECT total, price FROM orders ORDER BY no"))
        .containsExactly(List.of(Long.MAX_VALUE, 1.5), List.of(5L, -0.0), Arrays.asList(-9L, null));
    assertThat(rows(router, "SELECT id, score, -score FROM users ORDER BY id LIMIT 1"))
        .containsExactly(List.of(0L, -0.0, 0.0));
    assertThat(rows(router, "SELECT ?, ?, ?", true, (byte) 3, 1.5f))
        .containsExactly(List.of(1L, 3L, 1.5));
    assertThat(rows(router, "SELECT ?, ?", Double.POSITIVE_INFINITY, "\0😀"))
        .containsExactly(List.of(Double.POSITIVE_INFINITY, "\0😀"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT nope FROM users | COLUMN_NOT_FOUND | Column 'nope' not found in table 'users'
          SELECT nope FROM cities | COLUMN_NOT_FOUND | Column 'nope' not found in table 'cities'
          SELECT u.nope FROM users u JOIN orders o | COLUMN_NOT_FOUND | Column 'nope' not found in table 'users'
          SELECT nope FROM users u JOIN orders o | COLUMN_NOT_FOUND | Column 'nope' not found in table 'users', 'orders'
          SELECT count(nope) FROM users | COLUMN_NOT_FOUND | Column 'nope' not found in table 'users'
          SELECT id FROM users WHERE nope = 1 | COLUMN_NOT_FOUND | Column 'nope' not found in table 'users'
          SELECT id FROM users WHERE nope = 1 AND id = 4 | COLUMN_NOT_FOUND | Column 'nope' not found in table 'users'
          SELECT x.id FROM users | COLUMN_NOT_FOUND | Column 'id' not found in table 'users'
          SELECT rowid FROM users | COLUMN_NOT_FOUND | Column 'rowid' not found in table 'users'
          SELECT id FROM users a, users b | AMBIGUOUS_COLUMN | Column 'id' is ambiguous
          SELECT a FROM nowhere | TABLE_NOT_FOUND | Table 'nowhere' not found
          SELECT nosuch(id) FROM users | QUERY_FAILED | no such function: nosuch
          SELECT id FROM users WHERE count(*) > 1 | QUERY_FAILED | misuse of aggregate function count()
          SELECT id FROM users ORDER BY 9 | QUERY_FAILED | 1st ORDER BY term out of range - should be between 1 and 1
          SELECT id FROM users UNION SELECT 1, 2 | QUERY_FAILED | SELECTs to the left and right of UNION do not have the same number of result columns
          """)
  void errors_are_sqlites_with_our_codes(String sql, ErrorCode code, String message) {
    assertError(router, sql, code, message);
  }

  @Test
  void too_many_rows_are_refused_wherever_they_are() {
    Router narrow = router(settings(20, 64L << 20, Duration.ofSeconds(60)));
    String message = "The result has more than 20 rows: add a LIMIT or raise the row limit";

    assertError(narrow, "SELECT id FROM users", ErrorCode.ROW_LIMIT, message);
    assertError(narrow, "SELECT count(*) FROM users, orders", ErrorCode.ROW_LIMIT, message);
    assertError(
        narrow,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        ErrorCode.ROW_LIMIT,
        message);
    assertThat(rows(narrow, "SELECT count(*) FROM users")).containsExactly(List.of(100L));
    narrow.close();
  }

  @Test
  void rows_that_take_too_much_memory_are_refused() throws SQLException {
    List<List<@Nullable Object>> fat = new ArrayList<>();
    LongStream.range(0, 40)
        .forEach(
            id ->
                fat.add(
                    Arrays.asList(id, "x".repeat(100_000), null, null, null, null, null, null)));
    Topology next = Shop.topology(Shop.USERS, 2, 20, 2);
    shards.load(Shop.USERS, next, fat);
    metadata.set(Shop.with(METADATA, next));
    Router small = router(settings(1000, 1L << 20, Duration.ofSeconds(60)));

    assertError(
        small,
        "SELECT name FROM users",
        ErrorCode.ROW_LIMIT,
        "The statement gathers more than 1 MiB from its shards: name fewer columns or filter by the"
            + " shard key");
    small.close();
  }

  @Test
  void a_statement_over_no_shards_is_told_when_the_router_is_closed() {
    router.close();

    assertError(
        router,
        "SELECT 1",
        ErrorCode.QUERY_FAILED,
        "The client was closed before the statement was answered");
  }

  @Test
  void a_statement_that_runs_too_long_is_stopped_also_when_the_router_was_closed_meanwhile() {
    Router hurried = router(settings(1000, 64L << 20, Duration.ofMillis(200)));
    RowSink closing =
        new RowSink() {
          @Override
          public void columns(List<String> names) {
            hurried.close();
          }

          @Override
          public void row(List<@Nullable Object> values) {}
        };
    SelectStatement select =
        (SelectStatement)
            SqlParser.parse(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000000)"
                    + " SELECT 1 UNION ALL SELECT count(*) FROM n");

    assertThatThrownBy(() -> hurried.stream(select, List.of(), session, closing))
        .hasMessage("The statement ran longer than 200 ms");
  }

  @Test
  void a_statement_that_runs_too_long_is_stopped() {
    Router hurried = router(settings(1000, 64L << 20, Duration.ofMillis(200)));

    assertError(
        hurried,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        ErrorCode.STATEMENT_TIMEOUT,
        "The statement ran longer than 200 ms");
    hurried.close();
  }
}
