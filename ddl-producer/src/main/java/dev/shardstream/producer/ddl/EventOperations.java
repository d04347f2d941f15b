package dev.shardstream.producer.ddl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.TableType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operation of a JSON event, by its type. */
final class EventOperations {
  private static final List<String> COMMAND =
      List.of(
          "id", "database", "namespace", "dependsOn", "expectedSchemaVersion", "issuedBy", "type");

  /** The types that change one table, and those that need more than a line to read. */
  private static final Map<String, Function<EventFields, Object>> CHANGES = changes();

  private static final Map<String, Function<EventFields, Object>> OTHERS = others();
  private static final Map<String, Function<EventFields, Object>> RESHARDS = ReshardEvents.types();
  private static final Map<String, TableType> CREATE = tables("CREATE_");
  private static final Map<String, TableType> DROP = tables("DROP_");

  private EventOperations() {}

  /** The types of event, those of {@link dev.shardstream.schemas.catalog.Operations#name}. */
  static Set<String> types() {
    Set<String> types = new TreeSet<>();
    Stream.of(CHANGES, OTHERS, RESHARDS, CREATE, DROP).forEach(some -> types.addAll(some.keySet()));
    return types;
  }

  /**
   * @param defaultPartitions partitions of a table's log if the event says none
   * @throws ShardstreamException INVALID_COMMAND, or what {@link OperationRules} refuse
   */
  static Object read(EventFields fields, int defaultPartitions) {
    String type = fields.text("type");
    if (CREATE.containsKey(type)) {
      return TableEvents.create(fields, CREATE.get(type), defaultPartitions);
    }
    if (DROP.containsKey(type)) {
      return TableEvents.drop(fields, DROP.get(type));
    }
    if (CHANGES.containsKey(type)) {
      Object change = CHANGES.get(type).apply(fields);
      boolean ofColumn = fields.has("column");
      boolean ifExists = fields.flag(ofColumn ? "ifTableExists" : "ifExists", false);
      return OperationRules.check(new AlterTable(table(fields), ifExists, change));
    }
    if (OTHERS.containsKey(type)) {
      return OperationRules.check(OTHERS.get(type).apply(fields));
    }
    if (RESHARDS.containsKey(type)) {
      return OperationRules.check(RESHARDS.get(type).apply(fields));
    }
    throw fields.wrong("type", "is '" + type + "', not one of " + String.join(", ", types()));
  }

  private static Map<String, TableType> tables(String verb) {
    Map<String, TableType> types = new LinkedHashMap<>();
    for (TableType type : TableType.values()) {
      types.put(verb + (type == TableType.REGULAR ? "TABLE" : type + "_TABLE"), type);
    }
    return types;
  }

  /** Refuses fields that neither every command nor this type has. */
  static void allow(EventFields fields, String... names) {
    fields.allow(COMMAND, Arrays.asList(names));
  }

  /** The table's name without its namespace. */
  static String table(EventFields fields) {
    return Names.requireUsable(QualifiedName.parse(fields.text("table")).name());
  }

  // ---- Changes of a table

  private static Map<String, Function<EventFields, Object>> changes() {
    return Map.ofEntries(
        Map.entry("ADD_COLUMN", EventOperations::addColumn),
        Map.entry("DROP_COLUMN", EventOperations::dropColumn),
        Map.entry("RENAME_COLUMN", EventOperations::renameColumn),
        Map.entry("ALTER_COLUMN_TYPE", EventOperations::alterColumnType),
        Map.entry("ALTER_COLUMN_DEFAULT", EventOperations::alterColumnDefault),
        Map.entry("ALTER_COLUMN_NULLABILITY", EventOperations::alterColumnNullability),
        Map.entry("RENAME_TABLE", EventOperations::renameTable),
        Map.entry("SET_BLOCK_SIZE", EventOperations::setBlockSize),
        Map.entry("SET_REPLICAS", EventOperations::setReplicas),
        Map.entry("COMMENT_ON_TABLE", EventOperations::commentOnTable),
        Map.entry("COMMENT_ON_COLUMN", EventOperations::commentOnColumn));
  }

  private static Object addColumn(EventFields fields) {
    allow(
        fields,
        "table",
        "ifTableExists",
        "column",
        "ifNotExists",
        "dataType",
        "columnType",
        "nullable",
        "default");
    return new AddColumn(TableEvents.column(fields, "column"), fields.flag("ifNotExists", false));
  }

  private static Object dropColumn(EventFields fields) {
    allow(fields, "table", "ifTableExists", "column", "ifExists", "cascade");
    return new DropColumn(
        fields.text("column"), fields.flag("ifExists", false), fields.flag("cascade", false));
  }

  private static Object renameColumn(EventFields fields) {
    allow(fields, "table", "ifTableExists", "column", "ifExists", "newName");
    return new RenameColumn(
        fields.text("column"), fields.text("newName"), fields.flag("ifExists", false));
  }

  private static Object alterColumnType(EventFields fields) {
    allow(
        fields,
        "table",
        "ifTableExists",
        "column",
        "ifExists",
        "dataType",
        "columnType",
        "notNull");
    ColumnTypes.ColumnType type = TableEvents.type(fields);
    return new AlterColumnType(
        fields.text("column"),
        fields.flag("ifExists", false),
        type.name(),
        type.length(),
        fields.flag("notNull", false));
  }

  /** The column's type is known to the catalog only, which brings the value into its form. */
  private static Object alterColumnDefault(EventFields fields) {
    allow(fields, "table", "ifTableExists", "column", "ifExists", "default");
    JsonNode node = fields.nodeOrNull("default");
    Object value = node == null ? null : TableEvents.value(fields, "default", node);
    return new AlterColumnDefault(
        fields.text("column"),
        fields.flag("ifExists", false),
        value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
  }

  private static Object alterColumnNullability(EventFields fields) {
    allow(fields, "table", "ifTableExists", "column", "ifExists", "nullable");
    return new AlterColumnNullability(
        fields.text("column"), fields.flag("ifExists", false), fields.requireFlag("nullable"));
  }

  private static Object renameTable(EventFields fields) {
    allow(fields, "table", "ifExists", "newName");
    return new RenameTable(fields.text("newName"));
  }

  private static Object setBlockSize(EventFields fields) {
    allow(fields, "table", "ifExists", "blockSize");
    return new SetBlockSize(TableRules.checkBlockSize(fields.requireInteger("blockSize")));
  }

  private static Object setReplicas(EventFields fields) {
    allow(fields, "table", "ifExists", "replicas");
    return new SetReplicas(TableRules.checkReplicas(fields.requireInteger("replicas")));
  }

  private static Object commentOnTable(EventFields fields) {
    allow(fields, "table", "ifExists", "comment");
    return new CommentOnTable(comment(fields));
  }

  private static Object commentOnColumn(EventFields fields) {
    allow(fields, "table", "ifTableExists", "column", "comment");
    return new CommentOnColumn(fields.text("column"), comment(fields));
  }

  /** Null removes a comment, so it must be said. */
  private static @Nullable String comment(EventFields fields) {
    JsonNode node = fields.nodeOrNull("comment");
    if (node == null) {
      return null;
    }
    if (!node.isTextual()) {
      throw fields.wrong("comment", "must be a text or null");
    }
    return node.textValue();
  }

  // ---- Everything else

  private static Map<String, Function<EventFields, Object>> others() {
    return Map.ofEntries(
        Map.entry("CREATE_INDEX", EventOperations::createIndex),
        Map.entry("DROP_INDEX", EventOperations::dropIndex),
        Map.entry("COMMENT_ON_INDEX", EventOperations::commentOnIndex),
        Map.entry("CREATE_NAMESPACE", EventOperations::createNamespace),
        Map.entry("DROP_NAMESPACE", EventOperations::dropNamespace));
  }

  private static Object createIndex(EventFields fields) {
    allow(fields, "table", "index", "columns", "column", "unique", "ifNotExists", "comment");
    List<String> columns = fields.texts(fields.has("column") ? "column" : "columns");
    if (columns.isEmpty()) {
      throw fields.wrong("columns", "is missing");
    }
    return new CreateIndex(
        table(fields),
        index(fields),
        fields.flag("unique", false),
        columns,
        fields.flag("ifNotExists", false),
        fields.has("comment") ? comment(fields) : null);
  }

  private static Object dropIndex(EventFields fields) {
    allow(fields, "index", "ifExists");
    return new DropIndex(index(fields), fields.flag("ifExists", false));
  }

  private static Object commentOnIndex(EventFields fields) {
    allow(fields, "index", "comment");
    return new CommentOnIndex(index(fields), comment(fields));
  }

  private static String index(EventFields fields) {
    return Names.requireUsable(QualifiedName.parse(fields.text("index")).name());
  }

  private static Object createNamespace(EventFields fields) {
    allow(fields, "ifNotExists");
    requireNamespace(fields);
    return new CreateNamespace(fields.flag("ifNotExists", false));
  }

  private static Object dropNamespace(EventFields fields) {
    allow(fields, "ifExists");
    requireNamespace(fields);
    return new DropNamespace(fields.flag("ifExists", false));
  }

  /** The configured one is what a command is for, not what it creates or drops. */
  private static void requireNamespace(EventFields fields) {
    if (!fields.has("database")) {
      fields.text("namespace");
    }
  }
}
