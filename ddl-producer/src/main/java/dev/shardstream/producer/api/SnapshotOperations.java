package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlHistory;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.snapshot.SnapshotCreation;
import dev.shardstream.producer.snapshot.SnapshotManifest;
import dev.shardstream.producer.snapshot.SnapshotStore;
import dev.shardstream.producer.snapshot.TableSlices;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.slice.SliceDownload;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of tables. Where HTTP asks who calls, role NODE is needed: slices are whole files of
 * rows.
 *
 * <pre>{@code
 * try (SnapshotStore store = SnapshotStores.open("/backups")) {
 *   shardstream.snapshots().create("orders", store, null, virtualShards -> {});
 * }
 * }</pre>
 */
public final class SnapshotOperations {
  private static final Duration SLICE_LIMIT = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ClientConfig config;
  private final KafkaClients kafka;
  private final Metadata metadata;
  private final DdlHistory history;

  SnapshotOperations(
      ClientConfig config, KafkaClients kafka, Metadata metadata, DdlHistory history) {
    this.config = config;
    this.kafka = kafka;
    this.metadata = metadata;
    this.history = history;
  }

  /**
   * Takes a snapshot of a table. The table is read, written, altered and resharded all the time.
   *
   * @param table its name; {@code ns.name} for another namespace than the configured one
   * @param store stays the caller's
   * @param name of the snapshot; null for the table's name and the time
   * @param progress gets how many of the 256 virtual shards are stored
   * @return what is in it
   * @throws ShardstreamException SNAPSHOT_EXISTS, SNAPSHOT_FAILED, SNAPSHOT_STORE, TABLE_NOT_FOUND
   */
  public SnapshotManifest create(
      String table, SnapshotStore store, @Nullable String name, IntConsumer progress) {
    QualifiedName wanted = QualifiedName.parse(table);
    String database = wanted.database();
    return new SnapshotCreation(
            metadata,
            slices(),
            history::versions,
            config.topics().cluster(),
            kafkaCluster(),
            Clock.systemUTC())
        .create(
            database == null ? config.database() : database, wanted.name(), store, name, progress);
  }

  /** The slices of tables as they are now. */
  public TableSlices slices() {
    return new TableSlices(metadata, new SliceDownload(SLICE_LIMIT, Caller.of(config)), PATIENCE);
  }

  /**
   * The id of the Kafka cluster, which positions belong to.
   *
   * @throws ShardstreamException KAFKA_UNREACHABLE
   */
  public String kafkaCluster() {
    try (Admin admin = kafka.admin()) {
      return admin
          .describeCluster()
          .clusterId()
          .get(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw config.kafkaFailure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw config.kafkaUnreachable().causedBy(e);
    }
  }
}
