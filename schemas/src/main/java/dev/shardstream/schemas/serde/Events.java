package dev.shardstream.schemas.serde;

import dev.shardstream.schemas.contract.Topics;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serdes of the events, the generated classes of package {@code event}. Their schemas are
 * registered under the topic's subject at first use; records written by another release are read
 * through Avro's schema resolution.
 */
public final class Events {
  private static final Set<String> OWN_PACKAGES = ConcurrentHashMap.newKeySet();

  static {
    // Avro makes objects of trusted classes only; whoever embeds us keeps what they trust already.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            type -> OWN_PACKAGES.contains(type.getPackageName())));
  }

  private final Registry registry;

  public Events(Registry registry) {
    this.registry = registry;
  }

  /**
   * Lets Avro make objects of an event class and of those in its package, for whoever reads events
   * without a serde of this class, from a file or inside another record.
   */
  public static void trust(Class<? extends SpecificRecordBase> type) {
    OWN_PACKAGES.add(type.getPackageName());
  }

  /** Serializer and deserializer of one event class; null values (tombstones) stay null. */
  public <T extends SpecificRecordBase> Serde<T> serde(Class<T> type) {
    trust(type);
    return Serdes.serdeFrom(
        new AvroSerializer<>(registry, type), new AvroDeserializer<>(registry, type));
  }

  private static final class AvroSerializer<T extends SpecificRecordBase> implements Serializer<T> {
    private final Registry registry;
    private final Schema schema;
    private final SpecificDatumWriter<T> writer;
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();

    AvroSerializer(Registry registry, Class<T> type) {
      this.registry = registry;
      this.schema = SpecificData.get().getSchema(type);
      this.writer = new SpecificDatumWriter<>(type);
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T data) {
      if (data == null) {
        return null;
      }
      int id = ids.computeIfAbsent(Topics.subject(topic), s -> registry.register(s, schema));
      return WireFormat.encode(id, data, writer);
    }
  }

  private static final class AvroDeserializer<T extends SpecificRecordBase>
      implements Deserializer<T> {
    private final Registry registry;
    private final Schema schema;
    private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();

    AvroDeserializer(Registry registry, Class<T> type) {
      this.registry = registry;
      this.schema = SpecificData.get().getSchema(type);
    }

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
      if (bytes == null) {
        return null;
      }
      return WireFormat.decode(
          bytes, readers.computeIfAbsent(WireFormat.schemaId(bytes), this::reader));
    }

    private DatumReader<T> reader(int id) {
      Schema writer =
          registry
              .byId(id)
              .orElseThrow(() -> new MalformedRecordException("unknown schema id " + id));
      return new SpecificDatumReader<>(writer, schema);
    }
  }
}
