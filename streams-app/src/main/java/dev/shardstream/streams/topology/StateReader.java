package dev.shardstream.streams.topology;

import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Reads what {@link StateEntries} wrote, a few entries and not all. */
final class StateReader {
  /** The namespace that nobody has to create. */
  private static final String DEFAULT = "default";

  private static final char AFTER_SLASH = '/' + 1;

  private final ReadOnlyKeyValueStore<String, byte[]> store;
  private final Events events;

  StateReader(ReadOnlyKeyValueStore<String, byte[]> store, Events events) {
    this.store = store;
    this.events = events;
  }

  /** The databases in the store, in order. */
  List<String> databases() {
    List<String> names = new ArrayList<>();
    Optional<String> key = firstFrom("");
    while (key.isPresent()) {
      String name = key.get().substring(0, key.get().indexOf('/'));
      if (exists(name)) {
        names.add(name);
      }
      key = firstFrom(name + AFTER_SLASH);
    }
    return names;
  }

  private Optional<String> firstFrom(String key) {
    try (KeyValueIterator<String, byte[]> entries = store.range(key, null)) {
      return entries.hasNext() ? Optional.of(entries.peekNextKey()) : Optional.empty();
    }
  }

  boolean exists(String database) {
    return database.equals(DEFAULT)
        || store.get(StateEntries.prefix(database, Namespace.class) + database) != null;
  }

  /** All entries of one class in a database, by id. */
  <T extends SpecificRecordBase> List<T> all(String database, Class<T> type) {
    Deserializer<T> deserializer = events.serde(type).deserializer();
    List<T> found = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> entries =
        store.prefixScan(StateEntries.prefix(database, type), new StringSerializer())) {
      while (entries.hasNext()) {
        found.add(deserializer.deserialize("", entries.next().value));
      }
    }
    return found;
  }

  /** The entry of that class and id. */
  <T extends SpecificRecordBase> Optional<T> find(String database, Class<T> type, String id) {
    byte[] bytes = store.get(StateEntries.prefix(database, type) + id);
    return Optional.ofNullable(events.serde(type).deserializer().deserialize("", bytes));
  }
}
