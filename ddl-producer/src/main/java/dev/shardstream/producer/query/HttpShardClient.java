package dev.shardstream.producer.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.QueryRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Shards behind the HTTP contract of package {@code http}. */
public final class HttpShardClient implements ShardClient {
  /** Beyond what a shard may take: for the network, and for the last rows to be read. */
  private static final Duration MARGIN = Duration.ofSeconds(3);

  /** What says that the asker's metadata, or the shard, is behind: a later try may succeed. */
  private static final Set<String> OUT_OF_DATE =
      Set.of(
          ErrorCode.STALE_TOPOLOGY.name(),
          ErrorCode.STALE_SCHEMA.name(),
          ErrorCode.READ_TOO_STALE.name());

  private final HttpClient http;
  private final Duration margin;
  private final ScheduledExecutorService watchdog =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "shardstream-query-watchdog");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param connectTimeout for one attempt to reach a node
   */
  public HttpShardClient(Duration connectTimeout) {
    this(connectTimeout, MARGIN);
  }

  HttpShardClient(Duration connectTimeout, Duration margin) {
    this.margin = margin;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectTimeout)
            .build();
  }

  @Override
  public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
    long millis = request.maxWaitMillis() + request.timeoutMillis() + margin.toMillis();
    HttpResponse<InputStream> response =
        send(shard, Paths.QUERY, request, millis, BodyHandlers.ofInputStream());
    Optional<ErrorBody> error;
    AtomicBoolean late = new AtomicBoolean();
    try (InputStream body = response.body()) {
      ScheduledFuture<?> alarm =
          watchdog.schedule(() -> cutOff(body, late), millis, TimeUnit.MILLISECONDS);
      try {
        error =
            response.statusCode() == 200
                ? AnswerReader.read(body, sink)
                : Optional.of(error(shard, response.statusCode(), body));
      } finally {
        alarm.cancel(false);
      }
    } catch (IOException e) {
      String reason = late.get() ? "no end of its answer within " + millis + " ms" : reason(e);
      throw new ShardUnavailableException(shard, reason, e);
    }
    error.ifPresent(body -> raise(shard, body));
  }

  private static void cutOff(InputStream body, AtomicBoolean late) {
    late.set(true);
    try {
      body.close();
    } catch (IOException e) {
      throw new IllegalStateException("Closing an answer fails", e);
    }
  }

  @Override
  public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
    long millis = request.maxWaitMillis() + margin.toMillis();
    HttpResponse<InputStream> response =
        send(shard, Paths.AWAIT, request, millis, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        raise(shard, error(shard, response.statusCode(), body));
      }
      return Json.mapper().readValue(body, AwaitResponse.class);
    } catch (IOException e) {
      throw new ShardUnavailableException(shard, reason(e), e);
    }
  }

  private <T> HttpResponse<T> send(
      ShardAddress shard,
      String path,
      Object request,
      long millis,
      HttpResponse.BodyHandler<T> handler) {
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(shard.endpoint() + path))
            .timeout(Duration.ofMillis(millis))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(request)))
            .build();
    try {
      return http.send(post, handler);
    } catch (IOException e) {
      throw new ShardUnavailableException(shard, reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShardUnavailableException(shard, "interrupted", e);
    }
  }

  private static ErrorBody error(ShardAddress shard, int status, InputStream body)
      throws IOException {
    byte[] bytes = body.readNBytes(64 * 1024);
    try {
      ErrorBody error = Json.mapper().readValue(bytes, ErrorBody.class);
      if (error != null && error.code() != null && error.message() != null) {
        return error;
      }
    } catch (JsonProcessingException notOurs) {
      throw new ShardUnavailableException(shard, "HTTP status " + status, notOurs);
    }
    throw new ShardUnavailableException(shard, "HTTP status " + status, null);
  }

  private static void raise(ShardAddress shard, ErrorBody error) {
    if (OUT_OF_DATE.contains(error.code())) {
      throw new ShardUnavailableException(shard, error.message(), null);
    }
    throw error.toException();
  }

  private static String reason(IOException e) {
    if (e instanceof ConnectException) {
      return "connection refused";
    }
    if (e instanceof HttpTimeoutException) {
      return "no answer in time";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Ends the watchdog; calls that run end by their own times. */
  @Override
  public void close() {
    watchdog.shutdownNow();
  }
}
