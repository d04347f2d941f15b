package dev.shardstream.producer.ddl;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * DDL events as JSON: one object, or an array of them. docs/sql.md lists the fields.
 *
 * <pre>{@code
 * {"id": "c1", "type": "CREATE_TABLE", "table": "users", "shards": 4, "primaryKey": "id",
 *  "columns": [{"name": "id", "dataType": "BIGINT"},
 *              {"name": "name", "dataType": "VARCHAR(80)", "nullable": false, "default": ""}]}
 * {"id": "c2", "type": "ADD_COLUMN", "table": "users", "column": "age", "dataType": "INT",
 *  "dependsOn": ["c1"]}
 * }</pre>
 */
public final class DdlEvents {

  static {
    Events.trust(DdlCommand.class);
  }

  private DdlEvents() {}

  /**
   * Reads commands.
   *
   * @param json one object or an array of objects
   * @param config gives the namespace, the issuer and the partitions that an event does not say
   * @throws ShardstreamException INVALID_COMMAND that names the command and the field, or what
   *     {@link OperationRules} refuse
   */
  public static List<DdlCommand> parse(String json, ClientConfig config) {
    JsonNode root = tree(json);
    List<DdlCommand> commands = new ArrayList<>();
    if (root.isArray()) {
      root.forEach(event -> commands.add(command(event, config)));
    } else {
      commands.add(command(root, config));
    }
    return commands;
  }

  /** A command as one JSON object that {@link #parse} reads back as the same command. */
  public static String write(DdlCommand command) {
    return DdlEventsWriter.write(command);
  }

  private static JsonNode tree(String json) {
    try {
      return Json.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new ShardstreamException(
              ErrorCode.INVALID_ARGUMENT,
              "not JSON" + place(e.getLocation()) + ": " + e.getOriginalMessage())
          .causedBy(e);
    }
  }

  /** What is too deep or too long has no place. */
  private static String place(@Nullable JsonLocation at) {
    return at == null ? "" : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
  }

  private static DdlCommand command(JsonNode event, ClientConfig config) {
    EventFields fields = EventFields.of(event);
    Object operation = EventOperations.read(fields, config.logPartitions());
    return DdlCommand.newBuilder()
        .setId(fields.text("id", UUID.randomUUID().toString()))
        .setDatabase(namespace(fields, config.database()))
        .setDependsOn(fields.texts("dependsOn"))
        .setExpectedSchemaVersion(fields.integerOrNull("expectedSchemaVersion"))
        .setIssuedBy(fields.text("issuedBy", config.issuedBy()))
        .setOperation(operation)
        .build();
  }

  /** It may stand in a field of its own, before the table's or index's name, or nowhere. */
  private static String namespace(EventFields fields, String otherwise) {
    String namespace = null;
    for (String field : List.of("database", "namespace", "table", "index")) {
      String said = namespaceIn(fields, field);
      if (namespace != null && said != null && !Names.same(namespace, said)) {
        throw fields.wrong(
            field, "says namespace '" + said + "', another field '" + namespace + "'");
      }
      namespace = namespace == null ? said : namespace;
    }
    return Names.requireUsable(namespace == null ? otherwise : namespace);
  }

  private static @Nullable String namespaceIn(EventFields fields, String field) {
    if (!fields.has(field)) {
      return null;
    }
    String text = fields.text(field);
    return field.equals("table") || field.equals("index")
        ? QualifiedName.parse(text).database()
        : text;
  }
}
