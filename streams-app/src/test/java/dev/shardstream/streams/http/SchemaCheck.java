package dev.shardstream.streams.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares JSON with the schemas of an OpenAPI document, as far as ours use them. */
final class SchemaCheck {
  private final JsonNode document;
  private final List<String> problems = new ArrayList<>();

  private SchemaCheck(JsonNode document) {
    this.document = document;
  }

  /** What is not as described; a field that the schema does not name is a problem too. */
  static List<String> problems(JsonNode document, JsonNode schema, JsonNode value) {
    SchemaCheck check = new SchemaCheck(document);
    check.look("$", schema, value);
    return check.problems;
  }

  private void look(String where, JsonNode schema, JsonNode value) {
    if (schema.has("$ref")) {
      look(where, document.at(schema.get("$ref").asText().substring(1)), value);
    } else if (schema.has("anyOf")) {
      if (!value.isNull()) {
        look(where, schema.get("anyOf").get(0), value);
      }
    } else if (!types(schema).contains(typeOf(value))) {
      problems.add(where + " is " + typeOf(value) + ", not " + types(schema));
    } else if (value.isArray()) {
      value.forEach(item -> look(where + "[]", schema.get("items"), item));
    } else if (value.isObject() && schema.has("properties")) {
      object(where, schema, value);
    }
  }

  private void object(String where, JsonNode schema, JsonNode value) {
    schema
        .get("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                problems.add(where + " has no " + name.asText());
              }
            });
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode property = schema.get("properties").get(field.getKey());
      if (property == null) {
        problems.add(where + "." + field.getKey() + " is not described");
      } else {
        look(where + "." + field.getKey(), property, field.getValue());
      }
    }
  }

  private static List<String> types(JsonNode schema) {
    List<String> types = new ArrayList<>();
    JsonNode type = schema.get("type");
    if (type.isArray()) {
      type.forEach(t -> types.add(t.asText()));
    } else {
      types.add(type.asText());
    }
    return types;
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      default -> "nothing";
    };
  }
}
