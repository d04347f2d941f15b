package dev.shardstream.producer.ddl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Commands as JSON, the other way round. */
final class DdlEventsWriter {
  private DdlEventsWriter() {}

  static String write(DdlCommand command) {
    Object operation = command.getOperation();
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("id", command.getId());
    event.put("database", command.getDatabase());
    put(event, "dependsOn", command.getDependsOn());
    if (command.getExpectedSchemaVersion() != null) {
      event.put("expectedSchemaVersion", command.getExpectedSchemaVersion());
    }
    event.put("issuedBy", command.getIssuedBy());
    event.put("type", Operations.name(operation));
    Operations.table(operation).ifPresent(table -> event.put("table", table));
    if (operation instanceof AlterTable alter) {
      change(event, alter);
    } else {
      operation(event, operation);
    }
    return Json.write(event);
  }

  private static void operation(ObjectNode event, Object operation) {
    if (operation instanceof CreateTable create) {
      createTable(event, create);
    } else if (operation instanceof DropTable drop) {
      event.put("ifExists", drop.getIfExists()).put("cascade", drop.getCascade());
      if (drop.getType() == TableType.REGULAR) {
        event.put("tableType", "regular");
      }
    } else if (operation instanceof CreateIndex create) {
      event.put("index", create.getIndex()).put("unique", create.getUnique());
      put(event, "columns", create.getColumns());
      event.put("ifNotExists", create.getIfNotExists());
      putIfSaid(event, "comment", create.getComment());
    } else if (operation instanceof DropIndex drop) {
      event.put("index", drop.getIndex()).put("ifExists", drop.getIfExists());
    } else if (operation instanceof CommentOnIndex comment) {
      event.put("index", comment.getIndex()).put("comment", comment.getComment());
    } else if (operation instanceof CreateNamespace create) {
      event.put("ifNotExists", create.getIfNotExists());
    } else if (operation instanceof DropNamespace drop) {
      event.put("ifExists", drop.getIfExists());
    } else if (!ReshardEvents.write(event, operation)) {
      throw new IllegalArgumentException("No operation: " + operation);
    }
  }

  private static void createTable(ObjectNode event, CreateTable create) {
    event.put("ifNotExists", create.getIfNotExists());
    putIfSaid(event, "from", create.getFrom());
    putIfSaid(event, "to", create.getTo());
    ArrayNode columns = event.putArray("columns");
    create
        .getColumns()
        .forEach(column -> putColumn(columns.addObject().put("name", column.getName()), column));
    put(event, "primaryKey", create.getPrimaryKey());
    put(event, "shardKey", create.getShardKey());
    event.put("shards", create.getShards()).put("partitions", create.getPartitions());
    event.put("strategy", create.getStrategy().name().toLowerCase(Locale.ROOT));
    if (!create.getSplitAt().isEmpty()) {
      putSplitAt(event.putArray("splitAt"), create.getSplitAt());
    }
    event.put("blockSize", create.getBlockSize()).put("replicas", create.getReplicas());
    if (create.getTtlSeconds() != null) {
      event.put("ttlSeconds", create.getTtlSeconds());
    }
    putIfSaid(event, "comment", create.getComment());
  }

  private static void putSplitAt(ArrayNode points, List<ByteBuffer> keys) {
    for (ByteBuffer key : keys) {
      List<Object> values = OrderedKey.values(KeyRanges.bytes(key));
      points.add(Json.mapper().<JsonNode>valueToTree(JsonValues.encode(values)));
    }
  }

  /** A change of a column says by ifExists whether the column may be missing. */
  private static void change(ObjectNode event, AlterTable alter) {
    Object change = alter.getChange();
    boolean ofTable = true;
    if (change instanceof RenameTable rename) {
      event.put("newName", rename.getNewName());
    } else if (change instanceof SetBlockSize size) {
      event.put("blockSize", size.getBlockSize());
    } else if (change instanceof SetReplicas set) {
      event.put("replicas", set.getReplicas());
    } else if (change instanceof CommentOnTable comment) {
      event.put("comment", comment.getComment());
    } else {
      ofTable = false;
      columnChange(event, change);
    }
    event.put(ofTable ? "ifExists" : "ifTableExists", alter.getIfExists());
  }

  private static void columnChange(ObjectNode event, Object change) {
    if (change instanceof AddColumn add) {
      putColumn(event.put("column", add.getColumn().getName()), add.getColumn());
      event.put("ifNotExists", add.getIfNotExists());
    } else if (change instanceof DropColumn drop) {
      event.put("column", drop.getColumn()).put("ifExists", drop.getIfExists());
      event.put("cascade", drop.getCascade());
    } else if (change instanceof RenameColumn rename) {
      event.put("column", rename.getColumn()).put("newName", rename.getNewName());
      event.put("ifExists", rename.getIfExists());
    } else if (change instanceof AlterColumnType alter) {
      event.put("column", alter.getColumn()).put("ifExists", alter.getIfExists());
      event.put("dataType", ColumnTypes.text(alter.getType(), alter.getLength()));
      event.put("notNull", alter.getNotNull());
    } else if (change instanceof AlterColumnDefault alter) {
      event.put("column", alter.getColumn()).put("ifExists", alter.getIfExists());
      putDefault(event, alter.getDefaultValue());
    } else if (change instanceof AlterColumnNullability alter) {
      event.put("column", alter.getColumn()).put("ifExists", alter.getIfExists());
      event.put("nullable", alter.getNullable());
    } else if (change instanceof CommentOnColumn comment) {
      event.put("column", comment.getColumn()).put("comment", comment.getComment());
    } else {
      throw new IllegalArgumentException("No change: " + change);
    }
  }

  private static void putColumn(ObjectNode event, ColumnDefinition column) {
    event.put("dataType", ColumnTypes.text(column.getType(), column.getLength()));
    event.put("nullable", column.getNullable());
    if (column.getDefaultValue() != null) {
      putDefault(event, column.getDefaultValue());
    }
  }

  private static void putDefault(ObjectNode event, @Nullable Object value) {
    Object stored = value;
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      stored = bytes;
    }
    event.set("default", Json.mapper().valueToTree(JsonValues.encode(stored)));
  }

  private static void putIfSaid(ObjectNode event, String name, @Nullable String text) {
    if (text != null) {
      event.put(name, text);
    }
  }

  private static void put(ObjectNode event, String name, List<String> texts) {
    ArrayNode array = event.putArray(name);
    texts.forEach(array::add);
  }
}
