package dev.shardstream.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.config.GatewayConfig;
import dev.shardstream.producer.gateway.GatewayHttp;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.streams.http.ControlHttp;
import dev.shardstream.streams.http.Forwarding;
import dev.shardstream.streams.live.EventHub;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.fuzz.FuzzHttp.Example;
import dev.shardstream.worker.http.HttpSettings;
import dev.shardstream.worker.http.WorkerHttp;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The servers of a worker, the control plane and a gateway, each with requests that are nearly
 * right.
 */
class HttpFuzzTest {
  private static final int INPUTS_OF_A_ROUND = 100;

  private static final Example QUERY =
      new Example(
          "/v1/query",
          """
{"tableId":"%s","shardId":0,"schemaVersion":1,
 "view":{"name":"t","columns":[{"id":1,"name":"id"},{"id":2,"name":"name"}],"virtualShards":null},
 "sql":"SELECT id, name FROM t WHERE id < ? ORDER BY id","parameters":[1000],"minPositions":[],
 "maxWaitMillis":10,"maxRows":100,"blockRows":10,"timeoutMillis":100,"maxStalenessMillis":0}"""
              .formatted(FuzzTable.ID));

  /** The same with all the time that it may need. */
  private static final Example PATIENT_QUERY =
      new Example(
          QUERY.path(),
          String.valueOf(QUERY.body())
              .replace("\"timeoutMillis\":100", "\"timeoutMillis\":120000"));

  private static final List<Example> OF_A_WORKER =
      List.of(
          QUERY,
          new Example(
              "/v1/query",
              """
{"tableId":"%s","shardId":0,"schemaVersion":1,
 "view":{"name":"t","columns":[{"id":-1,"name":"v"},{"id":5,"name":"data"}],"virtualShards":[0,1,255]},
 "sql":"SELECT v, data FROM t WHERE data = ? OR v > ?","parameters":[{"b":"AAE="},{"r":"-Infinity"}],
 "minPositions":[{"partition":0,"offset":1}],"maxWaitMillis":10,"maxRows":100,"blockRows":10,
 "timeoutMillis":100,"maxStalenessMillis":1000}"""
                  .formatted(FuzzTable.ID)),
          new Example(
              "/v1/await",
              """
{"tableId":"%s","shardId":0,"changes":[{"partition":0,"offset":0}],"maxWaitMillis":10}"""
                  .formatted(FuzzTable.ID)),
          new Example("/v1/shards/" + FuzzTable.ID + "/0/slices/7", null),
          new Example("/v1/snapshots/" + FuzzTable.ID, null),
          new Example("/v1/shards/" + FuzzTable.ID + "/0/slices/7?from=AQ&to=Ag", null),
          new Example("/healthz", null),
          new Example("/readyz", null));

  private static final Example RESHARD =
      new Example(
          "/v1/databases/shop/reshards?wait=0",
          """
{"table":"fuzzed","targetShards":4,"rowsPerSecond":10,"graceMillis":5,"manualCutover":true,
 "repair":false,"dryRun":true}""");

  private static final List<Example> OF_THE_CONTROL_PLANE =
      List.of(
          RESHARD,
          new Example("/v1/databases/shop/reshards/shop-r1/pause", "{}"),
          new Example(
              "/v1/databases/shop/reshards/shop-r1/throttle?wait=1",
              "{\"rowsPerSecond\":9,\"forMillis\":100}"),
          new Example("/v1/databases", null),
          new Example("/v1/databases/shop/tables", null),
          new Example("/v1/databases/shop/tables/fuzzed", null),
          new Example("/v1/databases/shop/tables/fuzzed/history", null),
          new Example("/v1/databases/shop/topology", null),
          new Example("/v1/databases/shop/reshards/shop-r1", null),
          new Example("/v1/databases/shop/ddl?limit=5", null),
          new Example("/v1/databases/shop/ddl/c1", null),
          new Example("/v1/nodes", null),
          new Example("/v1/openapi.json", null),
          new Example("/console/", null));

  private static final Example SQL =
      new Example(
          "/v1/sql",
          """
{"statement":"SELECT id, name FROM fuzzed WHERE id = ? OR name LIKE 'x%' LIMIT 5",
 "parameters":[{"b":"AAE="},null,1],"namespace":"shop","maxRows":10,"timeoutMillis":1000}""");

  private static final List<Example> OF_A_GATEWAY =
      List.of(
          SQL,
          new Example(
              "/v1/sql",
              """
{"statement":"INSERT INTO fuzzed (id, data) VALUES (1, x'00'), (-2, ?)","parameters":["ü"]}"""),
          new Example(
              "/v1/sql", "{\"statement\":\"ALTER TABLE fuzzed ADD COLUMN c TEXT DEFAULT 'd'\"}"),
          new Example("/v1/sql", "{\"statement\":\"PRAGMA reshardTable('fuzzed', 8)\"}"),
          new Example("/v1/openapi.json", null),
          new Example("/readyz", null));

  @TempDir Path directory;

  @Test
  void a_worker_answers_or_refuses() throws Exception {
    FuzzLog log = new FuzzLog();
    for (long id = 0; id < 20; id++) {
      log.append(
          FuzzTable.partition(id),
          FuzzTable.key(id),
          log.encode(FuzzTable.upsert(id, new Random(id))));
    }
    try (FuzzShards node = new FuzzShards(directory, log);
        WorkerHttp http =
            new WorkerHttp(
                new HttpSettings(
                    "127.0.0.1",
                    0,
                    ServerAccess.open(),
                    Duration.ofMinutes(2),
                    Duration.ofMillis(50),
                    1_000,
                    1_000_000,
                    10_000,
                    HttpSettings.STATEMENTS_AT_ONCE),
                node.shards(),
                node.temporary(),
                Optional.empty(),
                Clock.systemUTC(),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Optional::empty)) {
      http.start();
      await("every row is applied")
          .atMost(Patience.ONE_STEP)
          .until(() -> node.shard().board().current().rows() == 20);
      FuzzHttp requests = new FuzzHttp(http.port(), OF_A_WORKER);
      String rows = requests.right(PATIENT_QUERY).body();
      assertThat(rows.lines()).hasSizeGreaterThanOrEqualTo(22);
      Fuzz.run(
          "worker-http",
          300,
          random -> {
            for (int i = 0; i < INPUTS_OF_A_ROUND; i++) {
              requests.feed(random);
            }
            assertThat(requests.right(PATIENT_QUERY).body()).isEqualTo(rows);
            return INPUTS_OF_A_ROUND;
          });
      assertThat(directory.resolve("tmp"))
          .satisfiesAnyOf(
              tmp -> assertThat(tmp).doesNotExist(), tmp -> assertThat(tmp).isEmptyDirectory());
    }
  }

  /** Whatever can be read as a statement is executed, with one row for an answer. */
  @Test
  void a_gateway_answers_or_refuses() throws Exception {
    GatewayConfig config =
        GatewayConfig.of(
            Map.of(
                GatewayConfig.CLUSTER_NAME, "fuzz",
                GatewayConfig.BOOTSTRAP_SERVERS, "localhost:1",
                GatewayConfig.SCHEMA_REGISTRY_URL, "http://localhost:1",
                HttpServerKeys.PORT, "0"));
    Result row = new Result(List.of("id", "name"), List.of(List.of(1L, "one")), -1);
    try (GatewayHttp http =
        GatewayHttp.start(
            config,
            (statement, options, parameters) -> row,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Optional::empty)) {
      FuzzHttp requests = new FuzzHttp(http.port(), OF_A_GATEWAY);
      String answer = requests.right(SQL).body();
      assertThat(answer).contains("\"one\"");
      Fuzz.run(
          "gateway-http",
          300,
          random -> {
            for (int i = 0; i < INPUTS_OF_A_ROUND; i++) {
              requests.feed(random);
            }
            assertThat(requests.right(SQL).body()).isEqualTo(answer);
            return INPUTS_OF_A_ROUND;
          });
    }
  }

  @Test
  void the_control_plane_answers_or_refuses() throws Exception {
    try (ControlHttp http =
        ControlHttp.start(
            "127.0.0.1",
            0,
            ServerAccess.open(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            new ControlHttp.Parts(
                FuzzState::new,
                new Forwarding(Caller.plain()),
                tableId -> List.of(),
                (command, wait) -> CompletableFuture.completedFuture(Optional.empty()),
                new EventHub("run", 3, 2),
                Limits.defaults(),
                Optional::empty))) {
      FuzzHttp requests = new FuzzHttp(http.port(), OF_THE_CONTROL_PLANE);
      Fuzz.run(
          "control-http",
          300,
          random -> {
            for (int i = 0; i < INPUTS_OF_A_ROUND; i++) {
              requests.feed(random);
            }
            assertThat(requests.right(RESHARD).statusCode()).isEqualTo(202);
            return INPUTS_OF_A_ROUND;
          });
    }
  }
}
