package dev.shardstream.schemas.slice;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Gives one piece of an answer each time somebody waits for it, and lets all but the last of these
 * waits come to their end: slowness that depends on no clock. One thread uses it.
 */
final class SlowClient extends HttpClient {
  private final HttpClient client = HttpClient.newHttpClient();
  private final byte[] body;
  private final int pieces;
  private final List<Duration> waits = new ArrayList<>();

  /**
   * @param pieces of equal length
   */
  SlowClient(byte[] body, int pieces) {
    this.body = body;
    this.pieces = pieces;
  }

  /** How long each wait was to be at most. */
  List<Duration> waits() {
    return waits;
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    HttpResponse.BodySubscriber<T> receiver = handler.apply(new Found());
    receiver.onSubscribe(new Unbounded());
    return new Answer<>(receiver);
  }

  private final class Answer<T> extends CompletableFuture<HttpResponse<T>> {
    private final Flow.Subscriber<List<ByteBuffer>> receiver;

    Answer(Flow.Subscriber<List<ByteBuffer>> receiver) {
      this.receiver = receiver;
    }

    /** The response is null: what matters is its body. */
    @Override
    public HttpResponse<T> get(long timeout, TimeUnit unit) throws TimeoutException {
      int length = body.length / pieces;
      receiver.onNext(List.of(ByteBuffer.wrap(body, waits.size() * length, length)));
      waits.add(Duration.of(timeout, unit.toChronoUnit()));
      if (waits.size() < pieces) {
        throw new TimeoutException("more is to come");
      }
      receiver.onComplete();
      return null;
    }
  }

  private static final class Unbounded implements Flow.Subscription {
    @Override
    public void request(long pieces) {}

    @Override
    public void cancel() {}
  }

  private record Found() implements HttpResponse.ResponseInfo {
    @Override
    public int statusCode() {
      return 200;
    }

    @Override
    public HttpHeaders headers() {
      return HttpHeaders.of(Map.of(), (name, value) -> true);
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      HttpResponse.BodyHandler<T> handler,
      HttpResponse.PushPromiseHandler<T> pushed) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }
}
