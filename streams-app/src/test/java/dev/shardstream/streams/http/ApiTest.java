package dev.shardstream.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.view.CommandBody;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiTest {
  private static final Map<String, String> IN_PATHS =
      Map.of("database", "shop", "table", "Orders", "reshard", "shop-r1", "command", "c2");
  private static final String RESHARDS = "/v1/databases/shop/reshards";

  private final RunningApi api = new RunningApi();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void every_answer_is_as_the_description_says() throws Exception {
    JsonNode document = json(api.get(ApiRoutes.OPEN_API));
    List<String> problems = new ArrayList<>();
    int compared = 0;
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      JsonNode schema = path.getValue().at("/get/responses/200/content/application~1json/schema");
      if (!schema.isMissingNode()) {
        HttpResponse<String> answer = api.get(filled(path.getKey()));
        assertThat(answer.statusCode()).as(path.getKey()).isEqualTo(200);
        SchemaCheck.problems(document, schema, json(answer))
            .forEach(problem -> problems.add(path.getKey() + ": " + problem));
        compared++;
      }
    }
    assertThat(problems).isEmpty();
    assertThat(compared).isEqualTo(11);
  }

  private static String filled(String path) {
    String filled = path;
    for (Map.Entry<String, String> parameter : IN_PATHS.entrySet()) {
      filled = filled.replace("{" + parameter.getKey() + "}", parameter.getValue());
    }
    return filled;
  }

  @Test
  void every_route_is_described_with_what_it_needs() throws Exception {
    JsonNode paths = json(api.get(ApiRoutes.OPEN_API)).get("paths");
    List<String> described = new ArrayList<>();
    paths
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation ->
                            described.add(
                                operation.getKey()
                                    + " "
                                    + path.getKey()
                                    + " "
                                    + operation.getValue().get("x-need").asText())));
    assertThat(described)
        .containsExactly(
            "get /v1/databases read",
            "get /v1/databases/{database}/tables read",
            "get /v1/databases/{database}/tables/{table} read",
            "get /v1/databases/{database}/tables/{table}/history read",
            "get /v1/databases/{database}/topology read",
            "get /v1/databases/{database}/reshards read",
            "post /v1/databases/{database}/reshards ddl",
            "get /v1/databases/{database}/reshards/{reshard} read",
            "get /v1/databases/{database}/ddl read",
            "get /v1/databases/{database}/ddl/{command} read",
            "get /v1/nodes read",
            "post /v1/databases/{database}/reshards/{reshard}/throttle ddl",
            "post /v1/databases/{database}/reshards/{reshard}/{verb} ddl",
            "post /v1/databases/{database}/tables/{table}/moves ddl",
            "post /v1/databases/{database}/nodes/{node}/drain ddl",
            "post /v1/databases/{database}/nodes/{node}/undrain ddl",
            "post /v1/databases/{database}/rebalance ddl",
            "get /v1/events read",
            "get /v1/openapi.json open");
  }

  @Test
  void a_table_is_told_with_its_columns_keys_and_shards() throws Exception {
    JsonNode table = json(api.get("/v1/databases/SHOP/tables/orders"));

    assertThat(table.at("/columns/1"))
        .isEqualTo(
            Json.mapper()
                .readTree(
                    """
                    {"id": 2, "name": "note", "type": "VARCHAR(20)", "nullable": true,
                     "defaultValue": "'it''s'", "comment": null}"""));
    assertThat(table.at("/indexes/0/columns").toString()).isEqualTo("[\"note\",\"id\"]");
    assertThat(table.at("/topology/shards/1/virtualShards").toString()).isEqualTo("[[128,255]]");
    assertThat(table.at("/topology/shards/0/report/lag").asLong()).isEqualTo(2);
    assertThat(table.at("/table/lag").isNull()).as("one shard's is not known").isTrue();
    assertThat(table.at("/table/rows").asLong()).isEqualTo(20);
  }

  @Test
  void reshards_are_told_with_progress_and_with_what_can_be_asked_of_them() throws Exception {
    JsonNode reshards = json(api.get(RESHARDS)).get("reshards");

    assertThat(reshards.findValuesAsText("reshardId")).containsExactly("shop-r1", "shop-r0");
    assertThat(reshards.at("/0/remainingMillis").asLong()).isEqualTo(30);
    assertThat(reshards.at("/0/actions").toString())
        .isEqualTo("[\"pause\",\"cancel\",\"throttle\"]");
    assertThat(reshards.at("/1/actions").toString()).isEqualTo("[\"retry\"]");
    assertThat(reshards.at("/1/mismatches/0/keys/0").asText()).isEqualTo("(17)");
  }

  @Test
  void nodes_that_are_silent_are_told_apart() throws Exception {
    assertThat(json(api.get("/v1/nodes")).findValuesAsText("state"))
        .containsSubsequence("up", "applying", "lost");
  }

  @Test
  void the_newest_commands_come_first_and_as_many_as_asked_for() throws Exception {
    JsonNode one = json(api.get("/v1/databases/shop/ddl?limit=1")).get("commands");

    assertThat(one.findValuesAsText("commandId")).containsExactly("c2");
    assertError(api.get("/v1/databases/shop/ddl?limit=0"), 400, "INVALID_ARGUMENT");
    assertError(api.get("/v1/databases/shop/ddl?limit=x"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void what_is_not_there_is_an_error_with_its_code() throws Exception {
    assertError(api.get("/v1/databases/nowhere/tables"), 404, "NAMESPACE_NOT_FOUND");
    assertError(api.get("/v1/databases/_x/tables"), 400, "RESERVED_NAME");
    assertError(api.get("/v1/databases/shop/tables/none"), 404, "TABLE_NOT_FOUND");
    assertError(api.get(RESHARDS + "/none"), 404, "RESHARD_NOT_FOUND");
    assertError(api.get("/v1/databases/shop/ddl/none"), 404, "DDL_NOT_FOUND");
  }

  @Test
  void a_reshard_is_asked_for_by_a_command_with_the_callers_id() throws Exception {
    HttpResponse<String> answer =
        api.post(
            RESHARDS,
            """
            {"table": "orders", "targetShards": 4, "rowsPerSecond": 10, "manualCutover": true}""",
            "Idempotency-Key",
            "mine");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Location")).hasValue("/v1/databases/shop/ddl/mine");
    assertThat(Json.read(answer.body(), CommandAnswer.class))
        .isEqualTo(new CommandAnswer("mine", null));
    assertThat(api.commands)
        .containsExactly(
            command(
                "mine",
                new ReshardTable("orders", 4, new ReshardOptions(10L, null, true, false), false)));
  }

  @Test
  void a_reshard_is_controlled_by_commands() throws Exception {
    api.post(RESHARDS + "/shop-r1/pause", "{}", "Idempotency-Key", "c7");
    api.post(RESHARDS + "/shop-r1/throttle", "{\"rowsPerSecond\": 9}", "Idempotency-Key", "c8");

    assertThat(api.commands)
        .containsExactly(
            command("c7", new ControlReshard("shop-r1", ReshardVerb.PAUSE)),
            command("c8", new ThrottleReshard("shop-r1", 9L, null)));
    assertError(api.post(RESHARDS + "/shop-r1/sing", "{}"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void shards_are_moved_by_commands() throws Exception {
    String shop = "/v1/databases/shop";
    api.post(
        shop + "/tables/orders/moves",
        "{\"shardId\": 1, \"toNode\": \"b\", \"rowsPerSecond\": 9}",
        "Idempotency-Key",
        "c1");
    api.post(shop + "/nodes/node%201/drain", "{}", "Idempotency-Key", "c2");
    api.post(shop + "/nodes/a/undrain", "{}", "Idempotency-Key", "c3");
    api.post(shop + "/rebalance", "{}", "Idempotency-Key", "c4");
    api.post(
        shop + "/rebalance", "{\"table\": \"orders\", \"dryRun\": true}", "Idempotency-Key", "c5");

    assertThat(api.commands)
        .containsExactly(
            command(
                "c1", new MoveShard("orders", 1, "b", new ReshardOptions(9L, null, false, false))),
            command("c2", new DrainNode("node 1")),
            command("c3", new UndrainNode("a")),
            command("c4", new Rebalance(null, false)),
            command("c5", new Rebalance("orders", true)));
    assertError(
        api.post(shop + "/tables/orders/moves", "{\"shardId\": 1}"), 400, "INVALID_ARGUMENT");
    assertError(api.post(shop + "/rebalance", "[]"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void a_command_is_issued_by_who_shows_a_token(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("principals");
    Files.write(
        file,
        List.of(
            Token.line(new Principal("ada", Role.DDL), "shs_a"),
            Token.line(new Principal("eve", Role.READ), "shs_e")));
    try (RunningApi closed = new RunningApi(access(file))) {
      String path = "/v1/databases/shop/nodes/a/drain";
      closed.post(path, "{}", "Idempotency-Key", "c1", "Authorization", "Bearer shs_a");
      assertError(closed.post(path, "{}", "Authorization", "Bearer shs_e"), 403, "FORBIDDEN");
      assertError(closed.post(path, "{}"), 401, "UNAUTHENTICATED");

      assertThat(closed.commands).containsExactly(command("c1", "ada", new DrainNode("a")));
    }
  }

  private static ServerAccess access(Path principals) {
    Map<String, String> settings =
        Map.of(
            ControlPlaneConfig.CLUSTER_NAME, "test",
            ControlPlaneConfig.BOOTSTRAP_SERVERS, "localhost:1",
            ControlPlaneConfig.SCHEMA_REGISTRY_URL, "http://localhost:1",
            ControlPlaneConfig.STATE_DIR, "unused",
            HttpServerKeys.PRINCIPALS, principals.toString());
    return ServerAccess.of(ControlPlaneConfig.of(settings), "127.0.0.1");
  }

  private static DdlCommand command(String id, Object operation) {
    return command(id, "http", operation);
  }

  private static DdlCommand command(String id, String issuedBy, Object operation) {
    return DdlCommand.newBuilder()
        .setId(id)
        .setDatabase("shop")
        .setIssuedBy(issuedBy)
        .setOperation(operation)
        .build();
  }

  @Test
  void the_outcome_is_in_the_answer_or_is_its_error() throws Exception {
    api.outcome = Optional.of(ShopState.result("x", DdlStatus.ACCEPTED, 3));
    CommandAnswer good =
        Json.read(api.post(RESHARDS + "/r/pause?wait=5", "{}").body(), CommandAnswer.class);
    assertThat(good.outcome()).isEqualTo(CommandBody.of(api.outcome.get()));

    api.outcome = Optional.of(ShopState.result("x", DdlStatus.REJECTED, 3));
    assertError(api.post(RESHARDS + "/r/pause?wait=5", "{}"), 404, "TABLE_NOT_FOUND");
    assertError(api.post(RESHARDS + "/r/pause?wait=99", "{}"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void a_form_of_another_site_is_no_command() throws Exception {
    assertError(
        api.post(RESHARDS + "/shop-r1/cancel", "", "Content-Type", "text/plain"),
        400,
        "INVALID_ARGUMENT");
    assertError(api.post(RESHARDS, "{]"), 400, "INVALID_ARGUMENT");
    assertError(api.post(RESHARDS, "null"), 400, "INVALID_ARGUMENT");
    assertError(api.post(RESHARDS, "{}"), 400, "INVALID_ARGUMENT");
    assertThat(api.commands).isEmpty();
  }

  @Test
  void a_read_is_passed_on_once_to_the_process_that_keeps_the_database() throws Exception {
    RunningApi keeper = new RunningApi();
    try {
      api.state.elsewhere.put("shop", keeper.uri("/"));
      keeper.state.reshards.remove(1);

      assertThat(json(api.get(RESHARDS)).get("reshards").findValuesAsText("reshardId"))
          .containsExactly("shop-r1");
      assertError(api.get(RESHARDS + "/none?x=%20"), 404, "RESHARD_NOT_FOUND");
      assertError(api.get(RESHARDS, Forwarding.MARK, "1"), 503, "STATE_UNAVAILABLE");
      assertThat(json(api.get("/v1/databases")).toString())
          .isEqualTo("{\"databases\":[\"default\",\"shop\"]}");
    } finally {
      keeper.close();
    }
    assertError(api.get(RESHARDS), 503, "STATE_UNAVAILABLE");
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return Json.mapper().readTree(answer.body());
  }

  private static void assertError(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(Json.read(answer.body(), ErrorBody.class).code()).isEqualTo(code);
  }
}
