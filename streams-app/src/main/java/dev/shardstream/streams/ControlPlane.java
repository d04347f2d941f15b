package dev.shardstream.streams;

import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.clock.SteadyClock;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.kafka.TopicAdmin;
import dev.shardstream.schemas.metrics.ProcessMeters;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.group.GroupWatch;
import dev.shardstream.streams.group.KafkaGroupOffsets;
import dev.shardstream.streams.provision.Provisioner;
import dev.shardstream.streams.topology.ControlMetric;
import dev.shardstream.streams.topology.ControlMetrics;
import dev.shardstream.streams.topology.ControlTopology;
import dev.shardstream.streams.topology.StreamsSettings;
import dev.shardstream.streams.topology.StreamsState;
import dev.shardstream.streams.topology.StreamsTime;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One control plane process: the topology, the provisioner beside it, and HTTP. */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final Clock CLOCK = SteadyClock.ofThisProcess();
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);
  private static final Duration ROOM_PATIENCE = Duration.ofSeconds(10);

  private final ConfluentRegistry registry;
  private final KafkaStreams streams;
  private final KafkaStreamsMetrics streamsMetrics;
  private final ProcessMeters processMeters;
  private final Provisioner provisioner;
  private final KafkaGroupOffsets offsets;
  private final GroupWatch groupWatch;
  private final ControlApi api;
  private final CountDownLatch failed = new CountDownLatch(1);
  private final StateDisk disk;

  private ControlPlane(ControlPlaneConfig config, ConfluentRegistry registry, ServerAccess access) {
    this.registry = registry;
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    processMeters = new ProcessMeters(meters);
    ControlMetrics metrics = new ControlMetrics(meters);
    Events events = new Events(registry);
    api = new ControlApi(config, access, events, meters, this::notReady);
    streams = streams(config, events, metrics, api);
    disk = StateDisk.of(config.stateDir());
    streamsMetrics = new KafkaStreamsMetrics(streams);
    streamsMetrics.bindTo(meters);
    provisioner = new Provisioner(config, registry, UUID.randomUUID().toString(), CLOCK);
    ControlMetric.PROVISIONER_WORKING.gauge(meters, () -> provisioner.isWorking() ? 1 : 0);
    ControlMetric.READY.gauge(meters, () -> notReady().isEmpty() ? 1 : 0);
    offsets = new KafkaGroupOffsets(config, config.applicationId());
    groupWatch = new GroupWatch(offsets, metrics::offsetsFreed);
    streams.setUncaughtExceptionHandler(
        new StreamThreadFailures(new ThreadReplacements(CLOCK), disk, metrics));
    streams.setStateListener(
        (now, before) -> {
          LOG.info("streams.state now={} before={}", now, before);
          if (now == KafkaStreams.State.ERROR) {
            failed.countDown();
          }
        });
    api.serve(new StreamsState(streams, config, events, metrics, CLOCK, api.self()));
  }

  private static KafkaStreams streams(
      ControlPlaneConfig config, Events events, ControlMetrics metrics, ControlApi api) {
    Properties settings = StreamsSettings.of(config, metrics);
    URI self = api.self();
    settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.getHost() + ":" + self.getPort());
    try {
      return new KafkaStreams(
          ControlTopology.build(config, events, metrics), settings, new StreamsTime(CLOCK));
    } catch (StreamsException e) {
      api.close();
      // Kafka Streams locks the directory before it does anything else that can fail like this.
      throw new ShardstreamException(ErrorCode.DATA_DIRECTORY_IN_USE, config.stateDir())
          .causedBy(e);
    }
  }

  /**
   * Starts the process; returns when it has begun to work, not when it is ready.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException KAFKA_UNREACHABLE or
   *     REGISTRY_UNREACHABLE after a bounded wait, DATA_DIRECTORY_IN_USE, INVALID_CONFIG
   */
  public static ControlPlane start(ControlPlaneConfig config) {
    ServerAccess access = ServerAccess.of(config, config.httpHost());
    KafkaClients clients = new KafkaClients(config);
    clients.requireReachable();
    ConfluentRegistry registry = ConfluentRegistry.connect(config);
    requireReachable(registry, config);
    try (Admin admin = clients.admin()) {
      new TopicAdmin(admin, config.topicReplication()).create(config.topics().control());
    }
    ControlPlane controlPlane = new ControlPlane(config, registry, access);
    controlPlane.awaitRoom(config);
    controlPlane.streams.start();
    controlPlane.provisioner.start();
    controlPlane.groupWatch.start();
    LOG.info(
        "streams.started cluster={} httpPort={}",
        config.topics().cluster(),
        controlPlane.httpPort());
    return controlPlane;
  }

  /**
   * Stores are opened at the start, and without room that would end the process again and again.
   */
  private void awaitRoom(ControlPlaneConfig config) {
    while (disk.isFull() && !Thread.currentThread().isInterrupted()) {
      LOG.error("streams.disk.full state_dir={}", config.stateDir());
      disk.awaitRoom(ROOM_PATIENCE);
    }
  }

  /** Registers what it will need anyway; a registry that is not there shows here. */
  private static void requireReachable(Registry registry, ControlPlaneConfig config) {
    registry.register(Topics.subject(config.topics().ddlCommands()), DdlCommand.getClassSchema());
  }

  private Optional<String> notReady() {
    if (streams.state() != KafkaStreams.State.RUNNING) {
      String room = disk.isFull() ? ", and its state.dir has no room" : "";
      return Optional.of("streams is " + streams.state() + room);
    }
    return provisioner.isWorking()
        ? Optional.empty()
        : Optional.of("the provisioner does not follow its tasks");
  }

  /** The port that HTTP is served on. */
  public int httpPort() {
    return api.port();
  }

  /** Waits until the process cannot go on; never returns while it can. */
  public void awaitFailure() throws InterruptedException {
    failed.await();
  }

  /** Stops without losing anything: what is not committed is decided again after the next start. */
  @Override
  public void close() {
    api.close();
    groupWatch.close();
    offsets.close();
    provisioner.close();
    streams.close(CLOSE_PATIENCE);
    streamsMetrics.close();
    processMeters.close();
    registry.close();
  }
}
