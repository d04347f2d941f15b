package dev.shardstream.streams;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.http.ControlHttp;
import dev.shardstream.streams.http.Forwarding;
import dev.shardstream.streams.live.CommandPublisher;
import dev.shardstream.streams.live.ControlFeed;
import dev.shardstream.streams.live.EventHub;
import dev.shardstream.streams.live.LiveEvent;
import dev.shardstream.streams.live.Outcomes;
import dev.shardstream.streams.live.SchemaHistory;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.view.ClusterState;
import dev.shardstream.streams.view.Lists;
import dev.shardstream.streams.view.NodeBody;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server with what it answers from. It is bound before Kafka Streams is made, which tells
 * the other processes its address, and answers STATE_UNAVAILABLE until {@link #serve}.
 */
final class ControlApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);
  private static final int EVENTS_KEPT = 1_000;
  private static final int MOST_WATCHERS = 64;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final int INCARNATION_LETTERS = 8;
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final Limits limits;
  private final EventHub hub;
  private final Outcomes outcomes = new Outcomes();
  private final CommandPublisher publisher;
  private final ControlFeed feed;
  private final ControlHttp http;
  private final URI self;
  private volatile @Nullable ClusterState state;
  private long lookedAt = System.nanoTime();

  ControlApi(
      ControlPlaneConfig config,
      ServerAccess access,
      Events events,
      PrometheusMeterRegistry meters,
      Supplier<Optional<String>> notReady) {
    KafkaClients kafka = new KafkaClients(config);
    limits = config.limits();
    hub =
        new EventHub(
            UUID.randomUUID().toString().substring(0, INCARNATION_LETTERS),
            EVENTS_KEPT,
            MOST_WATCHERS);
    publisher = new CommandPublisher(config, kafka, events);
    feed = new ControlFeed(config.topics(), kafka, events, hub, outcomes, this::look);
    http =
        ControlHttp.start(
            config.httpHost(),
            config.httpPort(),
            access,
            meters,
            new ControlHttp.Parts(
                this::state,
                new Forwarding(Caller.of(config)),
                new SchemaHistory(config, kafka, events)::versions,
                this::publish,
                hub,
                limits,
                () -> state == null ? Optional.of("it is starting") : notReady.get()));
    self = self(config, access.tls().isPresent() ? "https" : "http", http.port());
  }

  /** Kafka Streams passes on a host and a port, so a port that a URL leaves out is named. */
  private static URI self(ControlPlaneConfig config, String scheme, int bound) {
    URI url =
        URI.create(
            config
                .advertisedUrl()
                .orElseGet(() -> scheme + "://" + config.httpHost() + ":" + bound));
    if (url.getPort() >= 0) {
      return url;
    }
    int port = "https".equals(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    return URI.create(url.getScheme() + "://" + url.getHost() + ":" + port);
  }

  /** Begins to answer from a state. */
  void serve(ClusterState now) {
    state = now;
    feed.start();
  }

  private ClusterState state() {
    ClusterState now = state;
    if (now == null) {
      throw new ShardstreamException(ErrorCode.STATE_UNAVAILABLE, "it is starting");
    }
    return now;
  }

  private CompletableFuture<Optional<DdlResult>> publish(DdlCommand command, Duration wait) {
    if (wait.isZero()) {
      publisher.publish(command);
      return CompletableFuture.completedFuture(Optional.empty());
    }
    // Before it is published: the outcome may come at once.
    CompletableFuture<Optional<DdlResult>> outcome = outcomes.await(command.getId(), wait);
    try {
      publisher.publish(command);
      return outcome;
    } catch (RuntimeException e) {
      outcome.complete(Optional.empty());
      throw e;
    }
  }

  /** Looks at the nodes once a second, watched or not: silence is what is not seen meanwhile. */
  private void look() {
    long now = System.nanoTime();
    if (now - lookedAt < BETWEEN_LOOKS.toNanos()) {
      return;
    }
    lookedAt = now;
    try {
      Cluster nodes = state().nodes();
      if (hub.isWatched()) {
        hub.tell(LiveEvent.NODES, new Lists.Nodes(NodeBody.all(nodes, limits)));
      }
    } catch (ShardstreamException notNow) {
      LOG.debug("nodes.unknown reason={}", notNow.getMessage());
    }
  }

  /** URL by which other processes of the control plane reach this one. */
  URI self() {
    return self;
  }

  int port() {
    return http.port();
  }

  @Override
  public void close() {
    http.close();
    feed.close();
    publisher.close();
  }
}
