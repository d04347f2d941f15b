package dev.shardstream.worker.http;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceHttpTest {
  private static final String TABLE = Orders.TABLE.getTableId();
  private static final int V = Orders.virtualShard(1);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private final HttpClient client = HttpClient.newHttpClient();
  private TestNode node;
  private WorkerHttp http;

  @BeforeEach
  void serve() throws Exception {
    node = TestNode.open(directory, log);
    node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
    node.shards()
        .create(
            new ShardDefinition(
                new ShardRef(TABLE, 1),
                Orders.RANGED,
                Orders.ALL,
                Orders.ranges(100L).get(0),
                ShardState.APPLYING));
    http =
        new WorkerHttp(
            TestHttp.settings(),
            node.shards(),
            node.directory().temporary(),
            Optional.empty(),
            Clock.systemUTC(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            () -> Optional.empty());
    http.start();
    log.append(change(Op.INSERT, 1, 1L, 2, "ann"));
    await().until(() -> rows(0) == 1 && rows(1) == 1);
  }

  private long rows(int shardId) {
    return node.shards().require(new ShardRef(TABLE, shardId)).board().current().rows();
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    node.close();
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> slice(int shardId, int virtualShard, KeyRange range)
      throws Exception {
    return get(Paths.slice(TABLE, shardId, virtualShard, range));
  }

  private static void assertRows(HttpResponse<byte[]> slice, long rows) {
    assertThat(slice.statusCode()).isEqualTo(200);
    assertThat(slice.headers().firstValueAsLong("X-Shardstream-Rows")).hasValue(rows);
  }

  @Test
  void a_slice_is_a_whole_file_and_what_is_not_held_is_not_found() throws Exception {
    HttpResponse<byte[]> slice = slice(0, V, KeyRanges.ALL);
    assertRows(slice, 1);
    assertThat(slice.headers().firstValueAsLong("Content-Length")).hasValue(slice.body().length);
    assertThat(new String(slice.body(), 0, 15, StandardCharsets.US_ASCII))
        .isEqualTo("SQLite format 3");
    await().untilAsserted(() -> assertThat(node.directory().temporary()).isEmptyDirectory());
    node.shards().create(Orders.definition(3, List.of(1), ShardState.APPLYING));
    assertThat(slice(3, 2, KeyRanges.ALL).statusCode()).isEqualTo(404);
    assertThat(slice(8, 2, KeyRanges.ALL).statusCode()).isEqualTo(404);
    assertThat(node.directory().temporary()).isEmptyDirectory();
  }

  @Test
  void a_slice_of_a_range_has_its_rows_only_and_needs_a_shard_that_holds_all_of_it()
      throws Exception {
    assertRows(slice(1, V, Orders.ranges(1L, 2L).get(1)), 1);
    assertRows(slice(1, V, Orders.ranges(2L, 100L).get(1)), 0);
    assertThat(slice(1, V, Orders.ranges(2L, 101L).get(1)).statusCode()).isEqualTo(404);
    assertThat(slice(1, V, KeyRanges.ALL).statusCode()).isEqualTo(404);
  }

  @Test
  void the_bounds_of_a_slice_may_be_long_keys_and_have_to_be_keys() throws Exception {
    byte[] key = OrderedKey.of(List.of("x".repeat(100_000)));
    assertRows(slice(0, V, new KeyRange(null, ByteBuffer.wrap(key))), 1);
    HttpResponse<byte[]> refused = get(Paths.slice(TABLE, 0, V, KeyRanges.ALL) + "?from=%21");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8))
        .contains("Invalid argument: no range of keys: from=%21");
    for (int number : List.of(-1, 256)) {
      HttpResponse<byte[]> none = slice(0, number, KeyRanges.ALL);
      assertThat(none.statusCode()).isEqualTo(400);
      assertThat(new String(none.body(), StandardCharsets.UTF_8))
          .contains("Invalid argument: no virtual shard has number " + number);
    }
    HttpResponse<byte[]> noKey = get(Paths.slice(TABLE, 0, V, KeyRanges.ALL) + "?to=AAAA");
    assertThat(noKey.statusCode()).isEqualTo(400);
  }
}
