package dev.shardstream.producer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.http.Json;
import java.time.Instant;
import java.util.Locale;

/** DDL commands and results, one JSON object in a line. */
final class DdlLines {
  private DdlLines() {}

  /** That Kafka has a command. */
  static String published(DdlCommand command) {
    ObjectNode line = Json.mapper().createObjectNode();
    line.put("id", command.getId());
    line.put("database", command.getDatabase());
    line.put("status", "published");
    return Json.write(line);
  }

  /** A transition; fields that it does not have are null. */
  static String result(DdlResult result) {
    ObjectNode line = Json.mapper().createObjectNode();
    line.put("id", result.getCommandId());
    line.put("database", result.getDatabase());
    line.put("status", result.getStatus().name().toLowerCase(Locale.ROOT));
    line.put("operation", result.getOperation());
    line.put("at", Instant.ofEpochMilli(result.getAt()).toString());
    line.put("table", result.getTable());
    line.put("tableId", result.getTableId());
    line.put("schemaVersion", result.getSchemaVersion());
    line.put("changeLogId", result.getChangeLogId());
    line.put("code", result.getCode());
    line.put("message", result.getMessage());
    if (result.getPlan() != null) {
      line.set("plan", plan(result.getPlan()));
    }
    return Json.write(line);
  }

  /** An Avro record of texts and numbers is JSON in its own words; roles are as in EXPLAIN. */
  private static JsonNode plan(ReshardPlan plan) {
    try {
      JsonNode json = Json.mapper().readTree(plan.toString());
      for (JsonNode target : json.path("targets")) {
        String role = target.path("role").textValue().toLowerCase(Locale.ROOT);
        ((ObjectNode) target).put("role", role);
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A plan is no JSON: " + plan, e);
    }
  }
}
