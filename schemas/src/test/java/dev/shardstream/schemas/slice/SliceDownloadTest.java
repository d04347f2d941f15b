package dev.shardstream.schemas.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.catalog.KeyRanges;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceDownloadTest {
  /** For what is to come about, however slow the machine is. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final byte[] SLICE = new byte[300_000];

  static {
    new Random(7).nextBytes(SLICE);
  }

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile Sending sending = body -> body.write(SLICE);
  private HttpServer node;

  /** How the other node gives the bytes. */
  @FunctionalInterface
  private interface Sending {
    void to(OutputStream body) throws IOException, InterruptedException;
  }

  @BeforeEach
  void open() throws IOException {
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.setExecutor(threads);
    node.createContext("/", this::answer);
    node.start();
  }

  @AfterEach
  void close() {
    end.countDown();
    node.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      CRC32C checksum = new CRC32C();
      checksum.update(SLICE);
      exchange
          .getResponseHeaders()
          .set(SliceDownload.CHECKSUM_HEADER, Long.toString(checksum.getValue()));
      exchange.getResponseHeaders().set(SliceDownload.ROWS_HEADER, "11");
      exchange.sendResponseHeaders(200, SLICE.length);
      sending.to(exchange.getResponseBody());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<SliceDownload.Fetched> fetch(SliceDownload download, Path file)
      throws IOException, InterruptedException {
    String endpoint = "http://127.0.0.1:" + node.getAddress().getPort();
    return download.fetch(endpoint, "default-t-1", 0, 7, KeyRanges.ALL, file);
  }

  private static SliceDownload download(Duration limit) {
    return new SliceDownload(PATIENCE, limit, Caller.plain());
  }

  @Test
  void a_slice_takes_the_place_of_what_an_earlier_try_has_left() throws Exception {
    Path file = Files.write(directory.resolve("slice"), new byte[2 * SLICE.length]);
    assertThat(fetch(download(PATIENCE), file))
        .hasValueSatisfying(
            fetched -> {
              assertThat(fetched.bytes()).isEqualTo(SLICE.length);
              assertThat(fetched.rows()).isEqualTo(11);
            });
    assertThat(file).hasBinaryContent(SLICE);
  }

  @Test
  void a_node_that_freezes_in_the_middle_of_a_slice_is_waited_for_no_longer_than_the_limit() {
    sending =
        body -> {
          body.write(SLICE, 0, SLICE.length / 2);
          body.flush();
          end.await();
        };
    assertThatThrownBy(() -> fetch(download(Duration.ofMillis(300)), directory.resolve("slice")))
        .isInstanceOf(IOException.class)
        .hasMessage("nothing more came within 300 ms");
  }

  @Test
  void a_slice_that_comes_slowly_comes_whole() throws Exception {
    Duration limit = Duration.ofMillis(500);
    SlowClient slow = new SlowClient(SLICE, 10);
    Path file = directory.resolve("slice");
    try (Receiving receiving = Receiving.into(file)) {
      receiving.whole(slow, HttpRequest.newBuilder(URI.create("http://slow/")).build(), limit);
    }
    assertThat(slow.waits()).hasSize(10).containsOnly(limit);
    assertThat(file).hasBinaryContent(SLICE);
  }

  @Test
  void who_is_interrupted_can_delete_the_file_for_good() throws Exception {
    SliceDownload download = download(PATIENCE);
    for (int i = 0; i < 500; i++) {
      Path file = directory.resolve("slice-" + i);
      Future<?> fetching =
          threads.submit(
              () -> {
                try {
                  return fetch(download, file);
                } finally {
                  Files.deleteIfExists(file);
                }
              });
      LockSupport.parkNanos(i * Duration.ofNanos(8000).toNanos());
      fetching.cancel(true);
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    try (var left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }
}
