package dev.shardstream.streams.http;

import dev.shardstream.schemas.serving.RouteAccess;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One route of the API with what {@link OpenApi} says of it.
 *
 * @param method GET or POST
 * @param path with parameters in braces
 * @param need what the caller must be allowed to do
 * @param name unique, for generated clients
 * @param summary one sentence
 * @param parameters of the query and of headers
 * @param request class of the body; null for none
 * @param response class of the body; null for another content type
 * @param handler answers
 */
record Route(
    HandlerType method,
    String path,
    RouteAccess need,
    String name,
    String summary,
    List<Parameter> parameters,
    @Nullable Class<?> request,
    @Nullable Class<?> response,
    Handler handler) {

  /**
   * A parameter that may be left out.
   *
   * @param in {@code query} or {@code header}
   * @param type {@code integer}, {@code boolean} or {@code string}
   */
  record Parameter(String in, String name, String type, String description) {}

  static Route get(
      String path, String name, String summary, @Nullable Class<?> response, Handler handler) {
    return new Route(
        HandlerType.GET, path, RouteAccess.READ, name, summary, List.of(), null, response, handler);
  }

  static Route post(
      String path, String name, String summary, @Nullable Class<?> request, Handler handler) {
    return new Route(
        HandlerType.POST,
        path,
        RouteAccess.DDL,
        name,
        summary,
        List.of(),
        request,
        CommandAnswer.class,
        handler);
  }

  Route with(Parameter parameter) {
    List<Parameter> more = new ArrayList<>(parameters);
    more.add(parameter);
    return new Route(
        method, path, need, name, summary, List.copyOf(more), request, response, handler);
  }

  Route needing(RouteAccess other) {
    return new Route(method, path, other, name, summary, parameters, request, response, handler);
  }
}
