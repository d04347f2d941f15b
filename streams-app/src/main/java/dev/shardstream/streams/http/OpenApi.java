package dev.shardstream.streams.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.serving.RouteAccess;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The description of the API as OpenAPI 3.1, made from its routes and the records of its bodies: it
 * cannot say anything else than what is served.
 */
final class OpenApi {
  private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([^}]+)}");
  private static final String JSON = "application/json";

  private @Nullable String text;

  void answer(Context context) {
    context.contentType(JSON).result(Objects.requireNonNull(text, "described"));
  }

  /** Describes routes; this is done before the first request. */
  void describe(List<Route> routes) {
    text = Json.write(of(routes));
  }

  static ObjectNode of(List<Route> routes) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Shardstream control plane")
        .put("version", "1")
        .put("description", "Errors of every route: a code of docs/sql.md with its text.")
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    document.putArray("servers").addObject().put("url", "/");
    ObjectNode paths = document.putObject("paths");
    JsonSchemas schemas = new JsonSchemas();
    for (Route route : routes) {
      String method = route.method().name().toLowerCase(Locale.ROOT);
      paths.withObjectProperty(route.path()).set(method, operation(route, schemas));
    }
    ObjectNode components = document.putObject("components");
    components.set("schemas", schemas.all());
    components
        .putObject("securitySchemes")
        .putObject("token")
        .put("type", "http")
        .put("scheme", "bearer");
    return document;
  }

  private static ObjectNode operation(Route route, JsonSchemas schemas) {
    ObjectNode operation = Json.mapper().createObjectNode();
    operation.put("operationId", route.name()).put("summary", route.summary());
    operation.put("x-need", route.need().name().toLowerCase(Locale.ROOT));
    if (route.need() != RouteAccess.OPEN) {
      operation.putArray("security").addObject().putArray("token");
    }
    parameters(operation.putArray("parameters"), route);
    if (route.request() != null) {
      ObjectNode request = operation.putObject("requestBody").put("required", true);
      content(request, JSON).set("schema", schemas.reference(route.request()));
    }
    responses(operation.putObject("responses"), route, schemas);
    return operation;
  }

  private static void parameters(ArrayNode parameters, Route route) {
    Matcher inPath = PATH_PARAMETER.matcher(route.path());
    while (inPath.find()) {
      parameters
          .addObject()
          .put("name", inPath.group(1))
          .put("in", "path")
          .put("required", true)
          .putObject("schema")
          .put("type", "string");
    }
    for (Route.Parameter parameter : route.parameters()) {
      parameters
          .addObject()
          .put("name", parameter.name())
          .put("in", parameter.in())
          .put("description", parameter.description())
          .putObject("schema")
          .put("type", parameter.type());
    }
  }

  private static void responses(ObjectNode responses, Route route, JsonSchemas schemas) {
    boolean isCommand = route.method().equals(HandlerType.POST);
    ObjectNode good =
        responses
            .putObject(isCommand ? "202" : "200")
            .put("description", isCommand ? "Kafka has the command." : "As asked for.");
    if (route.response() != null) {
      content(good, JSON).set("schema", schemas.reference(route.response()));
    } else if (route.path().equals(ApiRoutes.EVENTS)) {
      content(good, "text/event-stream").putObject("schema").put("type", "string");
    } else {
      content(good, JSON).putObject("schema").put("type", "object");
    }
    ObjectNode bad = responses.putObject("default").put("description", "An error.");
    content(bad, JSON).set("schema", schemas.reference(ErrorBody.class));
  }

  private static ObjectNode content(ObjectNode of, String type) {
    return of.putObject("content").putObject(type);
  }
}
