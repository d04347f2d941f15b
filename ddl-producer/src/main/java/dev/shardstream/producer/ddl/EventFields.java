package dev.shardstream.producer.ddl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, with errors that name the command and the field. A field that is
 * null counts as missing.
 */
final class EventFields {
  private final String command;
  private final String path;
  private final JsonNode object;

  private EventFields(String command, String path, JsonNode object) {
    this.command = command;
    this.path = path;
    this.object = object;
  }

  /** The fields of a command. */
  static EventFields of(JsonNode event) {
    EventFields fields = new EventFields(event.path("id").asText("(no id)"), "", event);
    if (!event.isObject()) {
      throw fields.invalid("it is no JSON object");
    }
    return fields;
  }

  /** Refuses every field that is in neither list: a misspelt one must not be left out silently. */
  void allow(List<String> names, List<String> more) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name) && !more.contains(name)) {
                throw wrong(name, "is unknown");
              }
            });
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  JsonNode node(String name) {
    if (!has(name)) {
      throw wrong(name, "is missing");
    }
    return object.get(name);
  }

  /** The field that must be there and may be null, which is then what it says. */
  @Nullable JsonNode nodeOrNull(String name) {
    if (!object.has(name)) {
      throw wrong(name, "is missing");
    }
    return object.hasNonNull(name) ? object.get(name) : null;
  }

  /** Whether the field is missing or an empty array. */
  boolean isEmpty(String name) {
    return !has(name) || object.get(name).isArray() && object.get(name).isEmpty();
  }

  String text(String name) {
    JsonNode node = node(name);
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw wrong(name, "must be a text");
    }
    return node.textValue();
  }

  /** A text, which may be empty. */
  String anyText(String name) {
    if (!node(name).isTextual()) {
      throw wrong(name, "must be a text");
    }
    return node(name).textValue();
  }

  String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  /** A text, or an array of texts; empty when missing. */
  List<String> texts(String name) {
    if (!has(name)) {
      return List.of();
    }
    JsonNode node = node(name);
    if (node.isTextual()) {
      return List.of(node.textValue());
    }
    List<String> texts = new ArrayList<>();
    node.forEach(item -> texts.add(item.isTextual() ? item.textValue() : ""));
    if (!node.isArray() || texts.contains("")) {
      throw wrong(name, "must be a text or an array of texts");
    }
    return texts;
  }

  long requireInteger(String name) {
    JsonNode node = node(name);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrong(name, "must be an integer");
    }
    return node.longValue();
  }

  long integer(String name, long otherwise) {
    return has(name) ? requireInteger(name) : otherwise;
  }

  @Nullable Integer integerOrNull(String name) {
    if (!has(name)) {
      return null;
    }
    long value = requireInteger(name);
    if (value != (int) value) {
      throw wrong(name, "is out of range");
    }
    return (int) value;
  }

  boolean flag(String name, boolean otherwise) {
    return has(name) ? requireFlag(name) : otherwise;
  }

  boolean requireFlag(String name) {
    if (!node(name).isBoolean()) {
      throw wrong(name, "must be true or false");
    }
    return node(name).booleanValue();
  }

  /** One object. */
  EventFields object(String name) {
    JsonNode node = node(name);
    if (!node.isObject()) {
      throw wrong(name, "must be an object");
    }
    return new EventFields(command, path + name + ".", node);
  }

  /** An array of objects, at least one. */
  List<EventFields> objects(String name) {
    JsonNode node = node(name);
    List<EventFields> objects = new ArrayList<>();
    for (JsonNode item : node) {
      EventFields fields =
          new EventFields(command, path + name + "[" + objects.size() + "].", item);
      if (!item.isObject()) {
        throw wrong(name, "must be an array of objects");
      }
      objects.add(fields);
    }
    if (!node.isArray() || objects.isEmpty()) {
      throw wrong(name, "must be an array with at least one object");
    }
    return objects;
  }

  ShardstreamException wrong(String name, String what) {
    return invalid("field '" + path + name + "' " + what);
  }

  private ShardstreamException invalid(String what) {
    return new ShardstreamException(ErrorCode.INVALID_COMMAND, command, what);
  }
}
