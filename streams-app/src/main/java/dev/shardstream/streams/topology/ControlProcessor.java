package dev.shardstream.streams.topology;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.coordinator.Coordinator;
import dev.shardstream.streams.coordinator.Event;
import dev.shardstream.streams.placement.NodeWatch;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.NullUnmarked;

/**
 * Gives events to the coordinator, and its decisions to the store and the sinks, in one
 * transaction. The state in memory is read from the store before the first event after each {@link
 * #init}: when a transaction is aborted, Kafka Streams restores the store and begins again with
 * this same processor, whose memory still has what was undone.
 */
@NullUnmarked
final class ControlProcessor
    implements Processor<String, SpecificRecordBase, String, SpecificRecordBase> {
  private static final Duration TICK = Duration.ofMillis(200);

  private final ControlPlaneConfig config;
  private final Events events;
  private final ControlMetrics metrics;
  private final Limits limits;
  private final String liveQueries;
  private ProcessorContext<String, SpecificRecordBase> context;
  private StateEntries entries;
  private Heartbeats heartbeats;
  private NodeWatch watch;
  private Cluster cluster;
  private Map<String, DatabaseState> databases;

  ControlProcessor(ControlPlaneConfig config, Events events, ControlMetrics metrics) {
    this.config = config;
    this.events = events;
    this.metrics = metrics;
    this.limits = config.limits();
    this.liveQueries = config.topics().liveQueries();
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecordBase> context) {
    this.context = context;
    this.entries =
        new StateEntries(
            context.getStateStore(ControlTopology.STATE),
            events,
            config.applicationId() + "." + ControlTopology.STATE);
    this.heartbeats =
        new Heartbeats(
            context.getStateStore(ControlTopology.HEARTBEATS),
            events,
            config.topics().nodes(),
            metrics);
    this.watch = new NodeWatch(context.currentSystemTimeMs());
    this.cluster = new Cluster(0, new TreeMap<>());
    this.databases = null;
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  @Override
  public void process(Record<String, SpecificRecordBase> record) {
    String key = record.key() == null ? "" : record.key();
    boolean isOfLiveQuery =
        context.recordMetadata().filter(m -> m.topic().equals(liveQueries)).isPresent();
    if (isOfLiveQuery) {
      String database = key.substring(0, Math.max(0, key.indexOf('/')));
      decide(database, new Event.LiveQueryHeard(key, (LiveQuery) record.value()));
    } else if (record.value() == null) {
      metrics.malformed("tombstone");
    } else {
      processOfDatabase(key, record);
    }
  }

  private void processOfDatabase(String database, Record<String, SpecificRecordBase> record) {
    if (record.value() instanceof DdlCommand command) {
      decide(database, new Event.CommandReceived(command, record.timestamp()));
    } else if (record.value() instanceof TaskEvent event) {
      decide(database, new Event.TaskReported(event));
    }
  }

  private void tick(long now) {
    cluster = watch.observe(heartbeats.all(), now);
    for (DatabaseState state : List.copyOf(databases().values())) {
      if (Coordinator.needsTime(state, cluster, limits)) {
        decide(state.database(), new Event.Tick());
      }
    }
    metrics.observe(context.taskId().toString(), databases().values(), cluster, limits, now);
  }

  private void decide(String database, Event event) {
    DatabaseState state = databases().computeIfAbsent(database, DatabaseState::new);
    long now = context.currentSystemTimeMs();
    for (Decision decision : Coordinator.decide(state, event, new Moment(now, cluster), limits)) {
      entries.write(state, decision);
      Publication.of(database, decision).ifPresent(p -> publish(p, now));
      metrics.count(state, decision);
    }
  }

  private void publish(Publication publication, long now) {
    context.forward(
        new Record<>(publication.key(), publication.value(), now), publication.sink().name());
  }

  /** Read late, because the store is filled only after {@link #init}. */
  private Map<String, DatabaseState> databases() {
    if (databases == null) {
      databases = entries.readAll();
    }
    return databases;
  }

  @Override
  public void close() {
    metrics.forget(context.taskId().toString());
  }
}
