package dev.shardstream.streams.http;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Passes a read on to the process that keeps what is asked for. A request is passed on once: it
 * carries a mark, and while processes do not agree on who keeps a database the caller is told to
 * ask again.
 */
public final class Forwarding {
  /** The mark. */
  static final String MARK = "Shardstream-Forwarded";

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final String AUTHORIZATION = "Authorization";

  private final Caller caller;
  private final Duration answerLimit;
  private final HttpClient client;

  /**
   * @param caller how this process calls others
   */
  public Forwarding(Caller caller) {
    this(caller, CONNECT, ANSWER);
  }

  Forwarding(Caller caller, Duration connectLimit, Duration answerLimit) {
    this.caller = caller;
    this.answerLimit = answerLimit;
    this.client = caller.client().connectTimeout(connectLimit).build();
  }

  static boolean isForwarded(Context context) {
    return context.header(MARK) != null;
  }

  /** Answers with what another process says. */
  void pass(Context context, URI process) {
    if (isForwarded(context)) {
      throw unavailable("processes do not agree yet on who keeps it");
    }
    HttpResponse<String> answer = ask(context, process);
    context
        .status(answer.statusCode())
        .contentType(answer.headers().firstValue("Content-Type").orElse("application/json"))
        .result(answer.body());
  }

  /**
   * What another process says to the same request.
   *
   * @throws ShardstreamException what it answers, or STATE_UNAVAILABLE when it does not
   */
  <T> T read(Context context, URI process, Class<T> type) {
    HttpResponse<String> answer = ask(context, process);
    if (answer.statusCode() != 200) {
      throw Json.read(answer.body(), ErrorBody.class).toException();
    }
    return Json.read(answer.body(), type);
  }

  private HttpResponse<String> ask(Context context, URI process) {
    String query = context.queryString() == null ? "" : "?" + context.queryString();
    // The path as it was sent: what is encoded in it stays so.
    String path = context.req().getRequestURI();
    HttpRequest.Builder request =
        caller.request(process.resolve(path + query)).timeout(answerLimit).header(MARK, "1");
    // Whoever shows a token is judged by it there too; a certificate cannot be passed on.
    Optional.ofNullable(context.header(AUTHORIZATION))
        .ifPresent(token -> request.setHeader(AUTHORIZATION, token));
    try {
      return client.send(
          request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unavailable(process + ", which keeps it, does not answer").causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("this process stops").causedBy(e);
    }
  }

  private static ShardstreamException unavailable(String why) {
    return new ShardstreamException(ErrorCode.STATE_UNAVAILABLE, why);
  }
}
