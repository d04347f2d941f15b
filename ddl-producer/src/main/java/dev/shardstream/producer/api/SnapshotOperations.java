package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlHistory;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.snapshot.CutLog;
import dev.shardstream.producer.snapshot.LogRetention;
import dev.shardstream.producer.snapshot.SnapshotCreation;
import dev.shardstream.producer.snapshot.TableSlices;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.kafka.TopicAdmin;
import dev.shardstream.schemas.slice.SliceDownload;
import dev.shardstream.schemas.snapshot.NodeSnapshots;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
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

  /**
   * Lets the log of a table begin behind its oldest snapshot. Nothing is cut that a shard still has
   * to apply, and nothing before every node has shown that it could begin a shard with that
   * snapshot. What was written before it can be reached by no other one any more.
   *
   * @param table its name; {@code ns.name} for another namespace than the configured one
   * @param store where its snapshots are; stays the caller's
   * @param dryRun whether to check everything and to delete nothing
   * @return where the log begins then
   * @throws ShardstreamException LOG_NOT_CUT, SNAPSHOT_STORE, TABLE_NOT_FOUND, WRITE_FAILED
   */
  public CutLog cutLog(String table, SnapshotStore store, boolean dryRun) {
    MetadataSnapshot cluster = metadata.snapshot();
    Table found = requireTable(cluster, table);
    try (Admin admin = kafka.admin()) {
      return retention(admin).cut(cluster, found, store, System.currentTimeMillis(), dryRun);
    }
  }

  /**
   * Deletes a snapshot.
   *
   * @param store stays the caller's
   * @throws ShardstreamException SNAPSHOT_NEEDED when the log of its table begins behind it and no
   *     other snapshot in the store can take its place; SNAPSHOT_NOT_FOUND, SNAPSHOT_DAMAGED,
   *     SNAPSHOT_STORE
   */
  public void delete(SnapshotStore store, String name) {
    try (Admin admin = kafka.admin()) {
      retention(admin).delete(metadata.snapshot(), store, name);
    }
  }

  /**
   * Deletes the snapshots of a table in a store but for the newest ones.
   *
   * @param table its name; {@code ns.name} for another namespace than the configured one
   * @param store stays the caller's
   * @param keep how many are left, at least 1
   * @return the names of those that are gone, the oldest first
   * @throws ShardstreamException SNAPSHOT_NEEDED as {@link #delete}; SNAPSHOT_STORE,
   *     TABLE_NOT_FOUND
   */
  public List<String> prune(String table, SnapshotStore store, int keep) {
    Table found = requireTable(metadata.snapshot(), table);
    try (Admin admin = kafka.admin()) {
      return retention(admin).prune(found, store, keep);
    }
  }

  private Table requireTable(MetadataSnapshot cluster, String table) {
    QualifiedName wanted = QualifiedName.parse(table);
    return cluster.requireTable(
        Objects.requireNonNullElse(wanted.database(), config.database()), wanted.name());
  }

  private LogRetention retention(Admin admin) {
    return new LogRetention(
        new NodeSnapshots(PATIENCE, Caller.of(config))::seenBy,
        new TableLogs(new TopicAdmin(admin, config.topicReplication())),
        kafkaCluster(),
        config.nodeTimeout());
  }

  private final class TableLogs implements LogRetention.Log {
    private final TopicAdmin topics;

    private TableLogs(TopicAdmin topics) {
      this.topics = topics;
    }

    @Override
    public SortedMap<Integer, Long> starts(String tableId) {
      return topics.starts(config.topics().log(new TableId(tableId)));
    }

    @Override
    public void cut(String tableId, Map<Integer, Long> starts) {
      topics.cut(config.topics().log(new TableId(tableId)), starts);
    }
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
    return kafka.requireReachable();
  }
}
