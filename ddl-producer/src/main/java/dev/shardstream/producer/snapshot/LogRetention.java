package dev.shardstream.producer.snapshot;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.http.SnapshotsSeen;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts logs behind the oldest snapshot of their table. Nothing is cut that a shard still has to
 * apply, and nothing before every node has shown that it could begin a shard with that snapshot.
 */
public final class LogRetention {
  private static final Logger LOG = LoggerFactory.getLogger(LogRetention.class);

  private final Nodes nodes;
  private final Log log;
  private final String kafkaCluster;
  private final Duration nodeTimeout;

  /** Says which snapshots of a table a node could begin shards with. */
  @FunctionalInterface
  public interface Nodes {
    /**
     * @throws ShardstreamException what the node says is wrong
     */
    SnapshotsSeen seenBy(String endpoint, String tableId) throws IOException, InterruptedException;
  }

  /** Logs, by table id. */
  public interface Log {
    /** By partition, the first offset that the log holds. */
    SortedMap<Integer, Long> starts(String tableId);

    /** Deletes what stands before an offset of each partition, for good. */
    void cut(String tableId, Map<Integer, Long> starts);
  }

  /**
   * @param kafkaCluster id of the Kafka cluster: positions of another one mean nothing
   * @param nodeTimeout silence after which nothing that a node has said counts
   */
  public LogRetention(Nodes nodes, Log log, String kafkaCluster, Duration nodeTimeout) {
    this.nodes = nodes;
    this.log = log;
    this.kafkaCluster = kafkaCluster;
    this.nodeTimeout = nodeTimeout;
  }

  /**
   * Cuts the log of a table.
   *
   * @param store stays the caller's
   * @param now milliseconds since the epoch
   * @param dryRun whether to check everything and to delete nothing
   * @throws ShardstreamException LOG_NOT_CUT that says what is in the way, SNAPSHOT_STORE
   */
  public CutLog cut(
      MetadataSnapshot cluster, Table table, SnapshotStore store, long now, boolean dryRun) {
    SnapshotManifest oldest = oldest(table, store);
    Map<Integer, Long> starts = new TreeMap<>();
    for (SnapshotSlice slice : oldest.slices()) {
      starts.merge(slice.partition(), slice.position(), Math::min);
    }
    requireApplied(cluster, table, starts, now);
    requireSeen(cluster, table, oldest.name(), now);
    SortedMap<Integer, Long> before = log.starts(table.getTableId());
    Map<Integer, Long> behind = new TreeMap<>();
    before.forEach(
        (partition, start) -> {
          if (starts.getOrDefault(partition, 0L) > start) {
            behind.put(partition, starts.get(partition));
          }
        });
    if (!dryRun && !behind.isEmpty()) {
      log.cut(table.getTableId(), behind);
    }
    return new CutLog(
        oldest.name(),
        before.entrySet().stream()
            .map(
                e ->
                    new CutLog.Partition(
                        e.getKey(), e.getValue(), behind.getOrDefault(e.getKey(), e.getValue())))
            .toList());
  }

  private SnapshotManifest oldest(Table table, SnapshotStore store) {
    return of(
            table,
            store,
            (name, unusable) -> {
              throw notCut(table, "it may have been the oldest: " + unusable.getMessage())
                  .causedBy(unusable);
            })
        .map(Snapshot::manifest)
        .min(Comparator.comparingLong(SnapshotManifest::takenAt))
        .orElseThrow(() -> notCut(table, "there is no snapshot of it in " + store.place()));
  }

  /** Those that could be read; only they can stand for another one that is deleted. */
  private Stream<Snapshot> readable(Table table, SnapshotStore store) {
    return of(
        table,
        store,
        (name, unusable) -> {
          if (!Snapshot.isUnreadable(unusable)) {
            throw unusable;
          }
          LOG.warn("snapshot.unusable name={} reason={}", name, unusable.getMessage());
        });
  }

  private Stream<Snapshot> of(
      Table table, SnapshotStore store, BiConsumer<String, ShardstreamException> unusable) {
    return Snapshot.all(store, unusable).stream()
        .filter(snapshot -> snapshot.manifest().isOf(kafkaCluster, table.getTableId()));
  }

  /**
   * Deletes a snapshot that no log needs.
   *
   * @param store stays the caller's
   * @throws ShardstreamException SNAPSHOT_NEEDED when the log of its table was cut and no other
   *     snapshot in the store reaches it; SNAPSHOT_NOT_FOUND, SNAPSHOT_DAMAGED, SNAPSHOT_STORE
   */
  public void delete(MetadataSnapshot cluster, SnapshotStore store, String name) {
    Snapshot snapshot = Snapshot.open(store, name);
    Table table = cluster.tablesById().get(snapshot.manifest().definition().getTableId());
    if (table != null && snapshot.manifest().kafkaCluster().equals(kafkaCluster)) {
      List<SnapshotManifest> others =
          readable(table, store)
              .map(Snapshot::manifest)
              .filter(other -> !other.name().equals(name))
              .toList();
      delete(table, store, snapshot, others, log.starts(table.getTableId()));
    } else {
      snapshot.delete();
    }
  }

  private static void delete(
      Table table,
      SnapshotStore store,
      Snapshot snapshot,
      List<SnapshotManifest> others,
      Map<Integer, Long> starts) {
    boolean isCut = starts.values().stream().anyMatch(start -> start > 0);
    boolean hasAnother = others.stream().anyMatch(other -> other.reaches(starts));
    if (isCut && !hasAnother && snapshot.manifest().reaches(starts)) {
      throw new ShardstreamException(
          ErrorCode.SNAPSHOT_NEEDED, snapshot.manifest().name(), table.getName(), store.place());
    }
    snapshot.delete();
  }

  /**
   * Deletes the snapshots of a table but for the newest ones.
   *
   * @param store stays the caller's
   * @param keep how many are left, at least 1
   * @return the names of those that are gone, the oldest first
   * @throws ShardstreamException SNAPSHOT_NEEDED when the log goes on where an old one is, and
   *     where no newer one is; SNAPSHOT_STORE
   */
  public List<String> prune(Table table, SnapshotStore store, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("the newest snapshot is not deleted: " + keep);
    }
    List<Snapshot> oldestFirst =
        readable(table, store)
            .sorted(Comparator.comparingLong(snapshot -> snapshot.manifest().takenAt()))
            .toList();
    Map<Integer, Long> starts = log.starts(table.getTableId());
    List<SnapshotManifest> manifests = oldestFirst.stream().map(Snapshot::manifest).toList();
    int old = Math.max(0, oldestFirst.size() - keep);
    for (int i = 0; i < old; i++) {
      delete(table, store, oldestFirst.get(i), manifests.subList(i + 1, manifests.size()), starts);
    }
    return manifests.subList(0, old).stream().map(SnapshotManifest::name).toList();
  }

  private void requireApplied(
      MetadataSnapshot cluster, Table table, Map<Integer, Long> starts, long now) {
    Topology topology = cluster.requireTopology(table);
    if (topology.getChangeLogId() != null) {
      throw notCut(
          table, "reshard " + topology.getChangeLogId() + " is running: wait until it has ended");
    }
    for (Shard shard : topology.getShards()) {
      String name = Tables.shardName(table.getTableId(), shard.getId());
      ShardReport report =
          current(cluster, shard.getNodeId(), now)
              .flatMap(node -> report(node, table, shard))
              .orElseThrow(
                  () ->
                      notCut(
                          table, "node '" + shard.getNodeId() + "' says nothing of shard " + name));
      if (report.getState() == ShardState.FAILED) {
        throw notCut(table, "shard " + name + " has failed: " + report.getError());
      }
      for (PartitionLag at : report.getPartitions()) {
        long start = starts.getOrDefault(at.getPartition(), 0L);
        if (at.getPosition() < start) {
          throw notCut(
              table,
              "shard %s is at offset %d of partition %d, and the snapshot begins at %d: let it catch up"
                  .formatted(name, at.getPosition(), at.getPartition(), start));
        }
      }
    }
  }

  private Optional<Node> current(MetadataSnapshot cluster, String nodeId, long now) {
    return Optional.ofNullable(cluster.nodes().get(nodeId))
        .filter(node -> now - node.getHeartbeatAt() < nodeTimeout.toMillis());
  }

  private static Optional<ShardReport> report(Node node, Table table, Shard shard) {
    return node.getShards().stream()
        .filter(r -> r.getTableId().equals(table.getTableId()) && r.getShardId() == shard.getId())
        .findFirst();
  }

  private void requireSeen(MetadataSnapshot cluster, Table table, String snapshot, long now) {
    for (String nodeId : cluster.nodes().keySet().stream().sorted().toList()) {
      Optional<Node> node =
          current(cluster, nodeId, now).filter(each -> each.getState() == NodeState.UP);
      if (node.isPresent()) {
        requireSeen(node.get(), table, snapshot);
      }
    }
  }

  private void requireSeen(Node node, Table table, String snapshot) {
    try {
      SnapshotsSeen seen = nodes.seenBy(node.getEndpoint(), table.getTableId());
      if (seen.place() == null) {
        throw notCut(
            table,
            "node '" + node.getNodeId() + "' looks for snapshots nowhere: set its snapshot.place");
      }
      if (!seen.names().contains(snapshot)) {
        throw notCut(
            table,
            "node '%s' does not see snapshot '%s' in %s"
                .formatted(node.getNodeId(), snapshot, seen.place()));
      }
    } catch (IOException away) {
      throw notCut(table, "node '" + node.getNodeId() + "' does not answer: " + away.getMessage())
          .causedBy(away);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notCut(table, "it was interrupted").causedBy(e);
    }
  }

  private static ShardstreamException notCut(Table table, String why) {
    return new ShardstreamException(ErrorCode.LOG_NOT_CUT, table.getName(), why);
  }
}
