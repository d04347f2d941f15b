package dev.shardstream.systemtests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.cluster.ClusterOptions;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every error says what happened, to which thing, in these words. */
class ErrorsIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  @BeforeAll
  static void a_table_with_a_row() {
    CLUSTER
        .client()
        .execute(
            """
            CREATE TABLE wrong (
              id INT PRIMARY KEY, name VARCHAR(3) NOT NULL, day DATE
            ) WITH (SHARDS=2)
            """);
    CLUSTER.client().execute("INSERT INTO wrong VALUES (1, 'one', NULL)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT * FROM nowhere                  | TABLE_NOT_FOUND     | Table 'nowhere' not found
          DROP TABLE nowhere                     | TABLE_NOT_FOUND     | Table 'nowhere' not found
          DESCRIBE nowhere                       | TABLE_NOT_FOUND     | Table 'nowhere' not found
          SELECT * FROM TABLE_STATS('nowhere')   | TABLE_NOT_FOUND     | Table 'nowhere' not found
          INSERT INTO nowhere VALUES (1)         | TABLE_NOT_FOUND     | Table 'nowhere' not found
          PRAGMA reshardTable('nowhere', 2)      | TABLE_NOT_FOUND     | Table 'nowhere' not found
          CREATE TABLE wrong (id INT PRIMARY KEY) | TABLE_EXISTS       | Table 'wrong' already exists
          CREATE TABLE t (id INT PRIMARY KEY) WITH (SHARDS=0) | INVALID_SHARD_COUNT | Invalid shard count: 0 (must be 1 to 256)
          CREATE TABLE t (id INT PRIMARY KEY) /* SHARDS=257 */ | INVALID_SHARD_COUNT | Invalid shard count: 257 (must be 1 to 256)
          PRAGMA reshardTable('wrong', 0)        | INVALID_SHARD_COUNT | Invalid shard count: 0 (must be 1 to 256)
          PRAGMA reshardTable(wrong, 257)        | INVALID_SHARD_COUNT | Invalid shard count: 257 (must be 1 to 256)
          PRAGMA reshardTable('wrong')           | INVALID_ARGUMENTS   | reshardTable requires exactly 2 arguments
          PRAGMA reshardTable('wrong', 2, 3)     | INVALID_ARGUMENTS   | reshardTable requires exactly 2 arguments
          CREATE TABLE t (id INT)                | PRIMARY_KEY_REQUIRED | Table 't' needs a PRIMARY KEY
          CREATE TABLE t (id INT PRIMARY KEY, _x INT) | RESERVED_NAME  | Name '_x' is reserved: names that start with '_' belong to Shardstream
          CREATE TABLE t (id INT PRIMARY KEY, mail TEXT UNIQUE) | UNIQUE_WITHOUT_SHARD_KEY | UNIQUE (mail) on table 't' does not contain the shard key (id): unique values across shards need a global unique index, which does not exist yet. Add the shard key to it
          INSERT INTO wrong VALUES (1, 'two', NULL) | DUPLICATE_KEY    | Duplicate key (1) in table 'wrong'
          INSERT INTO wrong VALUES (2, NULL, NULL) | NOT_NULL          | Column 'name' of table 'wrong' must not be NULL
          INSERT INTO wrong (id) VALUES (2)      | NOT_NULL            | Column 'name' of table 'wrong' must not be NULL
          INSERT INTO wrong (id, nam) VALUES (2, 'x') | COLUMN_NOT_FOUND | Column 'nam' not found in table 'wrong'
          UPDATE wrong SET nam = 'x' WHERE id = 1 | COLUMN_NOT_FOUND   | Column 'nam' not found in table 'wrong'
          SELECT nam FROM wrong                  | COLUMN_NOT_FOUND    | Column 'nam' not found in table 'wrong'
          INSERT INTO wrong VALUES (2, 'four', NULL) | TYPE            | Column 'name' of table 'wrong' is VARCHAR(3) and cannot hold 'four'
          INSERT INTO wrong VALUES (2147483648, 'x', NULL) | TYPE      | Column 'id' of table 'wrong' is INTEGER and cannot hold 2147483648
          INSERT INTO wrong VALUES (2, 'x', '2001-02-29') | TYPE       | Column 'day' of table 'wrong' is DATE and cannot hold '2001-02-29'
          """)
  void statements_that_cannot_be_done(String statement, ErrorCode code, String message) {
    mustFail(() -> CLUSTER.client().execute(statement), code, message);
  }

  @Test
  void a_syntax_error_has_its_line_and_column() {
    ShardstreamException error =
        failureOf(() -> CLUSTER.client().execute("SELECT *\nFROM wrong\nWHERE WHERE"));

    assertThat(error.code()).isEqualTo(ErrorCode.SYNTAX);
    assertThat(error.getMessage()).startsWith("Syntax error at line 3, column 7: ");
  }

  @Test
  void a_write_that_was_refused_changed_nothing() {
    assertThat(CLUSTER.client().execute("SELECT id, name FROM wrong").rows())
        .isEqualTo(java.util.List.of(java.util.List.of(1L, "one")));
  }

  @Test
  void an_unreachable_kafka_is_named_after_a_bounded_wait() throws IOException {
    String address = "127.0.0.1:" + closedPort();

    mustFailSoon(
        Map.of("bootstrap.servers", address),
        ErrorCode.KAFKA_UNREACHABLE,
        "Kafka is not reachable at " + address + " (waited 1 s): check the address and the broker");
  }

  @Test
  void an_unreachable_registry_is_named_after_a_bounded_wait() throws IOException {
    String url = "http://127.0.0.1:" + closedPort() + "/apis/ccompat/v7";

    mustFailSoon(
        Map.of("schema.registry.url", url),
        ErrorCode.REGISTRY_UNREACHABLE,
        "Schema registry is not reachable at "
            + url
            + " (waited 1 s): check the address and the registry");
  }

  @Test
  void a_second_process_on_the_same_data_directory_is_refused() {
    var directory = CLUSTER.cluster().directory().root();

    mustFail(
        () -> Cluster.start(ClusterOptions.in(directory)),
        ErrorCode.DATA_DIRECTORY_IN_USE,
        "Data directory " + directory + " is in use by another process");
  }

  private static void mustFailSoon(Map<String, String> settings, ErrorCode code, String message) {
    Map<String, String> all = new HashMap<>(CLUSTER.cluster().clientSettings());
    all.put("connect.timeout.ms", "1000");
    all.putAll(settings);
    // What does run may need longer than that second, and is then named in its place.
    await("a failure that names what does not run")
        .atMost(Patience.ONE_STEP)
        .untilAsserted(
            () -> {
              long begin = System.nanoTime();
              mustFail(() -> Shardstream.connect(all).close(), code, message);
              assertThat(Duration.ofNanos(System.nanoTime() - begin))
                  .isLessThan(Duration.ofSeconds(25));
            });
  }

  private static void mustFail(ThrowingCallable action, ErrorCode code, String message) {
    ShardstreamException error = failureOf(action);
    assertThat(error.code() + ": " + error.getMessage()).isEqualTo(code + ": " + message);
  }

  private static ShardstreamException failureOf(ThrowingCallable action) {
    ShardstreamException error = catchThrowableOfType(ShardstreamException.class, action);
    assertThat(error).as("a statement that cannot be done was done").isNotNull();
    return error;
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
