package dev.shardstream.schemas.serving;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as every process answers them: a status, and an {@link ErrorBody}. */
public final class HttpErrors {
  private static final Logger LOG = LoggerFactory.getLogger(HttpErrors.class);

  private HttpErrors() {}

  /**
   * Lets a server answer every failure as an {@link ErrorBody}, and count it.
   *
   * @param refusals of this server
   */
  static void install(JavalinConfig config, Refusals refusals) {
    config.appData(Refusals.KEY, refusals);
    config.routes.exception(
        ShardstreamException.class, (failure, context) -> answer(context, failure));
    config.routes.exception(
        HttpResponseException.class, (refusal, context) -> answer(context, refusal));
    config.routes.exception(
        Exception.class,
        (failure, context) ->
            answer(
                context,
                new ShardstreamException(ErrorCode.INTERNAL, failure.toString())
                    .causedBy(failure)));
    ServerErrors outside = new ServerErrors(refusals);
    config.jetty.modifyServer(server -> server.setErrorHandler(outside));
    config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(outside));
  }

  /** What no route answers. */
  private static void answer(Context context, HttpResponseException refusal) {
    HttpStatus status = HttpStatus.forStatus(refusal.getStatus());
    ErrorBody body =
        status == HttpStatus.NOT_FOUND || status == HttpStatus.METHOD_NOT_ALLOWED
            ? ErrorBody.of(
                new ShardstreamException(
                    ErrorCode.UNKNOWN_ENDPOINT, context.method(), context.path()))
            : new ErrorBody(
                ErrorCode.INVALID_ARGUMENT.name(), String.valueOf(refusal.getMessage()));
    answer(context, status, body);
  }

  /** Answers with an error; what is a fault of this process goes into its log too. */
  public static void answer(Context context, ShardstreamException failure) {
    HttpStatus status = status(failure.code());
    if (status.getCode() >= HttpStatus.INTERNAL_SERVER_ERROR.getCode()
        && status != HttpStatus.GATEWAY_TIMEOUT) {
      LOG.warn("http.failed method={} path={}", context.method(), context.path(), failure);
    }
    if (status == HttpStatus.UNAUTHORIZED) {
      context.header(Header.WWW_AUTHENTICATE, "Bearer");
    } else if (status == HttpStatus.TOO_MANY_REQUESTS) {
      // The limit is one of a second.
      context.header(Header.RETRY_AFTER, "1");
    }
    answer(context, status, ErrorBody.of(failure));
  }

  /** Answers with a status of the caller's choice. */
  public static void answer(Context context, HttpStatus status, ErrorBody body) {
    context.appData(Refusals.KEY).count(body.code());
    context.status(status).contentType("application/json").result(Json.write(body));
  }

  /** The status that goes with a code. */
  public static HttpStatus status(ErrorCode code) {
    return switch (code) {
      case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
      case FORBIDDEN, FORBIDDEN_ORIGIN -> HttpStatus.FORBIDDEN;
      case TOO_MANY_REQUESTS, TOO_MANY_AT_ONCE -> HttpStatus.TOO_MANY_REQUESTS;
      case REQUEST_TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
      case NAMESPACE_NOT_FOUND,
              TABLE_NOT_FOUND,
              RESHARD_NOT_FOUND,
              DDL_NOT_FOUND,
              UNKNOWN_ENDPOINT ->
          HttpStatus.NOT_FOUND;
      case STALE_TOPOLOGY,
              STALE_SCHEMA,
              RESHARD_IN_PROGRESS,
              RESHARD_CANNOT,
              TABLE_NOT_READY,
              DUPLICATE_COMMAND ->
          HttpStatus.CONFLICT;
      case STATEMENT_TIMEOUT, WRITE_NOT_APPLIED, READ_TOO_STALE -> HttpStatus.GATEWAY_TIMEOUT;
      case SHARD_FAILED, STATE_UNAVAILABLE, KAFKA_UNREACHABLE, WRITE_FAILED, NO_LIVE_NODE ->
          HttpStatus.SERVICE_UNAVAILABLE;
      case INTERNAL, FILE_ERROR -> HttpStatus.INTERNAL_SERVER_ERROR;
      default -> HttpStatus.BAD_REQUEST;
    };
  }
}
