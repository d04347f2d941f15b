package dev.shardstream.systemtests.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.NodeInfo;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableInfo;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.live.LiveChange;
import dev.shardstream.producer.live.LiveQuery;
import dev.shardstream.producer.live.LiveQuerySink;
import dev.shardstream.producer.snapshot.CutLog;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import dev.shardstream.standalone.snapshot.Restore;
import dev.shardstream.streams.ControlPlane;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.worker.Worker;
import dev.shardstream.worker.config.WorkerConfig;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything secured at once, as docs/security.md has it: Kafka with SASL_SSL and the rights of the
 * manifests, HTTPS everywhere, clients known by tokens and nodes by certificates. The processes run
 * in this JVM: what is tested is whom each of them lets in.
 */
@EnabledIfSystemProperty(named = "shardstream.secure", matches = "true")
class SecureClusterIT {
  private static final Path TREE = Path.of("..");
  private static final Path USERS =
      TREE.resolve(Path.of("deploy", "kubernetes", "components", "strimzi", "users.yaml"));
  private static final Path TLS =
      TREE.resolve(Path.of("schemas", "src", "test", "resources", "tls"));
  private static final String CLIENT = "shardstream-client";
  private static final String SNAPSHOTS = "shardstream-snapshots";
  private static final String APP = "shs_app";
  private static final String READER = "shs_reader";
  private static final String NODE = "shs_node";
  private static final String GUESSED = "shs_guessed";
  private static final Duration LIMIT = Patience.ONE_STEP;

  @TempDir static Path directory;
  private static final List<Worker> WORKERS = new ArrayList<>();
  private static SecureBroker broker;
  private static ControlPlane controlPlane;
  private static Path principals;

  @BeforeAll
  static void start() throws Exception {
    Rights rights = Rights.read(USERS);
    broker =
        SecureBroker.start(
            Files.createDirectory(directory.resolve("broker")), TLS, rights.byUser().keySet());
    broker.grant(rights.all());
    principals =
        Files.write(
            directory.resolve("principals"),
            List.of(
                Token.line(new Principal("app", Role.DDL), APP),
                Token.line(new Principal("reports", Role.READ), READER),
                Token.line(new Principal("snapshots", Role.NODE), NODE),
                "node-1 NODE certificate:CN=server, O=Shardstream tests",
                "node-2 NODE certificate:CN=client, O=Shardstream tests"));
    controlPlane =
        ControlPlane.start(
            ControlPlaneConfig.of(
                settings(
                    "shardstream-streams-app",
                    Map.of(
                        "state.dir",
                        directory.resolve("state").toString(),
                        "reshard.grace.ms",
                        "500"),
                    serving("server.crt", "server.key"))));
    WORKERS.add(worker(1, serving("server.crt", "server.key")));
    WORKERS.add(worker(2, serving("client.pem", null)));
  }

  private static Worker worker(int number, Map<String, String> serving) throws Exception {
    return Worker.start(
        WorkerConfig.of(
            settings(
                "shardstream-shard-worker",
                Map.of(
                    "node.id",
                    "node-" + number,
                    "data.dir",
                    directory.resolve("node-" + number).toString(),
                    "snapshot.place",
                    place().toString(),
                    "heartbeat.interval.ms",
                    "300"),
                serving)));
  }

  private static Path place() {
    return directory.resolve("snapshots");
  }

  /** What a process needs that speaks HTTPS, knows its callers and is known by its certificate. */
  private static Map<String, String> serving(String certificate, @Nullable String key) {
    Map<String, String> settings = new HashMap<>();
    settings.put("http.auth.principals.file", principals.toString());
    settings.put("http.tls.keystore.file", TLS.resolve(certificate).toString());
    if (key != null) {
      settings.put("http.tls.key.file", TLS.resolve(key).toString());
    }
    settings.put("http.tls.client.auth", "want");
    return settings;
  }

  private static Map<String, String> settings(
      String user, Map<String, String> own, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(broker.settings(user));
    settings.put("schema.registry.url", "mock://secure-cluster");
    settings.put("topic.replication.factor", "1");
    settings.put("connect.timeout.ms", "60000");
    settings.put("http.tls.truststore.file", TLS.resolve("authority.crt").toString());
    settings.putAll(own);
    settings.putAll(more);
    return settings;
  }

  private static Map<String, String> client(String token) throws Exception {
    return client(CLIENT, token);
  }

  /** A client that is a user of Kafka, and has a token. */
  private static Map<String, String> client(String user, String token) throws Exception {
    Path file = Files.writeString(directory.resolve(token), token);
    return settings(
        user,
        Map.of("command.timeout.ms", "120000", "write.timeout.ms", "120000"),
        Map.of("http.auth.token.file", file.toString()));
  }

  @AfterAll
  static void stop() {
    WORKERS.forEach(Worker::close);
    if (controlPlane != null) {
      controlPlane.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** The rows of a live query, those of the beginning and those that came. */
  private static final class Rows implements LiveQuerySink {
    private final List<List<@Nullable Object>> all = new CopyOnWriteArrayList<>();
    private volatile boolean initialDone;

    @Override
    public void columns(List<String> names) {}

    @Override
    public void row(List<@Nullable Object> values) {
      all.add(values);
    }

    @Override
    public void initialDone() {
      initialDone = true;
    }

    @Override
    public void change(LiveChange change) {
      all.add(change.values());
    }

    @Override
    public void ended(@Nullable ShardstreamException error) {}
  }

  @Test
  void a_table_is_made_written_watched_resharded_over_both_nodes_and_read() throws Exception {
    try (Shardstream client = Shardstream.connect(client(APP))) {
      awaitNodes(client);
      client.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, n INT) WITH (SHARDS=2, PARTITIONS=4)");
      String rows =
          LongStream.rangeClosed(1, 100)
              .mapToObj(id -> "(" + id + ", 1)")
              .collect(Collectors.joining(", "));
      client.execute("INSERT INTO t VALUES " + rows);
      Rows seen = new Rows();
      try (LiveQuery query =
          client.subscribe("SUBSCRIBE TO SELECT id, n FROM t WHERE n > 1", seen)) {
        await("the rows of the beginning").atMost(LIMIT).until(() -> seen.initialDone);
        String id = client.reshards().start("t", 4).changeLogId();
        client.execute("UPDATE t SET n = 2 WHERE id = 1");
        ReshardInfo ended = client.reshards().await(id, LIMIT);
        assertThat(ended.status()).as("%s", ended).isEqualTo("complete");
        assertThat(ended.rowsCopied())
            .as("rows from the other node")
            .isGreaterThan(ended.rowsCopiedLocally());
        client.execute("UPDATE t SET n = 3 WHERE id = 100");
        await("both changes")
            .atMost(LIMIT)
            .until(() -> seen.all.equals(List.of(List.of(1L, 2L), List.of(100L, 3L))));
        assertThat(query.isActive()).isTrue();
      }
      assertThat(client.execute("SELECT count(*), sum(n) FROM t").rows())
          .containsExactly(List.of(100L, 103L));
    }
  }

  @Test
  void a_log_is_cut_by_who_takes_snapshots_and_by_nobody_else() throws Exception {
    try (Shardstream client = Shardstream.connect(client(APP))) {
      awaitNodes(client);
      client.execute("CREATE TABLE cut (id BIGINT PRIMARY KEY) WITH (SHARDS=2, PARTITIONS=1)");
      client.execute("INSERT INTO cut VALUES (1), (2), (3)");
    }
    try (SnapshotStore store = SnapshotStores.open(place().toString());
        Shardstream keeper = Shardstream.connect(client(SNAPSHOTS, NODE))) {
      assertThat(keeper.snapshots().create("cut", store, "older", stored -> {}).rows())
          .isEqualTo(3);
      assertThat(keeper.snapshots().create("cut", store, "newer", stored -> {}).rows())
          .isEqualTo(3);
      assertThat(keeper.snapshots().prune("cut", store, 1)).containsExactly("older");
      assertThat(keeper.tables().listTables()).extracting(TableInfo::name).contains("cut");
      try (Shardstream other = Shardstream.connect(client(CLIENT, NODE))) {
        assertThatThrownBy(() -> other.snapshots().cutLog("cut", store, false))
            .isInstanceOf(ShardstreamException.class)
            .hasMessageEndingWith("Topic authorization failed.");
      }
      CutLog log = keeper.snapshots().cutLog("cut", store, false);
      assertThat(List.of(log.snapshot(), log.offsets() > 0)).isEqualTo(List.of("newer", true));
      assertThatThrownBy(() -> keeper.execute("INSERT INTO cut VALUES (4)"))
          .isInstanceOf(ShardstreamException.class);
      assertThatThrownBy(() -> keeper.execute("SELECT id FROM cut"))
          .isInstanceOfSatisfying(
              ShardstreamException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.FORBIDDEN));
    }
    try (Shardstream client = Shardstream.connect(client(APP))) {
      assertThat(client.execute("SELECT id FROM cut ORDER BY id").rows())
          .isEqualTo(List.of(List.of(1L), List.of(2L), List.of(3L)));
    }
  }

  @Test
  void a_snapshot_is_restored_by_a_user_who_writes_with_a_token_that_gets_slices()
      throws Exception {
    try (Shardstream client = Shardstream.connect(client(APP));
        SnapshotStore store = SnapshotStores.open(place().toString());
        Shardstream keeper = Shardstream.connect(client(SNAPSHOTS, NODE));
        Shardstream restorer = Shardstream.connect(client(CLIENT, NODE))) {
      awaitNodes(client);
      client.execute("CREATE TABLE lost (id BIGINT PRIMARY KEY, n INT) WITH (SHARDS=2)");
      client.execute("CREATE INDEX by_n ON lost (n)");
      client.execute("INSERT INTO lost VALUES (1, 10), (2, 20), (3, 30)");
      keeper.snapshots().create("lost", store, "of-lost", stored -> {});
      client.execute("DROP TABLE lost");

      assertThat(
              new Restore(restorer, Snapshot.open(store, "of-lost"), "found", line -> {})
                  .run(null, null)
                  .written())
          .isEqualTo(3);
      assertThat(client.execute("SELECT id FROM found WHERE n > 10 ORDER BY id").rows())
          .isEqualTo(List.of(List.of(2L), List.of(3L)));
    }
  }

  @Test
  void nobody_gets_more_than_their_token_says() throws Exception {
    String tableId;
    try (Shardstream client = Shardstream.connect(client(APP))) {
      awaitNodes(client);
      client.execute("CREATE TABLE closed (id BIGINT PRIMARY KEY) WITH (SHARDS=1, PARTITIONS=1)");
      client.execute("INSERT INTO closed VALUES (1)");
      tableId = client.tables().describe("closed").info().tableId();
    }
    try (Shardstream guessing = Shardstream.connect(client(GUESSED))) {
      assertThatThrownBy(() -> guessing.execute("SELECT * FROM closed"))
          .isInstanceOf(ShardstreamException.class)
          .hasMessageNotContaining(GUESSED)
          .extracting(failure -> ((ShardstreamException) failure).code())
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    try (Shardstream reader = Shardstream.connect(client(READER))) {
      assertThat(reader.execute("SELECT * FROM closed").rows()).containsExactly(List.of(1L));
    }
    String node = WORKERS.get(0).endpoint();
    String control = "https://localhost:" + controlPlane.httpPort();
    String slice = node + Paths.slice(tableId, 0, 1, KeyRanges.ALL);
    assertThat(node).startsWith("https://");
    assertThat(status(APP, slice, false)).as("slices are for nodes").isEqualTo(403);
    assertThat(status(READER, control + "/v1/nodes", false)).isEqualTo(200);
    String reshard = control + "/v1/databases/default/reshards/none-1/pause";
    assertThat(status(READER, reshard, true)).as("reading is not steering").isEqualTo(403);
    assertThat(status(APP, reshard, true)).isEqualTo(202);
    assertThat(status(GUESSED, control + "/v1/nodes", false)).isEqualTo(401);
  }

  private static int status(String token, String url, boolean posts) throws Exception {
    Caller caller = Caller.of(ClientConfig.of(client(token)));
    var request = caller.request(URI.create(url)).header("Content-Type", "application/json");
    return caller
        .client()
        .build()
        .send(
            (posts ? request.POST(BodyPublishers.noBody()) : request).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private static void awaitNodes(Shardstream client) {
    await("both nodes are heard of")
        .atMost(LIMIT)
        .until(
            () -> client.nodes().list().stream().map(NodeInfo::nodeId).sorted().toList(),
            List.of("node-1", "node-2")::equals);
  }
}
