package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.topology.StateEntries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What of the control plane outlives it: of each key the last entry, as bytes, read back in the
 * order of the keys and not in that in which they were decided.
 */
final class StateStore {
  private final StateEntries entries;
  private final Map<String, Decision> unwritten = new LinkedHashMap<>();
  private final DatabaseState blank;

  StateStore(String database, SimRegistry registry) {
    this.entries = new StateEntries(new InMemory(), new Events(registry), "state");
    this.blank = new DatabaseState(database);
  }

  /** A batch of decisions is committed; of several for one key only the last is ever seen. */
  void commit(List<Decision> decisions) {
    for (Decision decision : decisions) {
      StateEntries.key(blank.database(), decision).ifPresent(key -> unwritten.put(key, decision));
    }
  }

  /** The state that a process finds that starts now. */
  DatabaseState read() {
    unwritten.values().forEach(decision -> entries.write(blank, decision));
    unwritten.clear();
    return entries.readAll().getOrDefault(blank.database(), new DatabaseState(blank.database()));
  }

  /** As much of a store as state entries use. */
  private static final class InMemory implements KeyValueStore<String, byte[]> {
    private final NavigableMap<String, byte[]> values = new TreeMap<>();

    @Override
    public void put(String key, byte[] value) {
      values.put(key, value);
    }

    @Override
    public byte @Nullable [] putIfAbsent(String key, byte[] value) {
      return values.putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<String, byte[]>> entries) {
      entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(String key) {
      return values.remove(key);
    }

    @Override
    public byte @Nullable [] get(String key) {
      return values.get(key);
    }

    @Override
    public KeyValueIterator<String, byte[]> range(String from, String to) {
      return iterator(values.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<String, byte[]> all() {
      return iterator(values);
    }

    private static KeyValueIterator<String, byte[]> iterator(Map<String, byte[]> found) {
      var each = List.copyOf(found.entrySet()).iterator();
      return new KeyValueIterator<>() {
        @Override
        public boolean hasNext() {
          return each.hasNext();
        }

        @Override
        public KeyValue<String, byte[]> next() {
          Map.Entry<String, byte[]> entry = each.next();
          return KeyValue.pair(entry.getKey(), entry.getValue());
        }

        @Override
        public String peekNextKey() {
          throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public long approximateNumEntries() {
      return values.size();
    }

    @Override
    public String name() {
      return "state";
    }

    @Override
    public void init(
        StateStoreContext context, org.apache.kafka.streams.processor.StateStore root) {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
      return false;
    }

    @Override
    public boolean isOpen() {
      return true;
    }
  }
}
