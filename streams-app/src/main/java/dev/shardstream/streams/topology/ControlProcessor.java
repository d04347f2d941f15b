package dev.shardstream.streams.topology;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceHeaders;
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
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.NullUnmarked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives events to the coordinator, and its decisions to the store and the sinks, in one
 * transaction. The state in memory is read from the store before the first event after each {@link
 * #init}: when a transaction is aborted, Kafka Streams restores the store and begins again with
 * this same processor, whose memory still has what was undone.
 *
 * <p>What a command came with as its trace context goes on with everything that is published and
 * logged for it. What serves no command has the context of the record at hand.
 */
@NullUnmarked
final class ControlProcessor
    implements Processor<String, SpecificRecordBase, String, SpecificRecordBase> {
  private static final Logger LOG = LoggerFactory.getLogger(ControlProcessor.class);

  private static final Duration TICK = Duration.ofMillis(200);

  /** Nothing is decided by what was seen of the nodes longer ago. */
  private static final long STALE_MILLIS = 5 * TICK.toMillis();

  /** Of a time without a look at the nodes no more than this is counted as their silence. */
  private static final long COUNTED_MILLIS = 5_000;

  private final ControlPlaneConfig config;
  private final Events events;
  private final ControlMetrics metrics;
  private final Limits limits;
  private final String liveQueries;
  private ProcessorContext<String, SpecificRecordBase> context;
  private StateEntries entries;
  private CommandTraces traces;
  private Heartbeats heartbeats;
  private NodeWatch watch;
  private long lookedAt;
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
    this.traces =
        new CommandTraces(
            context.getStateStore(ControlTopology.TRACES),
            events,
            config.applicationId() + "." + ControlTopology.TRACES);
    this.heartbeats =
        new Heartbeats(
            context.getStateStore(ControlTopology.HEARTBEATS),
            events,
            config.topics().nodes(),
            metrics);
    this.lookedAt = context.currentSystemTimeMs();
    this.watch = new NodeWatch(lookedAt, limits);
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
      decide(
          database,
          new Event.LiveQueryHeard(key, (LiveQuery) record.value()),
          TraceHeaders.read(record.headers()));
    } else if (record.value() == null) {
      metrics.malformed("tombstone");
    } else {
      processOfDatabase(key, record);
    }
  }

  private void processOfDatabase(String database, Record<String, SpecificRecordBase> record) {
    Optional<TraceContext> brought = TraceHeaders.read(record.headers());
    if (record.value() instanceof DdlCommand command) {
      brought.ifPresent(trace -> traces.keep(database, command.getId(), trace));
      decide(database, new Event.CommandReceived(command, record.timestamp()), brought);
    } else if (record.value() instanceof TaskEvent event) {
      decide(database, new Event.TaskReported(event), brought);
    }
  }

  private void tick(long now) {
    look(now);
    for (DatabaseState state : List.copyOf(databases().values())) {
      if (Coordinator.needsTime(state, cluster, limits)) {
        decide(state.database(), new Event.Tick(), Optional.empty());
      }
    }
    metrics.observe(context.taskId().toString(), databases().values(), cluster, limits, now);
  }

  /** Who did not look for long, as on a machine that slept, has not seen others be silent. */
  private void look(long now) {
    long unwatched = now - lookedAt;
    if (unwatched > COUNTED_MILLIS) {
      LOG.warn("nodes.unwatched millis={}", unwatched);
      watch.wasAway(unwatched - COUNTED_MILLIS, now);
    }
    lookedAt = now;
    cluster = watch.observe(heartbeats.all(), now);
  }

  /**
   * @param brought what the record at hand came with
   */
  private void decide(String database, Event event, Optional<TraceContext> brought) {
    DatabaseState known = databases().get(database);
    DatabaseState state = known == null ? new DatabaseState(database) : known;
    long now = context.currentSystemTimeMs();
    if (now - lookedAt > STALE_MILLIS) {
      // Records that waited come before the tick that is due.
      look(now);
    }
    List<Decision> decisions = Coordinator.decide(state, event, new Moment(now, cluster), limits);
    Causes causes = new Causes(state, decisions);
    for (int at = 0; at < decisions.size(); at++) {
      Decision decision = decisions.get(at);
      Optional<TraceContext> trace =
          causes.command(at).map(id -> traces.of(database, id)).or(() -> brought);
      causes
          .about(at)
          .with(trace)
          .run(
              () -> {
                entries.write(state, decision);
                Publication.of(database, decision).ifPresent(p -> publish(p, now));
                metrics.count(state, decision);
              });
    }
    boolean isKept =
        decisions.stream().anyMatch(one -> StateEntries.key(database, one).isPresent());
    if (known == null && isKept) {
      // Whoever writes to the topic can name any database: what was refused leaves nothing behind.
      databases().put(database, state);
    }
  }

  private void publish(Publication publication, long now) {
    RecordHeaders headers = new RecordHeaders();
    TraceHeaders.writeCurrent(headers);
    context.forward(
        new Record<>(publication.key(), publication.value(), now, headers),
        publication.sink().name());
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
