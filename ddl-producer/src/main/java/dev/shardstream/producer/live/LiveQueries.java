package dev.shardstream.producer.live;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.query.Holders;
import dev.shardstream.producer.query.PlainSelect;
import dev.shardstream.producer.query.RowFilter;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.write.AppliedChanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.threads.DaemonThreads;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live queries of one client. Safe for use by several threads. */
public final class LiveQueries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveQueries.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  static {
    Events.trust(dev.shardstream.schemas.event.LiveQuery.class);
  }

  private final ClientConfig config;
  private final Metadata metadata;
  private final Holders holders;
  private final AppliedChanges applied;
  private final Session session;
  private final Registry registry;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final LiveQueryRecords records;
  private final Map<String, Registered> running = new ConcurrentHashMap<>();
  private final ScheduledExecutorService heartbeats =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("shardstream-live-heartbeat"));

  private record Registered(LiveQuery query, dev.shardstream.schemas.event.LiveQuery record) {}

  /**
   * @param holders stays the caller's, like everything but {@code records}
   * @param consumers makes consumers of table logs, to be closed here
   * @param records is closed with this
   */
  LiveQueries(
      ClientConfig config,
      Metadata metadata,
      Holders holders,
      AppliedChanges applied,
      Session session,
      Registry registry,
      Supplier<Consumer<byte[], byte[]>> consumers,
      LiveQueryRecords records) {
    this.config = config;
    this.metadata = metadata;
    this.holders = holders;
    this.applied = applied;
    this.session = session;
    this.registry = registry;
    this.consumers = consumers;
    this.records = records;
    heartbeats.scheduleWithFixedDelay(
        this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * The live queries of a client.
   *
   * @param registry stays the caller's, like all that follow
   * @param session learns what a subscriber has seen
   */
  public static LiveQueries over(
      ClientConfig config,
      KafkaClients kafka,
      Registry registry,
      Events events,
      Metadata metadata,
      Holders holders,
      Session session) {
    return new LiveQueries(
        config,
        metadata,
        holders,
        // In the query's own thread: a shard that is away keeps no writer waiting.
        new AppliedChanges(metadata, holders, Runnable::run),
        session,
        registry,
        () -> kafka.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer(), Map.of()),
        new LiveQueryRecords(config, kafka, events));
  }

  /**
   * Subscribes to a SELECT. When this returns, the query is known to the cluster: columns that it
   * uses are not dropped any more.
   *
   * @param values stored values of its parameters
   * @throws ShardstreamException UNSUPPORTED for what is not {@code SELECT columns FROM table
   *     [WHERE …]}, NAMESPACE_NOT_FOUND, TABLE_NOT_FOUND, COLUMN_NOT_FOUND, QUERY_FAILED,
   *     WRITE_FAILED
   */
  public LiveQuery subscribe(
      SelectStatement select, List<? extends @Nullable Object> values, LiveQuerySink sink) {
    if (select.tables().size() != 1) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED,
          select.tables().size()
              + " tables in SUBSCRIBE: a live query is SELECT columns FROM one"
              + " table [WHERE condition on its rows]");
    }
    QualifiedName name = select.tables().get(0).table();
    String written = name.database();
    String database = written == null ? config.database() : written;
    Table table = metadata.snapshot().requireTable(database, name.name());
    PlainSelect plain = PlainSelect.of(select, values, table);
    RowFilter filter = new RowFilter(plain);
    try {
      return start(register(select, table, plain), table, plain, filter, sink);
    } catch (RuntimeException e) {
      filter.close();
      throw e;
    }
  }

  private dev.shardstream.schemas.event.LiveQuery register(
      SelectStatement select, Table table, PlainSelect plain) {
    long now = System.currentTimeMillis();
    dev.shardstream.schemas.event.LiveQuery record =
        new dev.shardstream.schemas.event.LiveQuery(
            UUID.randomUUID().toString(),
            table.getDatabase().toLowerCase(Locale.ROOT),
            table.getTableId(),
            table.getName(),
            select.text(),
            plain.needed().stream().map(Column::getId).toList(),
            LiveQueryState.ACTIVE,
            config.issuedBy(),
            now,
            now);
    records.write(record);
    String key = LiveQueryRecords.key(record.getDatabase(), record.getId());
    // Its subscriber may look for it at once; if this client is slow to hear of it, no harm is
    // done.
    metadata.await(snapshot -> snapshot.liveQueries().containsKey(key), HEARTBEAT);
    return record;
  }

  private LiveQuery start(
      dev.shardstream.schemas.event.LiveQuery record,
      Table table,
      PlainSelect plain,
      RowFilter filter,
      LiveQuerySink sink) {
    int keySize = table.getPrimaryKey().size();
    String topic = config.topics().log(Tables.id(table));
    LiveQueryRun run =
        new LiveQueryRun(
            LiveQueryRecords.key(record.getDatabase(), record.getId()),
            table,
            metadata,
            applied,
            new RowReads(config, holders, session, plain, keySize),
            new LiveResult(plain, keySize, filter::matches, config.liveQueryCacheRows()),
            starts -> new LogTail(consumers, registry, topic, table, starts),
            session::sawWrite,
            sink,
            (query, error) -> {
              filter.close();
              forget(record);
            });
    LiveQuery query = new LiveQuery(record.getId(), plain.names(), run);
    running.put(record.getId(), new Registered(query, record));
    query.start();
    return query;
  }

  private void forget(dev.shardstream.schemas.event.LiveQuery record) {
    try {
      records.awaitEnd(
          () -> {
            synchronized (running) { // no sign of life comes after the end
              running.remove(record.getId());
              return records.sendEnd(record.getDatabase(), record.getId());
            }
          });
    } catch (RuntimeException e) { // a producer that was closed meanwhile says IllegalState
      // It stops counting when its signs of life stop, a few seconds later.
      LOG.warn("event=live_query_end_not_told id={} cause={}", record.getId(), e.getMessage());
    }
  }

  private void beat() {
    for (Registered one : running.values()) {
      try {
        synchronized (running) {
          if (running.containsKey(one.query().id())) {
            records.send(beating(one.record(), LiveQueryState.ACTIVE));
          }
        }
      } catch (KafkaException | ShardstreamException e) {
        LOG.warn("event=live_query_heartbeat_failed id={} cause={}", one.query().id(), "" + e);
      }
    }
  }

  private static dev.shardstream.schemas.event.LiveQuery beating(
      dev.shardstream.schemas.event.LiveQuery record, LiveQueryState state) {
    return new dev.shardstream.schemas.event.LiveQuery(
        record.getId(),
        record.getDatabase(),
        record.getTableId(),
        record.getTable(),
        record.getSql(),
        record.getColumns(),
        state,
        record.getIssuedBy(),
        record.getStartedAt(),
        System.currentTimeMillis());
  }

  /**
   * Ends a live query, whoever runs it. Its subscriber gets LIVE_QUERY_KILLED.
   *
   * @throws ShardstreamException LIVE_QUERY_NOT_FOUND, WRITE_FAILED
   */
  public void kill(String id) {
    dev.shardstream.schemas.event.LiveQuery record =
        metadata.snapshot().liveQueries().values().stream()
            .filter(query -> query.getId().equals(id))
            .filter(query -> query.getState() == LiveQueryState.ACTIVE)
            .findFirst()
            .orElseThrow(() -> new ShardstreamException(ErrorCode.LIVE_QUERY_NOT_FOUND, id));
    records.write(beating(record, LiveQueryState.KILLED));
    String key = LiveQueryRecords.key(record.getDatabase(), id);
    metadata.await(
        now -> {
          dev.shardstream.schemas.event.LiveQuery heard = now.liveQueries().get(key);
          return heard == null || heard.getState() == LiveQueryState.KILLED;
        },
        config.commandTimeout());
  }

  /** Closes all queries of this client. */
  @Override
  public void close() {
    heartbeats.shutdownNow();
    running.values().forEach(one -> one.query().close());
    records.close();
  }
}
