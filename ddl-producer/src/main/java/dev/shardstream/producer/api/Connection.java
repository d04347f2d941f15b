package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlHistory;
import dev.shardstream.producer.ddl.DdlPublisher;
import dev.shardstream.producer.ddl.DdlResults;
import dev.shardstream.producer.live.LiveQueries;
import dev.shardstream.producer.metadata.MetadataFollower;
import dev.shardstream.producer.query.Holders;
import dev.shardstream.producer.query.HttpShardClient;
import dev.shardstream.producer.query.QuerySettings;
import dev.shardstream.producer.query.Router;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.query.ShardClient;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.producer.write.AppliedChanges;
import dev.shardstream.producer.write.ChangeLog;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.threads.DaemonThreads;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Everything that one client holds open, put together and taken apart in the right order. */
final class Connection implements AutoCloseable {
  /** The registry answers that it has none; that it answers is what counts. */
  private static final int NO_SCHEMA = Integer.MAX_VALUE;

  private static final int IDLE_SECONDS = 10;

  private final ClientConfig config;
  private final Closers closing = new Closers();
  private final Session session = new Session();
  private final MetadataFollower metadata;
  private final KafkaClients kafka;
  private final DdlPublisher publisher;
  private final DdlHistory history;
  private final ChangeLog log;
  private final AppliedChanges applied;
  private final Router router;
  private final LiveQueries liveQueries;

  private Connection(ClientConfig config) {
    this.config = config;
    try {
      kafka = new KafkaClients(config);
      kafka.requireReachable();
      Registry registry = ConfluentRegistry.connect(config);
      closing.push(registry::close);
      registry.byId(NO_SCHEMA);
      Events events = new Events(registry);
      DdlResults results = new DdlResults();
      metadata = MetadataFollower.start(config, kafka, events, results);
      closing.push(metadata::close);
      publisher = new DdlPublisher(config, kafka, events, results);
      closing.push(publisher::close);
      history = new DdlHistory(config, kafka, events);
      ShardClient shards = new HttpShardClient(config.httpConnectTimeout(), Caller.of(config));
      closing.push(shards::close);
      Holders holders = new Holders(shards, config.nodeTimeout());
      ExecutorService askers = askers(config.queryParallelism());
      closing.push(() -> AppliedChanges.end(askers));
      log = new ChangeLog(config, kafka, registry, session);
      closing.push(log::close);
      applied = new AppliedChanges(metadata, holders, askers);
      router = new Router(metadata, holders, config.database(), QuerySettings.of(config));
      closing.push(router::close);
      liveQueries = LiveQueries.over(config, kafka, registry, events, metadata, holders, session);
      closing.push(liveQueries::close);
    } catch (RuntimeException e) {
      closing.closeAfter(e);
      throw e;
    }
  }

  static Connection open(ClientConfig config) {
    return new Connection(config);
  }

  private static ExecutorService askers(int most) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named("shardstream-await"));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  ClientConfig config() {
    return config;
  }

  Session session() {
    return session;
  }

  Router router() {
    return router;
  }

  TableOperations tables() {
    return new TableOperations(config, metadata, definitions(), history);
  }

  ReshardOperations reshards() {
    return new ReshardOperations(config, metadata, definitions());
  }

  NodeOperations nodes() {
    return new NodeOperations(config, metadata, definitions());
  }

  DdlOperations ddl() {
    return new DdlOperations(config, metadata, publisher, history);
  }

  SnapshotOperations snapshots() {
    return new SnapshotOperations(config, kafka, metadata, history);
  }

  private Definitions definitions() {
    return new Definitions(config, metadata, publisher);
  }

  LiveQueries liveQueries() {
    return liveQueries;
  }

  StatementExecution statements(CallOptions options) {
    ClientConfig scoped = options.over(config);
    DdlPublisher commands = publisher.with(scoped, options.commandId());
    Definitions definitions = new Definitions(scoped, metadata, commands);
    Router reads = router.with(scoped.database(), QuerySettings.of(scoped));
    ChangeSender sender =
        new ChangeSender(log, applied, config.awaitsApplied(), config.writeTimeout());
    ChangeExecution changes =
        new ChangeExecution(
            scoped.database(),
            metadata,
            reads,
            session,
            sender,
            config.tableWait(),
            scoped.queryTimeout(),
            Clock.systemUTC());
    return new StatementExecution(
        scoped,
        new TableOperations(scoped, metadata, definitions, history),
        new ReshardOperations(scoped, metadata, definitions),
        new NodeOperations(scoped, metadata, definitions),
        new DdlOperations(scoped, metadata, commands, history),
        definitions,
        liveQueries,
        changes,
        reads,
        session);
  }

  RowWriter writer(String table) {
    QualifiedName name = QualifiedName.parse(table);
    String database = name.database();
    RowWriter writer =
        new RowWriter(
            metadata,
            log,
            applied,
            config.writeTimeout(),
            config.tableWait(),
            database == null ? config.database() : database,
            name.name());
    writer.table();
    return writer;
  }

  /** Closed once, whoever comes first: the owner, or a process that ends. */
  @Override
  public synchronized void close() {
    closing.close();
  }
}
