package dev.shardstream.systemtests.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.cluster.TestPaths;
import dev.shardstream.systemtests.process.ProgramRun;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A producer written from docs/protocol.md in another language; its rows are read by SQL. */
@EnabledIf(
    value = "dev.shardstream.systemtests.interop.NodeProducer#canRun",
    disabledReason = "node and npm are not on the PATH")
class NodeProducerIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static NodeProducer producer;

  @BeforeAll
  static void install() {
    producer = NodeProducer.install();
  }

  @Test
  void agrees_with_the_test_vectors_of_the_page() {
    ProgramRun run = producer.run("", "--vectors", TestPaths.protocolPage().toString());

    assertThat(run.succeeded().out()).isEqualTo("{\"vectors\":21}\n");
  }

  @Test
  void rows_of_every_type_are_read_through_sql_as_node_wrote_them() {
    CLUSTER
        .client()
        .execute(
            """
            CREATE TABLE node_types (
              id BIGINT, part VARCHAR(20), small INTEGER, flag BOOLEAN, ratio FLOAT, amount DOUBLE,
              note TEXT, day DATE, at TIMESTAMP, body BLOB, size INTEGER DEFAULT 7,
              PRIMARY KEY (part, id)
            ) WITH (SHARDS=3, PARTITIONS=8, SHARD KEY=(id))
            """);

    write(
        "node_types",
        """
        {"op":"INSERT","row":{"id":"9007199254740993","part":"Zürich 😀","small":-2147483648,"flag":true,"ratio":0.1,"amount":-0.0,"note":"","day":"1969-12-31","at":"1998-08-02 10:15:30.123456","body":"00ff","size":1}}
        {"op":"INSERT","row":{"id":"-9223372036854775808","part":"a","small":null,"flag":false,"ratio":-1.5,"amount":1e300,"note":"it's","day":"2000-02-29","at":"1960-01-01 00:00:00.500","body":"","size":2}}
        {"op":"UPSERT","row":{"id":"1","part":"a","at":"2026-11-21 00:00:00"},"set":["at"]}
        {"op":"UPSERT","row":{"id":"2","part":"gone"}}
        {"op":"UPDATE","row":{"id":"1","part":"a","note":"set by node"},"set":["note"]}
        {"op":"DELETE","row":{"id":"2","part":"gone"}}
        """,
        6);

    awaitRows(
        "SELECT * FROM node_types ORDER BY part, id",
        List.of(
            row(
                9007199254740993L,
                "Zürich 😀",
                -2147483648L,
                1L,
                (double) 0.1f,
                -0.0,
                "",
                "1969-12-31",
                "1998-08-02 10:15:30.123456",
                "x'00ff'",
                1L),
            row(
                Long.MIN_VALUE,
                "a",
                null,
                0L,
                -1.5,
                1e300,
                "it's",
                "2000-02-29",
                "1960-01-01 00:00:00.500",
                "x''",
                2L),
            row(
                1L,
                "a",
                null,
                null,
                null,
                null,
                "set by node",
                null,
                "2026-11-21 00:00:00",
                null,
                7L)));
  }

  @Test
  void many_rows_are_found_by_their_keys_so_they_are_where_the_router_looks() {
    CLUSTER
        .client()
        .execute("CREATE TABLE node_many (id BIGINT PRIMARY KEY, name TEXT) WITH (SHARDS=8)");
    int count = 2_000;
    String changes =
        IntStream.range(0, count)
            .mapToObj("{\"op\":\"INSERT\",\"row\":{\"id\":%1$d,\"name\":\"n%1$d\"}}"::formatted)
            .collect(Collectors.joining("\n"));

    write("node_many", changes, count);

    awaitRows("SELECT count(*), sum(id) FROM node_many", List.of(row(2_000L, 1_999_000L)));
    List<List<@Nullable Object>> found =
        IntStream.iterate(0, id -> id < count, id -> id + 97)
            .boxed()
            .flatMap(id -> rows("SELECT id, name FROM node_many WHERE id = " + id).stream())
            .toList();
    assertThat(found)
        .isEqualTo(
            Stream.iterate(0L, id -> id < count, id -> id + 97)
                .map(id -> row(id, "n" + id))
                .toList());
    assertThat(rows("SELECT id FROM node_many WHERE id = " + count)).isEmpty();
  }

  private static void write(String table, String changes, int count) {
    Cluster cluster = CLUSTER.cluster();
    ProgramRun run =
        producer.run(
            changes,
            "--bootstrap",
            cluster.broker().address(),
            "--registry",
            cluster.registry().url(),
            "--cluster",
            cluster.clientSettings().get("cluster.name"),
            "--table",
            table);
    assertThat(run.succeeded().out()).startsWith("{\"written\":" + count + ",");
  }

  private static void awaitRows(String query, List<List<@Nullable Object>> expected) {
    await("the shards have applied what node wrote")
        .atMost(Patience.ONE_STEP)
        .untilAsserted(() -> assertThat(rows(query)).isEqualTo(expected));
  }

  private static List<List<@Nullable Object>> rows(String query) {
    return CLUSTER.client().execute(query).rows().stream()
        .map(row -> row(row.stream().map(NodeProducerIT::comparable).toArray()))
        .toList();
  }

  private static @Nullable Object comparable(@Nullable Object value) {
    return value instanceof byte[] bytes ? "x'" + HexFormat.of().formatHex(bytes) + "'" : value;
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
