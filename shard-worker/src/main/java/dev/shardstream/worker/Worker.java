package dev.shardstream.worker;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.clock.SteadyClock;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.RejectedWrite;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.kafka.TopicAdmin;
import dev.shardstream.schemas.metrics.ProcessMeters;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.worker.apply.ApplyMetrics;
import dev.shardstream.worker.catalog.Catalog;
import dev.shardstream.worker.catalog.CatalogFollower;
import dev.shardstream.worker.config.WorkerConfig;
import dev.shardstream.worker.copy.ShardCopier;
import dev.shardstream.worker.copy.SliceClient;
import dev.shardstream.worker.fresh.FreshnessWatch;
import dev.shardstream.worker.fresh.TransactionWatch;
import dev.shardstream.worker.http.HttpSettings;
import dev.shardstream.worker.http.WorkerHttp;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.node.DataDirectory;
import dev.shardstream.worker.node.Heartbeat;
import dev.shardstream.worker.node.NodeIdentity;
import dev.shardstream.worker.node.NodeMetrics;
import dev.shardstream.worker.node.RejectionPublisher;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.snapshot.SnapshotBeginning;
import dev.shardstream.worker.snapshot.SnapshotPlace;
import dev.shardstream.worker.snapshot.SnapshotWatch;
import dev.shardstream.worker.task.TaskHandler;
import dev.shardstream.worker.task.TaskLoop;
import dev.shardstream.worker.task.TaskReporter;
import dev.shardstream.worker.verify.Verifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard worker, from its configuration to its end. Closing ends the batch in hand, closes every
 * shard and says goodbye; a kill at any moment loses nothing either, it only takes longer.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int NOTIFICATION_THREADS = 2;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final WorkerConfig config;
  private final Topics topics;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final WorkerKafka kafka;
  private final ServerAccess access;
  private final Caller caller;
  private final Clock clock = SteadyClock.ofThisProcess();

  /** What has to be closed, the last one first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final AtomicReference<Runnable> announcement = new AtomicReference<>(() -> {});
  private final AtomicReference<Supplier<Optional<String>>> readiness =
      new AtomicReference<>(() -> Optional.of("starting"));
  private final AtomicReference<java.util.function.Consumer<String>> tableChanged =
      new AtomicReference<>(tableId -> {});
  private final AtomicReference<java.util.function.Consumer<ShardFile>> adopted =
      new AtomicReference<>(file -> {});
  private volatile String endpoint = "";

  private Worker(WorkerConfig config) {
    this.config = config;
    this.topics = config.topics();
    this.kafka = new WorkerKafka(config, metrics);
    this.access = ServerAccess.of(config, config.httpHost());
    this.caller = Caller.of(config);
  }

  /**
   * Starts a worker; returns when it serves and its shards follow their logs.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException DATA_DIRECTORY_IN_USE,
   *     KAFKA_UNREACHABLE, REGISTRY_UNREACHABLE, FILE_ERROR, INVALID_CONFIG, INVALID_ARGUMENT and
   *     SNAPSHOT_STORE for a place of snapshots that is none
   */
  public static Worker start(WorkerConfig config) throws IOException, SQLException {
    Worker worker = new Worker(config);
    try {
      worker.open();
      return worker;
    } catch (IOException | SQLException | RuntimeException failure) {
      worker.close();
      throw failure;
    }
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  private void open() throws IOException, SQLException {
    DataDirectory directory = part(DataDirectory.open(config.dataDir()));
    String kafkaCluster = kafka.requireReachable();
    Optional<SnapshotPlace> snapshots = snapshots(kafkaCluster);
    Registry registry = part(ConfluentRegistry.connect(config));
    registry.register(Topics.subject(topics.nodes()), Node.getClassSchema());
    Events events = new Events(registry);
    createTopics();
    part(new ProcessMeters(metrics));
    WorkerMetric.READY.gauge(metrics, () -> readiness.get().get().isEmpty() ? 1 : 0);
    Producer<String, TaskEvent> taskEvents = producer(events, TaskEvent.class, "task-events");
    Producer<String, Node> heartbeats = producer(events, Node.class, "nodes");
    Producer<String, RejectedWrite> rejections =
        producer(events, RejectedWrite.class, "rejected-writes");
    Verifier verifier = new Verifier(config.getInt(WorkerConfig.VERIFY_THREADS), metrics);
    CatalogFollower catalog = part(catalog(events));
    Admin logs = kafka.admin();
    part(() -> logs.close(LAST_WORDS));
    FreshnessWatch freshness =
        part(new FreshnessWatch(new KafkaLogEnds(logs, topics), System::nanoTime, metrics));
    ShardRegistry shards =
        part(shards(directory, registry, verifier, catalog, snapshots, freshness));
    // First of these: an applier that waits for a snapshot would not stop before.
    part(verifier);
    tableChanged.set(shards::wake);
    TransactionWatch transactions = part(transactions(logs, shards));
    SnapshotWatch snapshotWatch = part(snapshotWatch(snapshots, logs, shards));
    WorkerHttp http = part(http(directory, shards, snapshots));
    http.start();
    NodeIdentity identity = identity(http.port());
    TaskReporter reporter =
        new TaskReporter(identity, taskEvents, topics.taskEvents(), clock, metrics);
    adopted.set(reporter::schemaReached);
    shards.openAll();
    TaskHandler handler = part(handler(identity, directory, shards, verifier, reporter, catalog));
    Heartbeat heartbeat =
        part(
            new Heartbeat(
                identity,
                heartbeats,
                topics.nodes(),
                shards,
                directory,
                config.millis(WorkerConfig.HEARTBEAT_INTERVAL),
                clock,
                new NodeMetrics(metrics)));
    announcement.set(heartbeat::announce);
    RejectionPublisher publisher =
        part(new RejectionPublisher(shards, rejections, topics.rejectedWrites()));
    TaskLoop tasks = part(tasks(events, handler));
    readiness.set(() -> notReady(heartbeat, tasks, catalog));
    catalog.start();
    freshness.start();
    transactions.start();
    snapshotWatch.start();
    heartbeat.start();
    publisher.start();
    tasks.start();
    LOG.info(
        "worker.started node={} endpoint={} data_dir={}",
        identity.nodeId(),
        identity.endpoint(),
        directory.root());
  }

  private static Optional<String> notReady(
      Heartbeat heartbeat, TaskLoop tasks, CatalogFollower catalog) {
    if (!heartbeat.isRegistered()) {
      return Optional.of("not registered yet: Kafka has taken no heartbeat");
    }
    if (!catalog.isComplete()) {
      return Optional.of("the catalog is not read yet");
    }
    return tasks.isRunning() ? Optional.empty() : Optional.of("tasks are not followed yet");
  }

  private void createTopics() {
    try (Admin admin = kafka.admin()) {
      new TopicAdmin(admin, config.topicReplication()).create(topics.control());
    }
  }

  private <T extends SpecificRecordBase> Producer<String, T> producer(
      Events events, Class<T> type, String name) {
    Producer<String, T> producer = kafka.producer(events.serde(type).serializer(), name);
    part(() -> producer.close(LAST_WORDS));
    return producer;
  }

  private Optional<SnapshotPlace> snapshots(String kafkaCluster) {
    return config
        .snapshotPlace()
        .map(place -> part(new SnapshotPlace(SnapshotStores.open(place), kafkaCluster)));
  }

  private CatalogFollower catalog(Events events) {
    return new CatalogFollower(
        topics.catalog(),
        kafka::catalogConsumer,
        events.serde(Table.class).deserializer(),
        tableId -> tableChanged.get().accept(tableId));
  }

  private TransactionWatch transactions(Admin logs, ShardRegistry shards) {
    return new TransactionWatch(
        new KafkaLogEnds(logs, topics),
        new KafkaLogEnds(logs, topics, IsolationLevel.READ_UNCOMMITTED),
        shards::followed,
        System::nanoTime,
        metrics);
  }

  private SnapshotWatch snapshotWatch(
      Optional<SnapshotPlace> snapshots, Admin logs, ShardRegistry shards) {
    TopicAdmin topicAdmin = new TopicAdmin(logs, config.topicReplication());
    return new SnapshotWatch(
        snapshots,
        shards::tables,
        tableId -> topicAdmin.starts(topics.log(new TableId(tableId))),
        metrics);
  }

  private ShardRegistry shards(
      DataDirectory directory,
      Registry registry,
      Verifier verifier,
      Catalog catalog,
      Optional<SnapshotPlace> snapshots,
      FreshnessWatch freshness) {
    ExecutorService notifications =
        Executors.newFixedThreadPool(NOTIFICATION_THREADS, DaemonThreads.named("position-waiters"));
    part(notifications::shutdown);
    return new ShardRegistry(
        directory,
        new ShardFile.Settings(
            config.getInt(WorkerConfig.PAGE_CACHE_BYTES),
            config.getLong(WorkerConfig.WAL_BYTES),
            config.getInt(WorkerConfig.VALUE_BYTES_MAX)),
        config.getInt(WorkerConfig.READERS_PER_SHARD),
        new WorkerAppliers(
            config,
            kafka,
            registry,
            verifier,
            catalog,
            new SnapshotBeginning(snapshots, directory.temporary()),
            new ApplyMetrics(metrics),
            changed -> adopted.get().accept(changed),
            () -> announcement.get().run()),
        freshness,
        notifications,
        () -> announcement.get().run());
  }

  private WorkerHttp http(
      DataDirectory directory, ShardRegistry shards, Optional<SnapshotPlace> snapshots) {
    return new WorkerHttp(
        new HttpSettings(
            config.httpHost(),
            config.httpPort(),
            access,
            config.millis(WorkerConfig.STATEMENT_TIMEOUT_MAX),
            config.millis(WorkerConfig.STATEMENT_WAIT_MAX),
            config.getLong(WorkerConfig.ROW_LIMIT_MAX),
            config.getLong(WorkerConfig.RESULT_BYTES_MAX),
            config.getInt(WorkerConfig.STATEMENT_LENGTH_MAX),
            HttpSettings.STATEMENTS_AT_ONCE),
        shards,
        directory.temporary(),
        snapshots,
        clock,
        metrics,
        () -> readiness.get().get());
  }

  private NodeIdentity identity(int port) {
    String scheme = access.tls().isPresent() ? "https://" : "http://";
    endpoint = config.advertisedUrl().orElseGet(() -> scheme + config.httpHost() + ":" + port);
    return new NodeIdentity(config.nodeId(), UUID.randomUUID().toString(), endpoint);
  }

  private TaskHandler handler(
      NodeIdentity identity,
      DataDirectory directory,
      ShardRegistry shards,
      Verifier verifier,
      TaskReporter reporter,
      Catalog catalog) {
    ShardCopier copier =
        new ShardCopier(
            identity.nodeId(),
            shard -> shards.find(shard).map(hosted -> hosted.requireReadable().file().path()),
            catalog,
            reporter::schemaReached,
            new SliceClient(config.millis(WorkerConfig.COPY_FETCH_TIMEOUT), caller),
            directory.temporary(),
            metrics);
    return new TaskHandler(
        shards, copier, verifier, reporter, config.getInt(WorkerConfig.COPY_THREADS), metrics);
  }

  private TaskLoop tasks(Events events, TaskHandler handler) {
    return new TaskLoop(
        config.nodeId(),
        topics.shardTasks(),
        kafka::taskConsumer,
        events.serde(ShardTask.class).deserializer(),
        handler::handle);
  }

  /** The URL that others use. */
  public String endpoint() {
    return endpoint;
  }

  /** Closes what was started, the last part first; safe to repeat. */
  @Override
  public synchronized void close() {
    LOG.info("worker.stopping node={} parts={}", config.nodeId(), parts.size());
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception failure) {
        LOG.error("worker.close.failed part={}", part, failure);
      }
    }
    LOG.info("worker.stopped node={}", config.nodeId());
  }
}
