package dev.shardstream.producer.ddl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.http.JsonValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** CREATE and DROP of tables as JSON events. */
final class TableEvents {
  private static final List<String> CREATE =
      List.of(
          "table",
          "ifNotExists",
          "columns",
          "primaryKey",
          "shardKey",
          "shards",
          "partitions",
          "strategy",
          "splitAt",
          "replicas",
          "blockSize",
          "comment");

  private TableEvents() {}

  static CreateTable create(EventFields fields, TableType type, int defaultPartitions) {
    List<String> allowed = new ArrayList<>(CREATE);
    if (type == TableType.EDGE) {
      allowed.addAll(List.of("from", "to"));
    } else if (type == TableType.STREAM) {
      allowed.add("ttlSeconds");
    }
    EventOperations.allow(fields, allowed.toArray(String[]::new));
    boolean edge = type == TableType.EDGE;
    Integer shards =
        fields.has("shards")
            ? (Integer) TableRules.checkShardCount(fields.requireInteger("shards"))
            : null;
    boolean endsOnly = edge && fields.isEmpty("columns");
    CreateTable table =
        new CreateTable(
            EventOperations.table(fields),
            fields.flag("ifNotExists", false),
            endsOnly ? List.of() : columns(fields),
            fields.texts("primaryKey"),
            fields.texts("shardKey"),
            fields.has("splitAt") || shards == null ? 1 : shards,
            TableRules.checkPartitionCount(fields.integer("partitions", defaultPartitions)),
            TableDefinitions.strategy(fields.text("strategy", "hash")),
            type,
            edge ? end(fields, "from") : null,
            edge ? end(fields, "to") : null,
            fields.has("ttlSeconds") ? fields.requireInteger("ttlSeconds") : null,
            TableRules.checkBlockSize(
                fields.integer("blockSize", TableDefinitions.DEFAULT_BLOCK_SIZE)),
            fields.has("comment") ? fields.anyText("comment") : null,
            TableRules.checkReplicas(fields.integer("replicas", 1)),
            List.of());
    return TableRules.check(
        fields.has("splitAt") ? SplitKeys.split(table, splitAt(fields), shards) : table);
  }

  /** Each point is an array of values, or one value. */
  private static List<List<Object>> splitAt(EventFields fields) {
    JsonNode array = fields.node("splitAt");
    List<List<Object>> points = new ArrayList<>();
    for (JsonNode point : array) {
      List<Object> values = new ArrayList<>();
      (point.isArray() ? point : List.of(point)).forEach(v -> values.add(splitValue(fields, v)));
      points.add(values);
    }
    if (!array.isArray() || points.isEmpty() || points.contains(List.of())) {
      throw fields.wrong("splitAt", "must be an array of arrays of values");
    }
    return points;
  }

  private static Object splitValue(EventFields fields, JsonNode node) {
    Object value = value(fields, "splitAt", node);
    if (value == null) {
      throw fields.wrong("splitAt", "holds null, which is no value of a shard key");
    }
    return value;
  }

  private static List<ColumnDefinition> columns(EventFields fields) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (EventFields column : fields.objects("columns")) {
      column.allow(List.of("name", "dataType", "columnType", "nullable", "default"), List.of());
      columns.add(column(column, "name"));
    }
    return columns;
  }

  /** An edge table's node table, which is in the same namespace. */
  private static String end(EventFields fields, String field) {
    QualifiedName node = QualifiedName.parse(fields.text(field));
    String edge = QualifiedName.parse(fields.text("table")).database();
    if (node.database() != null && (edge == null || !Names.same(node.database(), edge))) {
      throw fields.wrong(field, "names a table of another namespace");
    }
    return node.name();
  }

  /**
   * A column, from the fields of its own object or of ADD_COLUMN.
   *
   * @param name the field that has its name
   */
  static ColumnDefinition column(EventFields fields, String name) {
    ColumnTypes.ColumnType type = type(fields);
    ColumnDefinition definition =
        new ColumnDefinition(
            fields.text(name), type.name(), type.length(), fields.flag("nullable", true), null);
    if (!fields.has("default")) {
      return definition;
    }
    JsonNode value = fields.node("default");
    return ColumnTypes.withDefault(definition, value(fields, "default", value), value.toString());
  }

  static ColumnTypes.ColumnType type(EventFields fields) {
    String field = fields.has("columnType") ? "columnType" : "dataType";
    String written = fields.text(field);
    return ColumnTypes.parse(written)
        .orElseThrow(() -> fields.wrong(field, "is '" + written + "', which is no type"));
  }

  static @Nullable Object value(EventFields fields, String field, JsonNode node) {
    try {
      return JsonValues.decode(node);
    } catch (ShardstreamException | IllegalArgumentException e) {
      throw fields.wrong(field, "is " + node + ", which is no value").causedBy(e);
    }
  }

  /**
   * @param type what the event's type says
   */
  static DropTable drop(EventFields fields, TableType type) {
    EventOperations.allow(fields, "table", "ifExists", "cascade", "tableType");
    boolean any = type == TableType.REGULAR && !fields.has("tableType");
    if (fields.has("tableType") && !fields.text("tableType").equalsIgnoreCase(type.name())) {
      throw fields.wrong("tableType", "is not '" + type.name().toLowerCase(Locale.ROOT) + "'");
    }
    return new DropTable(
        EventOperations.table(fields),
        fields.flag("ifExists", false),
        fields.flag("cascade", false),
        any ? null : type);
  }
}
