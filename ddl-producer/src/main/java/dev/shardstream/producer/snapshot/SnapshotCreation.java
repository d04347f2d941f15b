package dev.shardstream.producer.snapshot;

import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotNames;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a snapshot of a table that is written, altered and resharded meanwhile. Every slice is at
 * the same version of the table: when a later one shows up, the whole begins again with that. The
 * marker is written last, so that a creation that was cut off leaves nothing that is a snapshot.
 */
public final class SnapshotCreation {
  private static final int MOST_BEGINNINGS = 10;
  private static final Duration CATALOG_PATIENCE = Duration.ofSeconds(20);

  private final Metadata metadata;
  private final TableSlices slices;
  private final Function<String, List<SchemaVersion>> history;
  private final String cluster;
  private final String kafkaCluster;
  private final Clock clock;

  /**
   * @param history the versions of the table of an id, from the first
   * @param cluster name of the cluster
   * @param kafkaCluster id of its Kafka cluster
   * @param clock says when a snapshot was taken
   */
  public SnapshotCreation(
      Metadata metadata,
      TableSlices slices,
      Function<String, List<SchemaVersion>> history,
      String cluster,
      String kafkaCluster,
      Clock clock) {
    this.metadata = metadata;
    this.slices = slices;
    this.history = history;
    this.cluster = cluster;
    this.kafkaCluster = kafkaCluster;
    this.clock = clock;
  }

  /**
   * Takes a snapshot.
   *
   * @param store stays the caller's
   * @param wanted its name; null for the table's name and the time
   * @param progress gets the count of virtual shards that are stored
   * @return what is in it
   * @throws ShardstreamException SNAPSHOT_EXISTS, SNAPSHOT_FAILED, SNAPSHOT_STORE, TABLE_NOT_FOUND,
   *     TABLE_NOT_READY
   */
  public SnapshotManifest create(
      String database,
      String tableName,
      SnapshotStore store,
      @Nullable String wanted,
      IntConsumer progress) {
    String name =
        SnapshotNames.requireName(
            wanted == null ? SnapshotNames.named(tableName, clock.instant()) : wanted);
    if (Snapshot.exists(store, name)) {
      throw new ShardstreamException(ErrorCode.SNAPSHOT_EXISTS, name, store.place());
    }
    String tableId = metadata.snapshot().requireTable(database, tableName).getTableId();
    for (int beginning = 0; beginning < MOST_BEGINNINGS; beginning++) {
      Table table = requireTable(tableId, tableName);
      Optional<SnapshotManifest> whole = new Attempt(store, name, table, progress).run();
      if (whole.isPresent()) {
        return whole.get();
      }
    }
    throw new ShardstreamException(
        ErrorCode.SNAPSHOT_FAILED, tableName, 0, "its definition was changed all the time");
  }

  private Table requireTable(String tableId, String tableName) {
    Table table = metadata.snapshot().tablesById().get(tableId);
    if (table == null) {
      throw new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, tableName);
    }
    return table;
  }

  /** One beginning: all slices at one version of the table, or none. */
  private final class Attempt {
    private final String name;
    private final Table table;
    private final IntConsumer progress;
    private final SnapshotWriter writer;
    private int stored;
    private final AtomicBoolean outdated = new AtomicBoolean();
    private final ConcurrentLinkedQueue<SnapshotSlice> entries = new ConcurrentLinkedQueue<>();

    Attempt(SnapshotStore store, String name, Table table, IntConsumer progress) {
      this.writer = new SnapshotWriter(store, name);
      this.name = name;
      this.table = table;
      this.progress = progress;
    }

    /** Empty when the table has got another version meanwhile. */
    Optional<SnapshotManifest> run() {
      boolean complete = false;
      try {
        slices.fetch(table, this::take);
        if (outdated.get()) {
          metadata.await(now -> version(now) > table.getSchemaVersion(), CATALOG_PATIENCE);
          return Optional.empty();
        }
        SnapshotManifest manifest = manifest();
        writer.commit(manifest);
        complete = true;
        return Optional.of(manifest);
      } finally {
        if (!complete) {
          writer.discard();
        }
      }
    }

    private int version(MetadataSnapshot now) {
      Table known = now.tablesById().get(table.getTableId());
      return known == null ? Integer.MAX_VALUE : known.getSchemaVersion();
    }

    private boolean take(int virtualShard, List<TableSlices.Part> parts)
        throws SQLException, IOException {
      if (outdated.get()) {
        return true;
      }
      List<SnapshotSlice> taken = new ArrayList<>();
      for (TableSlices.Part part : parts) {
        try (SliceFile slice = SliceFile.open(part.file())) {
          if (slice.schemaVersion() > table.getSchemaVersion()) {
            outdated.set(true);
            return true;
          }
          if (slice.schemaVersion() < table.getSchemaVersion()) {
            return false;
          }
          taken.add(entry(virtualShard, part, slice));
        }
      }
      for (int i = 0; i < taken.size(); i++) {
        writer.put(taken.get(i), parts.get(i).file());
      }
      entries.addAll(taken);
      tell();
      return true;
    }

    /** One at a time: whoever listens need not expect several threads. */
    private synchronized void tell() {
      progress.accept(++stored);
    }

    private SnapshotSlice entry(int virtualShard, TableSlices.Part part, SliceFile slice)
        throws SQLException, IOException {
      SliceFile.Reached reached = slice.reached(virtualShard);
      return writer.entry(
          virtualShard,
          part.range(),
          reached.partition(),
          reached.position(),
          reached.lastPosition(),
          slice.digest(table, virtualShard),
          part.file());
    }

    private SnapshotManifest manifest() {
      MetadataSnapshot snapshot = metadata.snapshot();
      List<Shard> owners = Tables.owners(snapshot.requireTopology(table));
      List<SchemaVersion> versions =
          history.apply(table.getTableId()).stream()
              .filter(version -> version.getVersion() <= table.getSchemaVersion())
              .toList();
      return SnapshotManifest.of(
          name,
          clock.millis(),
          cluster,
          kafkaCluster,
          owners.size(),
          splitAt(),
          nameOf(snapshot, table.getFromTable()),
          nameOf(snapshot, table.getToTable()),
          table,
          versions,
          entries.stream()
              .sorted(
                  Comparator.comparingInt(SnapshotSlice::virtualShard)
                      .thenComparing(SnapshotSlice::file))
              .toList());
    }

    /** The bounds of the slices of some virtual shard: those of the shards they came from. */
    private List<ByteBuffer> splitAt() {
      return entries.stream()
          .filter(slice -> slice.virtualShard() == 0)
          .map(SnapshotSlice::range)
          .map(range -> range.getFrom())
          .filter(Objects::nonNull)
          .sorted((one, other) -> OrderedKey.compare(KeyRanges.bytes(one), KeyRanges.bytes(other)))
          .toList();
    }

    private static @Nullable String nameOf(MetadataSnapshot snapshot, @Nullable String tableId) {
      Table node = tableId == null ? null : snapshot.tablesById().get(tableId);
      return node == null ? null : node.getName();
    }
  }
}
