package dev.shardstream.streams.topology;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.NullUnmarked;

/** Keeps the last heartbeat of every node, as bytes: one that cannot be read harms nobody. */
@NullUnmarked
final class HeartbeatStore implements Processor<String, byte[], Void, Void> {
  private KeyValueStore<String, byte[]> store;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(ControlTopology.HEARTBEATS);
  }

  @Override
  public void process(Record<String, byte[]> heartbeat) {
    if (heartbeat.key() != null) {
      store.put(heartbeat.key(), heartbeat.value());
    }
  }
}
