package dev.shardstream.producer.ddl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * DDL events as JSON: one object, or an array of them. docs/sql.md lists the fields.
 *
 * <pre>{@code
 * {"id": "c1", "type": "CREATE_TABLE", "table": "users", "shards": 4, "primaryKey": "id",
 *  "columns": [{"name": "id", "dataType": "BIGINT"},
 *              {"name": "name", "dataType": "VARCHAR(80)", "nullable": false, "default": ""}]}
 * {"id": "c2", "type": "RESHARD_TABLE", "table": "users", "shards": 8, "dependsOn": ["c1"]}
 * }</pre>
 */
public final class DdlEvents {
  private static final List<String> COMMAND =
      List.of("id", "database", "dependsOn", "expectedSchemaVersion", "issuedBy", "type", "table");
  private static final List<String> CREATE =
      List.of(
          "columns", "primaryKey", "shardKey", "shards", "partitions", "strategy", "ifNotExists");
  private static final List<String> COLUMN =
      List.of("name", "dataType", "columnType", "nullable", "default");

  private DdlEvents() {}

  /**
   * Reads commands.
   *
   * @param json one object or an array of objects
   * @param config gives the database, the issuer and the partitions that an event does not say
   * @throws ShardstreamException INVALID_COMMAND that names the command and the field, or what
   *     {@link TableRules} refuse
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
              "not JSON (line %d, column %d): %s"
                  .formatted(
                      e.getLocation().getLineNr(),
                      e.getLocation().getColumnNr(),
                      e.getOriginalMessage()))
          .causedBy(e);
    }
  }

  private static DdlCommand command(JsonNode event, ClientConfig config) {
    EventFields fields = EventFields.of(event);
    String type = fields.text("type");
    Object operation =
        switch (type) {
          case "CREATE_TABLE" -> createTable(fields, config);
          case "DROP_TABLE" -> dropTable(fields);
          case "RESHARD_TABLE" -> reshardTable(fields);
          default ->
              throw fields.wrong(
                  "type", "is '" + type + "', not CREATE_TABLE, DROP_TABLE or RESHARD_TABLE");
        };
    return DdlCommand.newBuilder()
        .setId(fields.text("id", UUID.randomUUID().toString()))
        .setDatabase(Names.requireUsable(fields.text("database", config.database())))
        .setDependsOn(fields.texts("dependsOn"))
        .setExpectedSchemaVersion(fields.integerOrNull("expectedSchemaVersion"))
        .setIssuedBy(fields.text("issuedBy", config.issuedBy()))
        .setOperation(operation)
        .build();
  }

  private static CreateTable createTable(EventFields fields, ClientConfig config) {
    fields.allow(COMMAND, CREATE);
    List<ColumnDefinition> columns =
        fields.objects("columns").stream().map(DdlEvents::column).toList();
    return TableRules.check(
        CreateTable.newBuilder()
            .setTable(fields.text("table"))
            .setIfNotExists(fields.flag("ifNotExists", false))
            .setColumns(columns)
            .setPrimaryKey(fields.texts("primaryKey"))
            .setShardKey(fields.texts("shardKey"))
            .setShards(TableRules.checkShardCount(fields.integer("shards", 1)))
            .setPartitions(
                TableRules.checkPartitionCount(
                    fields.integer("partitions", config.logPartitions())))
            .setStrategy(TableDefinitions.strategy(fields.text("strategy", "hash")))
            .setType(TableType.REGULAR)
            .build());
  }

  private static ColumnDefinition column(EventFields fields) {
    fields.allow(COLUMN, List.of());
    String typeField = fields.has("columnType") ? "columnType" : "dataType";
    String written = fields.text(typeField);
    ColumnTypes.ColumnType type =
        ColumnTypes.parse(written)
            .orElseThrow(() -> fields.wrong(typeField, "is '" + written + "', which is no type"));
    ColumnDefinition definition =
        ColumnDefinition.newBuilder()
            .setName(fields.text("name"))
            .setType(type.name())
            .setLength(type.length())
            .setNullable(fields.flag("nullable", true))
            .build();
    if (!fields.has("default")) {
      return definition;
    }
    JsonNode value = fields.node("default");
    return ColumnTypes.withDefault(definition, JsonValues.decode(value), value.toString());
  }

  private static DropTable dropTable(EventFields fields) {
    fields.allow(COMMAND, List.of("ifExists"));
    return new DropTable(fields.text("table"), fields.flag("ifExists", false), false, null);
  }

  private static ReshardTable reshardTable(EventFields fields) {
    fields.allow(COMMAND, List.of("shards", "targetShards"));
    String shards = fields.has("targetShards") ? "targetShards" : "shards";
    return new ReshardTable(
        fields.text("table"), TableRules.checkShardCount(fields.requireInteger(shards)));
  }
}
