package dev.shardstream.streams.topology;

import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.streams.record.CommandTrace;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * For whom each command is, if it came with a trace context: key {@code database/command id}. Kept
 * beside the state and not in it, so that nothing can be decided by it, and for as long as the
 * command: a reshard's last tasks come long after its answer.
 */
final class CommandTraces {
  private final KeyValueStore<String, byte[]> store;
  private final Serde<CommandTrace> serde;
  private final String topic;

  /**
   * @param topic what the registry's subject is named after
   */
  CommandTraces(KeyValueStore<String, byte[]> store, Events events, String topic) {
    this.store = store;
    this.serde = events.serde(CommandTrace.class);
    this.topic = topic;
  }

  /** Keeps what a command came with; one that comes again stays what it was. */
  void keep(String database, String commandId, TraceContext trace) {
    CommandTrace value =
        new CommandTrace(trace.correlationId(), trace.traceparent(), trace.tracestate());
    store.putIfAbsent(key(database, commandId), serde.serializer().serialize(topic, value));
  }

  /** For whom a command is; its own id says it when it came with nothing. */
  TraceContext of(String database, String commandId) {
    byte[] bytes = store.get(key(database, commandId));
    if (bytes == null) {
      return TraceContext.ofCommand(commandId);
    }
    CommandTrace kept = serde.deserializer().deserialize(topic, bytes);
    return new TraceContext(kept.getCorrelationId(), kept.getTraceparent(), kept.getTracestate());
  }

  private static String key(String database, String commandId) {
    return database + "/" + commandId;
  }
}
