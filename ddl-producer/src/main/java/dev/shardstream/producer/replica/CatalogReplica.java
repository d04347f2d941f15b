package dev.shardstream.producer.replica;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the schema of a local SQLite database equal to one namespace of the catalog: the tables
 * that users see with their columns, types, defaults, keys and ready indexes. The rows are the
 * application's own; they stay through every change of a table, by column id.
 *
 * <pre>{@code
 * try (CatalogReplica replica = CatalogReplica.open(
 *     Map.of(
 *         "bootstrap.servers", "localhost:9092",
 *         "schema.registry.url", "http://localhost:8081"),
 *     Path.of("local.db"))) {
 *   replica.onChange(change -> System.out.println(change.tableId()));
 *   replica.await("users", 3, Duration.ofSeconds(10));
 *   System.out.println(replica.dump());
 * }
 * }</pre>
 *
 * <p>The dumps of two replicas that have read the same catalog are the same bytes, whether one
 * joined late, was restarted, or has seen every step. The application writes through connections of
 * its own; the file is in WAL mode, so that readers go on while a table changes. Safe for use by
 * several threads; one replica for a file.
 */
public final class CatalogReplica implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogReplica.class);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

  /** Well within the day for which the topic remembers that a table was dropped. */
  private static final Duration READ_ALL_EVERY = Duration.ofHours(6);

  private final CatalogReader reader;
  private final ReplicaFile file;
  private final Clock clock;
  private final Runnable release;
  private final Thread thread;
  private final ReplicaBoard board;

  private volatile boolean closed;
  private Instant readAllAt;

  private CatalogReplica(CatalogReader reader, ReplicaFile file, Clock clock, Runnable release) {
    this.reader = reader;
    this.file = file;
    this.clock = clock;
    this.release = release;
    this.board = new ReplicaBoard(file.state());
    this.readAllAt = clock.instant().plus(READ_ALL_EVERY);
    this.thread = new Thread(this::run, "shardstream-replica");
    this.thread.setDaemon(true);
  }

  /**
   * Opens a replica of the namespace that {@code database} names, brings it up to now and follows.
   *
   * @param settings see docs/sql.md; {@code bootstrap.servers} and {@code schema.registry.url} are
   *     required
   * @param file the local database; made when it is missing, and may hold tables of the application
   * @throws ShardstreamException INVALID_CONFIG, KAFKA_UNREACHABLE, REGISTRY_UNREACHABLE, NO_ANSWER
   *     when the cluster has no topics yet, FILE_ERROR when the file is no database, damaged, of
   *     another cluster or namespace, or holds rows that the catalog's constraints do not allow
   */
  public static CatalogReplica open(Map<String, String> settings, Path file) {
    ClientConfig config = ClientConfig.of(settings);
    KafkaClients kafka = new KafkaClients(config);
    kafka.requireReachable();
    String topicId = CatalogTopic.id(config, kafka);
    Registry registry = ConfluentRegistry.connect(config);
    try {
      return open(
          config,
          kafka.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer(), Map.of()),
          new Events(registry),
          topicId,
          file,
          Clock.systemUTC(),
          registry::close);
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /**
   * As above, with parts that are the replica's from here on.
   *
   * @param topicId Kafka's id of the catalog topic
   * @param release called after it has closed
   */
  static CatalogReplica open(
      ClientConfig config,
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      Events events,
      String topicId,
      Path path,
      Clock clock,
      Runnable release) {
    String namespace = config.database().toLowerCase(Locale.ROOT);
    CatalogReader reader =
        new CatalogReader(
            consumer,
            events.serde(Table.class).deserializer(),
            config.topics().catalog(),
            namespace);
    ReplicaFile file = null;
    try {
      file =
          ReplicaFile.open(
              path, new CatalogIdentity(config.topics().cluster(), topicId, namespace));
      CatalogReplica replica = new CatalogReplica(reader, file, clock, release);
      replica.catchUp(config);
      replica.thread.start();
      return replica;
    } catch (KafkaException e) {
      closeAll(reader, file);
      throw config.kafkaFailure(e);
    } catch (RuntimeException e) {
      closeAll(reader, file);
      throw e;
    }
  }

  private static void closeAll(CatalogReader reader, @Nullable ReplicaFile file) {
    reader.close();
    if (file != null) {
      file.close();
    }
  }

  private void catchUp(ClientConfig config) {
    long deadline = System.nanoTime() + config.commandTimeout().toNanos();
    BooleanSupplier goOn = () -> System.nanoTime() < deadline;
    ReplicaState now = reader.readAll(goOn);
    if (now == null) {
      throw config.kafkaUnreachable();
    }
    file.requireNotAheadOf(reader.positions());
    advance(now, goOn);
  }

  /** What the local database holds now. */
  public ReplicaState state() {
    return board.state();
  }

  /** The schema version of a table, by its name in any case; empty when there is none. */
  public OptionalInt schemaVersion(String table) {
    return state().schemaVersion(table);
  }

  /**
   * The schema as it stands in the local database, as text: every table in the order of table ids,
   * with its version, its statements and its comments.
   *
   * @throws ShardstreamException FILE_ERROR when the file cannot be read
   */
  public String dump() {
    return file.dump();
  }

  /**
   * Waits until the local database meets a condition.
   *
   * @param condition asked once at once and again after every change; must be quick
   * @param timeout how long to wait at most
   * @return false on timeout
   * @throws ShardstreamException FILE_ERROR or INTERNAL when the replica cannot go on
   */
  public boolean await(Predicate<ReplicaState> condition, Duration timeout) {
    return board.await(condition, timeout);
  }

  /** Waits until a table is at a schema version or a later one; false on timeout. */
  public boolean await(String table, int schemaVersion, Duration timeout) {
    return await(now -> now.schemaVersion(table).orElse(0) >= schemaVersion, timeout);
  }

  /**
   * Tells of every change from now on, in the replica's thread and after the local database has it.
   *
   * @param listener must be quick and must not throw: it would end the replica
   */
  public void onChange(Consumer<TableChange> listener) {
    board.listen(listener);
  }

  private void run() {
    BooleanSupplier goOn = () -> !closed;
    try {
      while (!closed) {
        follow(goOn);
      }
    } catch (WakeupException e) {
      LOG.debug("replica.closing");
    } catch (RuntimeException e) {
      LOG.error("replica.failed", e);
      board.fail(e);
    } finally {
      closeAll(reader, file);
      release.run();
    }
  }

  private void follow(BooleanSupplier goOn) {
    try {
      if (clock.instant().isBefore(readAllAt)) {
        Map<String, @Nullable Table> changes = reader.poll(goOn);
        if (!changes.isEmpty()) {
          advance(board.state().with(changes), goOn);
        }
      } else {
        readAll(goOn);
      }
    } catch (InvalidOffsetException cut) {
      LOG.warn("replica.reread partitions={}", cut.partitions());
      readAllAt = Instant.MIN;
    } catch (TimeoutException away) {
      // Only the questions about offsets end like this; the next turn asks again.
      LOG.warn("replica.kafka.waiting cause={}", away.getMessage());
    }
  }

  private void readAll(BooleanSupplier goOn) {
    ReplicaState all = reader.readAll(goOn);
    if (all != null) {
      advance(all, goOn);
      readAllAt = clock.instant().plus(READ_ALL_EVERY);
    }
  }

  private void advance(ReplicaState next, BooleanSupplier goOn) {
    while (!file.advance(next, reader.positions())) {
      if (!goOn.getAsBoolean()) {
        return;
      }
      LOG.warn("replica.file.waiting cause=\"another connection writes to it\"");
    }
    board.publish(next);
  }

  /** Stops following. The file stays, to be opened again. */
  @Override
  public void close() {
    closed = true;
    reader.wakeup();
    try {
      thread.join(CLOSE_WAIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
