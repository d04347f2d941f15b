package dev.shardstream.systemtests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableDescription;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.DirectoryStore;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.standalone.snapshot.Restore;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tables of every type are kept and had again as what they are. */
class SnapshotTypesIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final String EDGES = "SELECT _from, _to, since FROM %s ORDER BY _from, _to";
  private static final String CLICKS = "SELECT id, page FROM %s ORDER BY id";

  @TempDir private Path directory;
  private final Shardstream client = CLUSTER.client();

  @Test
  void edges_are_restored_between_the_node_tables_of_their_names() {
    client.execute("CREATE NAMESPACE graph");
    client.execute(
        "CREATE NODE TABLE graph.person (name STRING, born DATE, PRIMARY KEY (name))"
            + " WITH (SHARDS=2, PARTITIONS=2)");
    client.execute("CREATE EDGE TABLE graph.knows (FROM person TO person, since DATE)");
    client.execute(
        "INSERT INTO graph.person VALUES ('Ada', '1815-12-10'), ('Grace', '1906-12-09'),"
            + " ('Edsger', NULL)");
    client.execute(
        "INSERT INTO graph.knows (_from, _to, since) VALUES ('Ada', 'Grace', '1998-08-02'),"
            + " ('Ada', 'Edsger', NULL), ('Grace', 'Ada', '2001-01-01')");
    List<List<@Nullable Object>> edges = rows(EDGES, "graph.knows");
    assertThat(edges).hasSize(3);
    DirectoryStore store = new DirectoryStore(directory.resolve("graph"));
    client.snapshots().create("graph.person", store, "nodes", stored -> {});
    client.snapshots().create("graph.knows", store, "edges", stored -> {});

    restore(store, "edges", "graph.knew", null);
    assertThat(rows(EDGES, "graph.knew")).isEqualTo(edges);
    assertAlike("graph.knew", "graph.knows");
    assertThat(describe("graph.knew").fromTable())
        .isEqualTo(describe("graph.person").info().tableId());
    assertFails(
        "INSERT INTO graph.knew (_from, _to) VALUES ('Ada', 'Grace')", ErrorCode.DUPLICATE_KEY);

    client.execute("DROP NODE TABLE graph.person CASCADE");
    assertThatThrownBy(() -> restore(store, "edges", "graph.knows", null))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NODE_TABLE_NOT_FOUND));
    restore(store, "nodes", "graph.person", null);
    restore(store, "edges", "graph.knows", null);

    assertThat(rows("SELECT name, born FROM %s ORDER BY name", "graph.person"))
        .isEqualTo(
            List.of(
                List.of("Ada", "1815-12-10"),
                Arrays.asList("Edsger", null),
                List.of("Grace", "1906-12-09")));
    assertThat(rows(EDGES, "graph.knows")).isEqualTo(edges);
    client.execute("DROP NODE TABLE graph.person CASCADE");
    client.execute("DROP NAMESPACE graph");
  }

  @Test
  void a_stream_is_restored_with_its_time_to_live_and_without_what_has_expired() {
    client.execute(
        "CREATE STREAM TABLE clicks (id BIGINT PRIMARY KEY, page TEXT)"
            + " WITH (SHARDS=2, PARTITIONS=2, TTL_SECONDS=3600)");
    client.execute(
        "CREATE STREAM TABLE flashes (id BIGINT PRIMARY KEY, page TEXT)"
            + " WITH (SHARDS=1, PARTITIONS=1, TTL_SECONDS=1)");
    client.execute("INSERT INTO clicks VALUES (1, 'home'), (2, NULL), (3, 'cart')");
    client.execute("INSERT INTO flashes VALUES (1, 'gone')");
    DirectoryStore store = new DirectoryStore(directory.resolve("streams"));
    client.snapshots().create("clicks", store, "stream", stored -> {});
    client.execute("INSERT INTO clicks VALUES (4, 'later')");
    Instant moment = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    await("the clock goes on")
        .atMost(Patience.ONE_STEP)
        .until(() -> System.currentTimeMillis() > moment.toEpochMilli() + 5);
    client.execute("INSERT INTO clicks VALUES (5, 'too late')");

    restore(store, "stream", "clicks_then", null);
    restore(store, "stream", "clicks_later", moment.toString());
    List<List<@Nullable Object>> then =
        List.of(List.of(1L, "home"), Arrays.asList(2L, null), List.of(3L, "cart"));
    assertThat(rows(CLICKS, "clicks_then")).isEqualTo(then);
    assertThat(rows(CLICKS, "clicks_later"))
        .isEqualTo(List.of(then.get(0), then.get(1), then.get(2), List.of(4L, "later")));
    assertAlike("clicks_then", "clicks");
    assertFails("DELETE FROM clicks_then WHERE id = 1", ErrorCode.STREAM_TABLE_APPEND_ONLY);

    await("it has expired")
        .atMost(Patience.ONE_STEP)
        .until(() -> rows(CLICKS, "flashes").isEmpty());
    client.snapshots().create("flashes", store, "empty", stored -> {});
    restore(store, "empty", "flashes_then", null);
    assertThat(rows(CLICKS, "flashes_then")).isEmpty();
    assertAlike("flashes_then", "flashes");
    for (String table :
        List.of("clicks", "clicks_then", "clicks_later", "flashes", "flashes_then")) {
      client.execute("DROP STREAM TABLE " + table);
    }
  }

  private void restore(DirectoryStore store, String name, String into, @Nullable String at) {
    new Restore(client, Snapshot.open(store, name), into, line -> {})
        .run(at, directory.resolve("work"));
  }

  private List<List<@Nullable Object>> rows(String query, String table) {
    return client.execute(query.formatted(table)).rows();
  }

  private TableDescription describe(String table) {
    return client.tables().describe(table);
  }

  /** Of the same type, keys, columns and time to live. */
  private void assertAlike(String restored, String original) {
    assertThat(kind(describe(restored))).isEqualTo(kind(describe(original)));
  }

  private static List<@Nullable Object> kind(TableDescription table) {
    return Arrays.asList(
        table.info().tableType(),
        table.info().shards(),
        table.info().partitions(),
        table.primaryKey(),
        table.shardKey(),
        table.ttlSeconds(),
        table.fromTable(),
        table.toTable(),
        table.columns());
  }

  private void assertFails(String statement, ErrorCode code) {
    assertThatThrownBy(() -> client.execute(statement))
        .isInstanceOfSatisfying(
            ShardstreamException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}
