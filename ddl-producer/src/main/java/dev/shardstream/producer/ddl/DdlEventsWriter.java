package dev.shardstream.producer.ddl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.row.StoredValues;
import java.util.List;
import java.util.Locale;

/** Commands as JSON, the other way round. */
final class DdlEventsWriter {
  private DdlEventsWriter() {}

  static String write(DdlCommand command) {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("id", command.getId());
    event.put("database", command.getDatabase());
    put(event, "dependsOn", command.getDependsOn());
    if (command.getExpectedSchemaVersion() != null) {
      event.put("expectedSchemaVersion", command.getExpectedSchemaVersion());
    }
    event.put("issuedBy", command.getIssuedBy());
    operation(event, command.getOperation());
    return Json.write(event);
  }

  private static void operation(ObjectNode event, Object operation) {
    if (operation instanceof CreateTable create) {
      event.put("type", "CREATE_TABLE").put("table", create.getTable());
      event.put("ifNotExists", create.getIfNotExists());
      ArrayNode columns = event.putArray("columns");
      create.getColumns().forEach(column -> columns.add(column(column)));
      put(event, "primaryKey", create.getPrimaryKey());
      put(event, "shardKey", create.getShardKey());
      event.put("shards", create.getShards()).put("partitions", create.getPartitions());
      event.put("strategy", create.getStrategy().name().toLowerCase(Locale.ROOT));
    } else if (operation instanceof DropTable drop) {
      event.put("type", "DROP_TABLE").put("table", drop.getTable());
      event.put("ifExists", drop.getIfExists());
    } else if (operation instanceof ReshardTable reshard) {
      event.put("type", "RESHARD_TABLE").put("table", reshard.getTable());
      event.put("shards", reshard.getTargetShards());
    } else {
      throw new IllegalArgumentException("No operation: " + operation);
    }
  }

  private static ObjectNode column(ColumnDefinition column) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("name", column.getName());
    node.put("dataType", ColumnTypes.text(column.getType(), column.getLength()));
    node.put("nullable", column.getNullable());
    if (column.getDefaultValue() != null) {
      Object stored =
          StoredValues.ofDefault(
              Column.newBuilder()
                  .setId(1)
                  .setName(column.getName())
                  .setType(column.getType())
                  .setNullable(column.getNullable())
                  .setDefaultValue(column.getDefaultValue())
                  .build());
      node.set("default", Json.mapper().valueToTree(JsonValues.encode(stored)));
    }
    return node;
  }

  private static void put(ObjectNode event, String name, List<String> texts) {
    ArrayNode array = event.putArray(name);
    texts.forEach(array::add);
  }
}
