package dev.shardstream.worker.snapshot;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this node finds snapshots of its tables. Safe for use by several threads. */
public final class SnapshotPlace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPlace.class);

  private final SnapshotStore store;
  private final String kafkaCluster;

  /**
   * @param store closed with this
   * @param kafkaCluster id of the Kafka cluster: positions of another one mean nothing
   */
  public SnapshotPlace(SnapshotStore store, String kafkaCluster) {
    this.store = store;
    this.kafkaCluster = kafkaCluster;
  }

  /** Where it is, as users write it. */
  public String place() {
    return store.place();
  }

  /**
   * The snapshots of a table that are complete and of this cluster, the newest first. One that
   * cannot be read is left out.
   *
   * @throws ShardstreamException SNAPSHOT_STORE
   */
  public List<Snapshot> of(String tableId) {
    return byTable().getOrDefault(tableId, List.of());
  }

  /**
   * As {@link #of}, of every table at once, by table id: each look at a place reads all that is
   * there.
   *
   * @throws ShardstreamException SNAPSHOT_STORE
   */
  public Map<String, List<Snapshot>> byTable() {
    return Snapshot.all(store, SnapshotPlace::leaveOut).stream()
        .filter(snapshot -> snapshot.manifest().kafkaCluster().equals(kafkaCluster))
        .sorted(Comparator.comparingLong((Snapshot one) -> one.manifest().takenAt()).reversed())
        .collect(Collectors.groupingBy(one -> one.manifest().definition().getTableId()));
  }

  private static void leaveOut(String name, ShardstreamException unusable) {
    if (unusable.code() == ErrorCode.SNAPSHOT_STORE) {
      throw unusable;
    }
    LOG.warn("snapshot.unusable snapshot={} reason={}", name, unusable.getMessage());
  }

  @Override
  public void close() {
    store.close();
  }
}
