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
import dev.shardstream.schemas.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final SnapshotStore store;
    private final String name;
    private final Table table;
    private final IntConsumer progress;
    private final String data = "data-" + UUID.randomUUID().toString().replace("-", "");
    private final AtomicInteger files = new AtomicInteger();
    private int stored;
    private final AtomicBoolean outdated = new AtomicBoolean();
    private final ConcurrentLinkedQueue<SnapshotSlice> entries = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedDeque<String> put = new ConcurrentLinkedDeque<>();

    Attempt(SnapshotStore store, String name, Table table, IntConsumer progress) {
      this.store = store;
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
        commit(manifest);
        complete = true;
        return Optional.of(manifest);
      } finally {
        if (!complete) {
          discard();
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
        put(taken.get(i).file(), parts.get(i).file());
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
      RowsDigest digest = slice.digest(table, virtualShard);
      return new SnapshotSlice(
          virtualShard,
          SnapshotSlice.encoded(part.range().getFrom()),
          SnapshotSlice.encoded(part.range().getTo()),
          reached.partition(),
          reached.position(),
          reached.lastPosition(),
          digest.rows(),
          digest.text(),
          Files.size(part.file()),
          Snapshot.sha256(part.file()),
          data + "/" + files.incrementAndGet() + ".sqlite");
    }

    private void put(String file, Path content) {
      put.add(file);
      store.put(name + "/" + file, content);
    }

    private SnapshotManifest manifest() {
      MetadataSnapshot snapshot = metadata.snapshot();
      List<Shard> owners = Tables.owners(snapshot.requireTopology(table));
      List<SchemaVersion> versions =
          history.apply(table.getTableId()).stream()
              .filter(version -> version.getVersion() <= table.getSchemaVersion())
              .toList();
      return new SnapshotManifest(
          SnapshotManifest.FORMAT,
          name,
          clock.millis(),
          cluster,
          kafkaCluster,
          owners.size(),
          splitAt(),
          nameOf(snapshot, table.getFromTable()),
          nameOf(snapshot, table.getToTable()),
          AvroJson.encode(table),
          Table.getClassSchema().toString(),
          versions.stream().map(AvroJson::encode).toList(),
          SchemaVersion.getClassSchema().toString(),
          entries.stream()
              .sorted(
                  Comparator.comparingInt(SnapshotSlice::virtualShard)
                      .thenComparing(SnapshotSlice::file))
              .toList());
    }

    /** The bounds of the slices of some virtual shard: those of the shards they came from. */
    private List<String> splitAt() {
      return entries.stream()
          .filter(slice -> slice.virtualShard() == 0)
          .map(SnapshotSlice::range)
          .map(range -> range.getFrom())
          .filter(Objects::nonNull)
          .sorted((one, other) -> OrderedKey.compare(KeyRanges.bytes(one), KeyRanges.bytes(other)))
          .map(SnapshotSlice::encoded)
          .toList();
    }

    private static @Nullable String nameOf(MetadataSnapshot snapshot, @Nullable String tableId) {
      Table node = tableId == null ? null : snapshot.tablesById().get(tableId);
      return node == null ? null : node.getName();
    }

    /** The manifest, then the marker that makes it one: whoever sees the marker sees everything. */
    private void commit(SnapshotManifest manifest) {
      String json = Json.write(manifest);
      String file = data + "/" + SnapshotNames.MANIFEST;
      putText(file, json);
      putText(
          SnapshotNames.COMPLETE,
          HexFormat.of().formatHex(Snapshot.sha256(json)) + " " + file + "\n");
    }

    private void putText(String file, String text) {
      try {
        Path content = Files.createTempFile("shardstream-snapshot", ".txt");
        try {
          Files.writeString(content, text);
          put(file, content);
        } finally {
          Files.delete(content);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * What nobody will ever read, a marker that may have come first. A store that is away keeps it,
     * and it harms nobody.
     */
    private void discard() {
      for (Iterator<String> file = put.descendingIterator(); file.hasNext(); ) {
        try {
          store.delete(name + "/" + file.next());
        } catch (ShardstreamException away) {
          return;
        }
      }
    }
  }
}
