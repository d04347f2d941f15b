package dev.shardstream.streams.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shardstream.schemas.http.Json;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON Schemas of records, as Jackson writes them: every field is there, a null is a null. */
final class JsonSchemas {
  private static final Set<Class<?>> REQUESTS =
      Set.of(StartReshard.class, ThrottleBody.class, MoveBody.class, RebalanceBody.class);

  private static final Map<Class<?>, String> INTEGERS =
      Map.of(int.class, "int32", Integer.class, "int32", long.class, "int64", Long.class, "int64");

  private final Map<String, ObjectNode> named = new TreeMap<>();

  /** A reference to the schema of a record. */
  ObjectNode reference(Class<?> type) {
    String name = type.getSimpleName();
    if (!named.containsKey(name)) {
      // Before its fields are looked at, so that a record may contain itself.
      ObjectNode schema = Json.mapper().createObjectNode();
      named.put(name, schema);
      describe(schema, type);
    }
    return Json.mapper().createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  /** Every schema that was referred to, by name. */
  ObjectNode all() {
    ObjectNode all = Json.mapper().createObjectNode();
    named.forEach(all::set);
    return all;
  }

  private void describe(ObjectNode schema, Class<?> type) {
    schema.put("type", "object");
    ArrayNode required = schema.putArray("required");
    ObjectNode properties = schema.putObject("properties");
    for (RecordComponent component : type.getRecordComponents()) {
      AnnotatedType annotated = component.getAnnotatedType();
      boolean nullable = annotated.isAnnotationPresent(Nullable.class);
      if (!nullable || isAnswer(type)) {
        required.add(component.getName());
      }
      properties.set(component.getName(), nullable ? orNull(annotated) : of(annotated));
    }
  }

  /** What a caller sends may leave out what may be null; what we send names it. */
  private static boolean isAnswer(Class<?> type) {
    return !REQUESTS.contains(type);
  }

  private ObjectNode orNull(AnnotatedType type) {
    ObjectNode schema = of(type);
    if (schema.has("$ref")) {
      ObjectNode either = Json.mapper().createObjectNode();
      ArrayNode options = either.putArray("anyOf");
      options.add(schema);
      options.addObject().put("type", "null");
      return either;
    }
    String name = schema.get("type").asText();
    schema.putArray("type").add(name).add("null");
    return schema;
  }

  private ObjectNode of(AnnotatedType type) {
    ObjectNode schema = Json.mapper().createObjectNode();
    if (type instanceof AnnotatedParameterizedType list) {
      schema.put("type", "array");
      schema.set("items", of(list.getAnnotatedActualTypeArguments()[0]));
      return schema;
    }
    Class<?> plain = (Class<?>) type.getType();
    if (INTEGERS.containsKey(plain)) {
      return schema.put("type", "integer").put("format", INTEGERS.get(plain));
    } else if (List.of(boolean.class, Boolean.class).contains(plain)) {
      return schema.put("type", "boolean");
    } else if (plain.equals(String.class)) {
      return schema.put("type", "string");
    } else if (plain.isRecord()) {
      return reference(plain);
    }
    throw new IllegalArgumentException("No schema of " + plain);
  }
}
