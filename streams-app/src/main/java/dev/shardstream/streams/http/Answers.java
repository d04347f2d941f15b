package dev.shardstream.streams.http;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.serving.HttpErrors;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;

/** How values and errors become answers. */
final class Answers {
  private Answers() {}

  static void json(Context context, HttpStatus status, Object body) {
    context.status(status).contentType("application/json").result(Json.write(body));
  }

  /** Lets every failure of a handler be answered as an {@link ErrorBody}. */
  static void errors(RoutesConfig routes) {
    routes.exception(
        ShardstreamException.class, (failure, context) -> HttpErrors.answer(context, failure));
    routes.exception(
        HttpResponseException.class,
        (refusal, context) ->
            HttpErrors.answer(
                context,
                HttpStatus.forStatus(refusal.getStatus()),
                new ErrorBody(ErrorCode.INVALID_ARGUMENT.name(), refusal.getMessage())));
    routes.exception(
        Exception.class,
        (failure, context) ->
            HttpErrors.answer(
                context,
                new ShardstreamException(ErrorCode.INTERNAL, failure.toString())
                    .causedBy(failure)));
  }
}
