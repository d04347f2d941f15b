package dev.shardstream.worker.apply;

import dev.shardstream.schemas.catalog.Rules;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Fence;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowCodec;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.serde.WireFormat;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.shard.Rejection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the records of one table's log. What cannot be read becomes an entry too and never stops
 * the log. Not safe for several threads.
 */
public final class LogDecoder {
  private static final String TABLE_ID = "tableId";

  static {
    Events.trust(Fence.class);
    Events.trust(Rule.class);
  }

  private final Table table;
  private final Registry registry;
  private final Map<Integer, Content> contents = new HashMap<>();

  private sealed interface Content {
    record Rows(RowCodec codec) implements Content {}

    record Fences(DatumReader<Fence> reader) implements Content {}

    record Rules(DatumReader<Rule> reader) implements Content {}

    record Foreign(String reason) implements Content {}
  }

  public LogDecoder(Table table, Registry registry) {
    this.table = table;
    this.registry = registry;
  }

  /**
   * @throws dev.shardstream.schemas.contract.ShardstreamException REGISTRY_UNREACHABLE: nothing is
   *     known about the record then, and it has to be read again later
   */
  public LogEntry read(ConsumerRecord<byte[], byte[]> logged) {
    byte[] value = logged.value();
    if (value == null) {
      return unreadable(logged, "it has no value");
    }
    try {
      Content content = content(WireFormat.schemaId(value));
      if (content instanceof Content.Rows rows) {
        return change(logged, rows.codec().decode(value));
      }
      if (content instanceof Content.Fences fences) {
        return fence(logged, WireFormat.decode(value, fences.reader()));
      }
      if (content instanceof Content.Rules rules) {
        return rule(logged, WireFormat.decode(value, rules.reader()));
      }
      return unreadable(logged, ((Content.Foreign) content).reason());
    } catch (MalformedRecordException malformed) {
      return unreadable(logged, String.valueOf(malformed.getMessage()));
    }
  }

  private LogEntry fence(ConsumerRecord<byte[], byte[]> logged, Fence fence) {
    return new LogEntry.Fenced(
        logged.partition(),
        logged.offset(),
        lowest(logged.partition()),
        fence.getFenceId(),
        logged.timestamp(),
        fence.getSchemaVersion());
  }

  private LogEntry rule(ConsumerRecord<byte[], byte[]> logged, Rule rule) {
    if (!rule.getTableId().equals(table.getTableId())) {
      return unreadable(logged, "it is a rule of table " + rule.getTableId());
    }
    return Rules.malformed(rule)
        .map(reason -> unreadable(logged, reason))
        .orElseGet(
            () ->
                new LogEntry.Ruled(
                    logged.partition(), logged.offset(), lowest(logged.partition()), rule));
  }

  private Content content(int schemaId) {
    Content known = contents.get(schemaId);
    if (known != null) {
      return known;
    }
    Optional<Schema> schema = registry.byId(schemaId);
    if (schema.isEmpty()) {
      // Not remembered: the id may be given to a schema later.
      return new Content.Foreign("the registry has no Avro schema " + schemaId);
    }
    Content content = content(schemaId, schema.get());
    contents.put(schemaId, content);
    return content;
  }

  private Content content(int schemaId, Schema schema) {
    if (isOf(schema, Fence.getClassSchema())) {
      return new Content.Fences(new SpecificDatumReader<>(schema, Fence.getClassSchema()));
    }
    if (isOf(schema, Rule.getClassSchema())) {
      return new Content.Rules(new SpecificDatumReader<>(schema, Rule.getClassSchema()));
    }
    if (!RowCodec.describesRows(schema)) {
      return new Content.Foreign("schema " + schemaId + " is not one of row changes");
    }
    Object tableId = schema.getObjectProp(TABLE_ID);
    if (!table.getTableId().equals(tableId)) {
      return new Content.Foreign("schema " + schemaId + " is of table " + tableId);
    }
    try {
      return new Content.Rows(RowCodec.of(schema));
    } catch (MalformedRecordException unusable) {
      return new Content.Foreign("schema " + schemaId + ": " + unusable.getMessage());
    }
  }

  private static boolean isOf(Schema schema, Schema event) {
    return schema.getType() == Schema.Type.RECORD
        && schema.getFullName().equals(event.getFullName());
  }

  private LogEntry change(ConsumerRecord<byte[], byte[]> logged, RowChange change) {
    List<Object> key = new ArrayList<>(table.getPrimaryKey().size());
    for (int id : table.getPrimaryKey()) {
      Object value = change.values().get(id);
      if (value == null) {
        return unreadable(logged, "it lacks the primary key column with id " + id);
      }
      key.add(value);
    }
    int virtualShard = VirtualShards.of(CanonicalKey.of(shardKey(change)));
    if (VirtualShards.partitionOf(virtualShard, table.getPartitions()) != logged.partition()) {
      return unreadable(
          logged, "its row is in virtual shard " + virtualShard + ", not of this partition");
    }
    byte[] canonical = CanonicalKey.of(key);
    RowKey row = new RowKey(virtualShard, key, canonical);
    if (!Arrays.equals(canonical, logged.key())) {
      return new LogEntry.Unreadable(
          poison(logged, virtualShard, "its key is not the primary key of its row"), row);
    }
    return new LogEntry.Changed(
        new LoggedChange(row, change, logged.partition(), logged.offset(), logged.timestamp()));
  }

  private List<Object> shardKey(RowChange change) {
    List<Object> key = new ArrayList<>(table.getShardKey().size());
    for (int id : table.getShardKey()) {
      key.add(java.util.Objects.requireNonNull(change.values().get(id)));
    }
    return key;
  }

  /** Of which nobody knows the row. */
  private LogEntry unreadable(ConsumerRecord<byte[], byte[]> logged, String reason) {
    return new LogEntry.Unreadable(poison(logged, lowest(logged.partition()), reason));
  }

  private static Rejection poison(
      ConsumerRecord<byte[], byte[]> logged, int virtualShard, String reason) {
    String place = logged.topic() + " " + logged.partition() + "@" + logged.offset();
    return new Rejection(
        logged.partition(),
        logged.offset(),
        virtualShard,
        ErrorCode.POISON.name(),
        ErrorCode.POISON.text(place, reason),
        logged.timestamp());
  }

  /**
   * Exactly one shard of a replica set holds it, and of a RANGE table's the least key of it, so an
   * unreadable record is recorded once.
   */
  private int lowest(int partition) {
    int partitions = table.getPartitions();
    return (partition * VirtualShards.COUNT + partitions - 1) / partitions;
  }
}
