package dev.shardstream.schemas.row;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * The Avro schema of the changes of one table version. Every column is a field of the record {@code
 * Row}, a union with null, with its definition as properties; the change carries the properties
 * {@code tableId}, {@code schemaVersion} and {@code nextColumnId}. docs/protocol.md shows one
 * whole.
 */
public final class RowSchema {
  static final String NAMESPACE = "dev.shardstream.row";
  static final String SCHEMA_VERSION = "schemaVersion";
  static final String TABLE_ID = "tableId";
  static final String NEXT_COLUMN_ID = "nextColumnId";

  private RowSchema() {}

  /**
   * The schema of a table's current version. The same table gives the same schema, byte for byte.
   */
  public static Schema of(Table table) {
    List<Schema.Field> columns = new ArrayList<>();
    for (Column column : table.getColumns()) {
      Schema type = Schema.createUnion(Schema.create(Schema.Type.NULL), avroType(column.getType()));
      Schema.Field field =
          new Schema.Field(column.getName(), type, null, Schema.Field.NULL_DEFAULT_VALUE);
      ColumnProperties.write(column, field);
      columns.add(field);
    }
    Schema row = Schema.createRecord("Row", "One row, by column.", NAMESPACE, false, columns);
    Schema op =
        SchemaBuilder.enumeration("Op")
            .namespace(NAMESPACE)
            .symbols("INSERT", "UPSERT", "UPDATE", "DELETE");
    Schema change =
        SchemaBuilder.record("RowChange")
            .namespace(NAMESPACE)
            .doc("One change of one row.")
            .fields()
            .name("op")
            .doc("What to do.")
            .type(op)
            .noDefault()
            .name("ifVersion")
            .doc("Apply only when the row's version (log offset of its last change) is this.")
            .type()
            .unionOf()
            .nullType()
            .and()
            .longType()
            .endUnion()
            .nullDefault()
            .name("set")
            .doc("Names of the columns that are set; null for all. Primary key columns always are.")
            .type()
            .unionOf()
            .nullType()
            .and()
            .array()
            .items()
            .stringType()
            .endUnion()
            .nullDefault()
            .name("row")
            .doc("Values of the columns that are set, null for the others.")
            .type(row)
            .noDefault()
            .endRecord();
    change.addProp(TABLE_ID, table.getTableId());
    change.addProp(SCHEMA_VERSION, table.getSchemaVersion());
    change.addProp(NEXT_COLUMN_ID, table.getNextColumnId());
    return change;
  }

  /**
   * The version that a row schema is of.
   *
   * @throws RuntimeException when it is none
   */
  static RowVersion versionOf(Schema schema) {
    return new RowVersion(
        (String) schema.getObjectProp(TABLE_ID),
        ColumnProperties.integer(schema, SCHEMA_VERSION),
        ColumnProperties.integer(schema, NEXT_COLUMN_ID),
        schema.getField("row").schema().getFields().stream().map(ColumnProperties::read).toList());
  }

  private static Schema avroType(TypeName type) {
    return switch (type) {
      case INTEGER -> Schema.create(Schema.Type.INT);
      case BIGINT -> Schema.create(Schema.Type.LONG);
      case FLOAT -> Schema.create(Schema.Type.FLOAT);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case TEXT, VARCHAR -> Schema.create(Schema.Type.STRING);
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIMESTAMP -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case BLOB -> Schema.create(Schema.Type.BYTES);
    };
  }
}
