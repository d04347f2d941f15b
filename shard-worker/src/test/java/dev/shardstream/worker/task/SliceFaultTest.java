package dev.shardstream.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.slice.SliceDownload;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.copy.Slice;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another node sends slices, some of them badly. */
class SliceFaultTest {
  private static final List<Integer> COPIED = Orders.ALL.subList(0, 40);
  private static final int CUT_OFF = 10;
  private static final int DAMAGED = 20;

  @TempDir Path directory;
  @TempDir Path elsewhere;
  private final FakeLog log = new FakeLog();
  private final AtomicInteger served = new AtomicInteger();
  private TestTasks tasks;
  private HttpServer otherNode;

  @BeforeEach
  void open() throws Exception {
    tasks = TestTasks.open(directory, log);
    tasks.source();
    otherNode = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    otherNode.createContext("/", this::answer);
    otherNode.start();
  }

  @AfterEach
  void close() throws Exception {
    otherNode.stop(0);
    tasks.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int virtualShard = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    Path file = elsewhere.resolve("slice-" + virtualShard);
    try (exchange) {
      Slice slice =
          Slice.make(tasks.shard(0).file(), virtualShard, KeyRanges.ALL, file).orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      exchange
          .getResponseHeaders()
          .set(SliceDownload.CHECKSUM_HEADER, Long.toString(slice.checksum()));
      exchange.getResponseHeaders().set(SliceDownload.ROWS_HEADER, Long.toString(slice.rows()));
      int number = served.incrementAndGet();
      if (number == DAMAGED) {
        bytes[bytes.length / 2] ^= 1;
      }
      exchange.sendResponseHeaders(200, bytes.length);
      OutputStream body = exchange.getResponseBody();
      if (number == CUT_OFF) {
        body.write(bytes, 0, bytes.length / 2);
        body.flush();
      } else {
        body.write(bytes);
        body.close();
      }
    } catch (SQLException failure) {
      throw new IOException(failure);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private CopyShard fromOtherNode() {
    String endpoint = "http://127.0.0.1:" + otherNode.getAddress().getPort();
    return new CopyShard(
        1, List.of(new CopySource(0, "node-2", endpoint, COPIED, null)), null, false, 0, List.of());
  }

  private TaskFailed awaitFailure(int attempt) {
    await()
        .until(
            () ->
                tasks.answered("copy").stream()
                    .anyMatch(
                        a -> a.getAttempt() == attempt && a.getEvent() instanceof TaskFailed));
    return (TaskFailed)
        tasks.answered("copy").stream()
            .filter(a -> a.getAttempt() == attempt)
            .map(TaskEvent::getEvent)
            .filter(TaskFailed.class::isInstance)
            .findFirst()
            .orElseThrow();
  }

  private int held() {
    return tasks.shard(1).board().current().held().size();
  }

  @Test
  void a_slice_that_is_cut_off_or_damaged_on_its_way_is_fetched_again_and_leaves_nothing_half()
      throws Exception {
    tasks.give("create-1", 1, new CreateShard(1, Orders.TABLE, COPIED, false, null, null));
    tasks.give("copy", 1, fromOtherNode());
    TaskFailed cutOff = awaitFailure(1);
    assertThat(cutOff.getCode()).isEqualTo("SHARD_UNREACHABLE");
    assertThat(cutOff.getRetriable()).isTrue();
    assertThat(held()).isEqualTo(CUT_OFF - 1);
    tasks.give("copy", 2, fromOtherNode());
    TaskFailed damaged = awaitFailure(2);
    assertThat(damaged.getMessage()).contains("the slice arrived damaged");
    assertThat(damaged.getRetriable()).isTrue();
    assertThat(held()).isEqualTo(DAMAGED - 2);
    assertThat(tasks.node().directory().temporary()).isEmptyDirectory();
    tasks.give("copy", 3, fromOtherNode());
    tasks.awaitDone("copy", 3);
    assertThat(served).hasValue(COPIED.size() + 2);
    List<List<Digest>> digests = tasks.digests("f", 0, 1);
    assertThat(digests.get(1)).hasSize(COPIED.size()).isSubsetOf(digests.get(0));
  }
}
