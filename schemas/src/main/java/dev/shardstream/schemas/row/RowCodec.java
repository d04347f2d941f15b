package dev.shardstream.schemas.row;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.schemas.serde.WireFormat;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumReader;
import org.jspecify.annotations.Nullable;

/**
 * Row changes of one schema version to and from bytes. Not safe for several threads: Avro's readers
 * are not.
 */
public final class RowCodec {
  private final Schema schema;
  private final Schema rowSchema;
  private final Schema opSchema;
  private final RowVersion version;
  private final List<Integer> columnIds = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private final List<Schema> types = new ArrayList<>();
  private final DatumReader<GenericRecord> reader;
  private final GenericDatumWriter<GenericRecord> writer;

  private RowCodec(Schema schema) {
    this.schema = schema;
    this.rowSchema = schema.getField("row").schema();
    this.opSchema = schema.getField("op").schema();
    this.version = RowSchema.versionOf(schema);
    for (Schema.Field field : rowSchema.getFields()) {
      positions.put(field.name(), field.pos());
      columnIds.add(version.columns().get(field.pos()).getId());
      types.add(field.schema().getTypes().get(1));
    }
    this.reader = new GenericDatumReader<>(schema);
    this.writer = new GenericDatumWriter<>(schema);
  }

  /** For the writer: the codec of a table's current version. */
  public static RowCodec of(Table table) {
    return new RowCodec(RowSchema.of(table));
  }

  /**
   * For the reader: the codec of the schema that a record's id names.
   *
   * @throws MalformedRecordException when it is no schema of row changes
   */
  public static RowCodec of(Schema schema) {
    try {
      return new RowCodec(schema);
    } catch (RuntimeException notOurs) {
      throw new MalformedRecordException("its schema is not one of row changes", notOurs);
    }
  }

  /** Whether a schema of the registry is one of row changes. */
  public static boolean describesRows(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        && schema.getFullName().equals(RowSchema.NAMESPACE + ".RowChange");
  }

  public Schema schema() {
    return schema;
  }

  /** The table's version that this codec writes and reads. */
  public RowVersion version() {
    return version;
  }

  /**
   * Bytes of a change in wire format.
   *
   * @param schemaId registry id of {@link #schema()}
   */
  public byte[] encode(int schemaId, RowChange change) {
    GenericRecord row = new GenericData.Record(rowSchema);
    List<String> set = new ArrayList<>();
    for (int i = 0; i < columnIds.size(); i++) {
      if (change.values().has(columnIds.get(i))) {
        set.add(rowSchema.getFields().get(i).name());
        row.put(i, toAvro(types.get(i), change.values().get(columnIds.get(i))));
      }
    }
    GenericRecord record = new GenericData.Record(schema);
    record.put("op", new GenericData.EnumSymbol(opSchema, change.op().name()));
    record.put("ifVersion", change.ifVersion());
    record.put("set", set.size() == columnIds.size() ? null : set);
    record.put("row", row);
    return WireFormat.encode(schemaId, record, writer);
  }

  /**
   * The change in a record.
   *
   * @throws MalformedRecordException when the bytes are none
   */
  public RowChange decode(byte[] bytes) {
    GenericRecord record = WireFormat.decode(bytes, reader);
    try {
      RowChange.Op op = RowChange.Op.valueOf(record.get("op").toString());
      return new RowChange(
          op,
          (Long) record.get("ifVersion"),
          version,
          values((IndexedRecord) record.get("row"), (List<?>) record.get("set")));
    } catch (MalformedRecordException malformed) {
      throw malformed;
    } catch (RuntimeException notOurs) {
      // Its schema has our names and other types behind them, or a value that no column can hold.
      throw new MalformedRecordException("its values are none of a row: " + notOurs, notOurs);
    }
  }

  private RowChange.ColumnValues values(IndexedRecord row, @Nullable List<?> set) {
    List<@Nullable Object> values = new ArrayList<>(columnIds.size());
    if (set == null) {
      for (int i = 0; i < columnIds.size(); i++) {
        values.add(toStored(types.get(i), row.get(i)));
      }
      return new RowChange.ColumnValues(columnIds, values);
    }
    List<Integer> ids = new ArrayList<>(set.size());
    Set<Integer> seen = new HashSet<>();
    for (Object name : set) {
      Integer at = positions.get(name.toString());
      if (at == null || !seen.add(at)) {
        throw new MalformedRecordException("it sets column '" + name + "' that its schema lacks");
      }
      ids.add(columnIds.get(at));
      values.add(toStored(types.get(at), row.get(at)));
    }
    return new RowChange.ColumnValues(ids, values);
  }

  private static @Nullable Object toAvro(Schema type, @Nullable Object stored) {
    if (stored == null) {
      return null;
    }
    LogicalType logical = type.getLogicalType();
    return switch (type.getType()) {
      case INT ->
          logical instanceof LogicalTypes.Date
              ? (Object) (int) StoredValues.parseDate((String) stored).orElseThrow().toEpochDay()
              : (Object) Math.toIntExact((Long) stored);
      case LONG ->
          logical instanceof LogicalTypes.TimestampMicros
              ? (Object)
                  ChronoUnit.MICROS.between(
                      EPOCH, StoredValues.parseTimestamp((String) stored).orElseThrow())
              : stored;
      case FLOAT -> ((Double) stored).floatValue();
      case BOOLEAN -> (Long) stored != 0;
      case BYTES -> ByteBuffer.wrap((byte[]) stored);
      default -> stored;
    };
  }

  private static final LocalDateTime EPOCH = LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC);

  private static @Nullable Object toStored(Schema type, @Nullable Object avro) {
    if (avro == null) {
      return null;
    }
    LogicalType logical = type.getLogicalType();
    return switch (type.getType()) {
      case INT ->
          logical instanceof LogicalTypes.Date
              ? (Object) LocalDate.ofEpochDay((Integer) avro).toString()
              : (Object) ((Integer) avro).longValue();
      case LONG ->
          logical instanceof LogicalTypes.TimestampMicros
              ? (Object) StoredValues.timestampText(EPOCH.plus((Long) avro, ChronoUnit.MICROS))
              : avro;
      case FLOAT, DOUBLE -> (Object) ((Number) avro).doubleValue();
      case BOOLEAN -> (Object) ((Boolean) avro ? 1L : 0L);
      case STRING -> avro.toString();
      case BYTES -> bytes((ByteBuffer) avro);
      default ->
          throw new MalformedRecordException("it has a column of Avro type " + type.getType());
    };
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
