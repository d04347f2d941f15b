package dev.shardstream.producer.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.schemas.threads.DaemonThreads;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Shards behind the HTTP contract of package {@code http}. */
public final class HttpShardClient implements ShardClient {
  /** Beyond what a shard may take: for the network, and for the last rows to be read. */
  static final Duration MARGIN = Duration.ofSeconds(3);

  /**
   * How long a call waits.
   *
   * @param margin beyond what a shard may take
   * @param probePause before its node is asked whether it is there, and then again
   * @param probeLimit for the node to say so
   */
  record Patience(Duration margin, Duration probePause, Duration probeLimit) {
    private static final Patience USUAL =
        new Patience(MARGIN, Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  /** What says that the asker's metadata, or the shard, is behind, or busy: a later try may do. */
  private static final Set<String> OUT_OF_DATE =
      Set.of(
          ErrorCode.STALE_TOPOLOGY.name(),
          ErrorCode.STALE_SCHEMA.name(),
          ErrorCode.READ_TOO_STALE.name(),
          ErrorCode.TOO_MANY_AT_ONCE.name());

  private static final String CLOSED = "the client was closed";

  private final HttpClient http;
  private final Caller caller;
  private final Patience patience;
  private final ScheduledExecutorService watchdog;

  /** Calls that have not ended; its lock guards {@link #closed}, too. */
  private final Set<Call> open = new HashSet<>();

  private boolean closed;

  /**
   * @param connectTimeout for one attempt to reach a node
   * @param caller as whom nodes are asked
   */
  public HttpShardClient(Duration connectTimeout, Caller caller) {
    this(connectTimeout, caller, Patience.USUAL, watchdog());
  }

  /**
   * @param watchdog has the alarms of calls; is ended with this
   */
  HttpShardClient(
      Duration connectTimeout,
      Caller caller,
      Patience patience,
      ScheduledExecutorService watchdog) {
    this.patience = patience;
    this.watchdog = watchdog;
    this.caller = caller;
    this.http = caller.client().connectTimeout(connectTimeout).build();
  }

  private static ScheduledExecutorService watchdog() {
    ScheduledThreadPoolExecutor watchdog =
        new ScheduledThreadPoolExecutor(1, DaemonThreads.named("shardstream-query-watchdog"));
    // Nearly every alarm is called off long before its time.
    watchdog.setRemoveOnCancelPolicy(true);
    return watchdog;
  }

  @Override
  public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
    query(shard, request, sink, begin(shard));
  }

  private void query(ShardAddress shard, QueryRequest request, AnswerSink sink, Call call) {
    long millis = request.maxWaitMillis() + request.timeoutMillis() + patience.margin().toMillis();
    Optional<ErrorBody> error;
    try (call) {
      HttpResponse<InputStream> response = send(shard, Paths.QUERY, request, millis, call);
      try (InputStream body = response.body()) {
        call.endsBy(() -> cutOff(body));
        call.endsAfter(millis);
        error =
            response.statusCode() == 200
                ? AnswerReader.read(body, sink)
                : Optional.of(error(shard, response.statusCode(), body));
      } catch (IOException e) {
        throw new ShardUnavailableException(shard, call.reason().orElseGet(() -> reason(e)), e);
      }
    }
    error.ifPresent(body -> raise(shard, body));
  }

  private static void cutOff(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new IllegalStateException("Closing an answer fails", e);
    }
  }

  @Override
  public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
    return await(shard, request, begin(shard));
  }

  private AwaitResponse await(ShardAddress shard, AwaitRequest request, Call call) {
    long millis = request.maxWaitMillis() + patience.margin().toMillis();
    try (call) {
      HttpResponse<InputStream> response = send(shard, Paths.AWAIT, request, millis, call);
      try (InputStream body = response.body()) {
        call.endsBy(() -> cutOff(body));
        call.endsAfter(millis);
        if (response.statusCode() != 200) {
          raise(shard, error(shard, response.statusCode(), body));
        }
        return Json.mapper().readValue(body, AwaitResponse.class);
      } catch (IOException e) {
        throw new ShardUnavailableException(shard, call.reason().orElseGet(() -> reason(e)), e);
      }
    }
  }

  private HttpResponse<InputStream> send(
      ShardAddress shard, String path, Object request, long millis, Call call) {
    HttpRequest post =
        caller
            .request(URI.create(shard.endpoint() + path))
            .timeout(Duration.ofMillis(millis))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(request)))
            .build();
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(post, BodyHandlers.ofInputStream());
    call.endsBy(() -> answer.cancel(true));
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw new ShardUnavailableException(
            shard, call.reason().orElseGet(() -> reason(failure)), failure);
      } else if (e.getCause() instanceof CancellationException given) {
        // The JDK tells of a call that was cancelled in either way, as its threads meet.
        throw new ShardUnavailableException(shard, call.reason().orElse("given up"), given);
      }
      throw new IllegalStateException("Asking shard " + shard.shardName() + " broke down", e);
    } catch (CancellationException e) {
      throw new ShardUnavailableException(shard, call.reason().orElse("given up"), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ShardUnavailableException(shard, "interrupted", e);
    }
  }

  @Override
  public ShardClient whileThere() {
    return new ShardClient() {
      @Override
      public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
        HttpShardClient.this.query(shard, request, sink, watched(shard));
      }

      @Override
      public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
        return HttpShardClient.this.await(shard, request, watched(shard));
      }

      @Override
      public void close() {}
    };
  }

  /** A call that ends when its node does not even say that it is there. */
  private Call watched(ShardAddress shard) {
    Call call = begin(shard);
    call.whileItLasts(() -> probe(shard, call));
    return call;
  }

  private Call begin(ShardAddress shard) {
    Call call = new Call();
    synchronized (open) {
      if (closed) {
        throw new ShardUnavailableException(shard, CLOSED, null);
      }
      open.add(call);
    }
    return call;
  }

  /** A process that is frozen, or cut off, takes connections and says nothing. */
  private void probe(ShardAddress shard, Call call) {
    HttpRequest there =
        HttpRequest.newBuilder(URI.create(shard.endpoint() + Paths.HEALTH))
            .timeout(patience.probeLimit())
            .build();
    http.sendAsync(there, BodyHandlers.discarding())
        .whenComplete(
            (said, failure) -> {
              if (failure != null) {
                call.end("its node does not answer any more");
              }
            });
  }

  /** A call that others may end before its time. */
  private final class Call implements AutoCloseable {
    private final List<ScheduledFuture<?>> alarms = new ArrayList<>();
    private Runnable end = () -> {};
    private @Nullable String reason;
    private boolean isOver;

    /** How to end what the call does from here on. */
    private synchronized void endsBy(Runnable way) {
      end = way;
      if (reason != null) {
        way.run();
      }
    }

    private void endsAfter(long millis) {
      alarm(
          () ->
              watchdog.schedule(
                  () -> end("no end of its answer within " + millis + " ms"),
                  millis,
                  TimeUnit.MILLISECONDS));
    }

    private void whileItLasts(Runnable look) {
      long pause = patience.probePause().toMillis();
      alarm(() -> watchdog.scheduleWithFixedDelay(look, pause, pause, TimeUnit.MILLISECONDS));
    }

    /** The watchdog is there as long as a call is open that has not been ended. */
    private synchronized void alarm(Supplier<ScheduledFuture<?>> alarm) {
      if (reason == null) {
        alarms.add(alarm.get());
      }
    }

    private synchronized void end(String why) {
      if (reason == null && !isOver) {
        reason = why;
        end.run();
      }
    }

    /** Why it was ended, if it was. */
    private synchronized Optional<String> reason() {
      return Optional.ofNullable(reason);
    }

    @Override
    public void close() {
      alarms.forEach(alarm -> alarm.cancel(false));
      synchronized (this) {
        isOver = true;
      }
      synchronized (open) {
        open.remove(this);
      }
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
      throw ShardUnavailableException.behind(
          shard, ErrorCode.valueOf(error.code()), error.message());
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

  /** Ends all calls; one that begins later fails at once. */
  @Override
  public void close() {
    List<Call> last;
    synchronized (open) {
      closed = true;
      last = List.copyOf(open);
    }
    last.forEach(call -> call.end(CLOSED));
    watchdog.shutdownNow();
  }
}
