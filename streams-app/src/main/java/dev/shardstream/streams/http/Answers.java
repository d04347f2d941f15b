package dev.shardstream.streams.http;

import dev.shardstream.schemas.http.Json;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** How values become answers. */
final class Answers {
  private Answers() {}

  static void json(Context context, HttpStatus status, Object body) {
    context.status(status).contentType("application/json").result(Json.write(body));
  }
}
