package dev.shardstream.systemtests.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.streams.ControlPlane;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.worker.Worker;
import dev.shardstream.worker.config.WorkerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each process with the rights of the Kubernetes manifests and no others. The processes run in this
 * JVM: what is tested is what Kafka lets them do.
 */
@EnabledIfSystemProperty(named = "shardstream.secure", matches = "true")
class SecureKafkaIT {
  private static final Path TREE = Path.of("..");
  private static final Path USERS =
      TREE.resolve(Path.of("deploy", "kubernetes", "components", "strimzi", "users.yaml"));
  private static final Path TLS =
      TREE.resolve(Path.of("schemas", "src", "test", "resources", "tls"));
  private static final String CLIENT = "shardstream-client";
  private static final String READER = "reader";
  private static final String STRANGER = "stranger";

  @TempDir static Path directory;
  private static SecureBroker broker;
  private static ControlPlane controlPlane;
  private static Worker worker;

  @BeforeAll
  static void start() throws Exception {
    Rights rights = Rights.read(USERS);
    List<String> users = new ArrayList<>(rights.byUser().keySet());
    users.add(READER);
    users.add(STRANGER);
    broker = SecureBroker.start(Files.createDirectory(directory.resolve("broker")), TLS, users);
    List<AclBinding> all = new ArrayList<>(rights.all());
    rights.byUser().get(CLIENT).stream()
        .filter(right -> right.entry().operation() != AclOperation.WRITE)
        .forEach(right -> all.add(given(READER, right)));
    all.add(given(READER, write("shardstream.ddl-commands")));
    broker.grant(all);
    controlPlane =
        ControlPlane.start(
            ControlPlaneConfig.of(
                settings(
                    "shardstream-streams-app",
                    Map.of("state.dir", directory.resolve("state").toString()))));
    worker =
        Worker.start(
            WorkerConfig.of(
                settings(
                    "shardstream-shard-worker",
                    Map.of(
                        "node.id",
                        "node-1",
                        "data.dir",
                        directory.resolve("worker").toString(),
                        "heartbeat.interval.ms",
                        "300"))));
  }

  private static AclBinding given(String user, AclBinding right) {
    return new AclBinding(
        right.pattern(),
        new AccessControlEntry(
            "User:" + user, "*", right.entry().operation(), right.entry().permissionType()));
  }

  private static AclBinding write(String topic) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry("", "*", AclOperation.WRITE, AclPermissionType.ALLOW));
  }

  private static Map<String, String> settings(String user, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(broker.settings(user));
    settings.put("schema.registry.url", "mock://secure");
    settings.put("topic.replication.factor", "1");
    settings.put("connect.timeout.ms", "60000");
    settings.putAll(more);
    return settings;
  }

  private static Shardstream connect(String user) {
    return Shardstream.connect(settings(user, Map.of("command.timeout.ms", "120000")));
  }

  @AfterAll
  static void stop() {
    if (worker != null) {
      worker.close();
    }
    if (controlPlane != null) {
      controlPlane.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void
      a_table_is_made_written_resharded_altered_read_and_dropped_with_the_rights_of_the_manifests() {
    try (Shardstream client = connect(CLIENT)) {
      await("the node is heard of")
          .atMost(Patience.ONE_STEP)
          .until(() -> client.nodes().list().stream().anyMatch(n -> n.nodeId().equals("node-1")));
      client.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, n INT) WITH (SHARDS=1, PARTITIONS=4)");
      String rows =
          LongStream.rangeClosed(1, 100)
              .mapToObj(id -> "(" + id + ", 1)")
              .collect(Collectors.joining(", "));
      client.execute("INSERT INTO t VALUES " + rows);
      String id = client.reshards().start("t", 2).changeLogId();
      client.execute("UPDATE t SET n = 2 WHERE id = 1");
      client.execute("ALTER TABLE t ADD COLUMN note TEXT DEFAULT 'x'");
      assertThat(client.reshards().await(id, Patience.ONE_STEP).status()).isEqualTo("complete");
      assertThat(client.execute("SELECT count(*), sum(n), min(note) FROM t").rows())
          .containsExactly(List.of(100L, 101L, "x"));
      client.execute("DROP TABLE t");
    }
  }

  @Test
  void a_missing_right_is_an_error_that_names_the_topic() {
    assertThatThrownBy(() -> connect(STRANGER).close())
        .isInstanceOf(ShardstreamException.class)
        .hasMessageContaining("shardstream.catalog")
        .extracting(failure -> ((ShardstreamException) failure).code())
        .isEqualTo(ErrorCode.KAFKA_REFUSED);
    try (Shardstream reader = connect(READER)) {
      reader.execute("CREATE TABLE readonly (id BIGINT PRIMARY KEY) WITH (SHARDS=1, PARTITIONS=1)");
      assertThatThrownBy(() -> reader.execute("INSERT INTO readonly VALUES (1)"))
          .isInstanceOf(ShardstreamException.class)
          .hasMessageContaining("shardstream.log.default-readonly")
          .extracting(failure -> ((ShardstreamException) failure).code())
          .isEqualTo(ErrorCode.WRITE_FAILED);
      assertThat(reader.execute("SELECT count(*) FROM readonly").rows())
          .containsExactly(List.of(0L));
    }
  }

  @Test
  void a_wrong_password_is_no_unreachable_broker() {
    Map<String, String> settings = settings(CLIENT, Map.of());
    settings.computeIfPresent(
        "kafka.sasl.jaas.config",
        (key, login) -> login.replace("password=\"" + CLIENT + "\"", "password=\"guessed\""));
    assertThatThrownBy(() -> Shardstream.connect(settings).close())
        .isInstanceOf(ShardstreamException.class)
        .hasMessageContaining("Authentication failed")
        .hasMessageNotContaining("guessed")
        .extracting(failure -> ((ShardstreamException) failure).code())
        .isEqualTo(ErrorCode.KAFKA_REFUSED);
  }
}
