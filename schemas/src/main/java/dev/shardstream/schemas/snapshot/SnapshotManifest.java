package dev.shardstream.schemas.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Table;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds.
 *
 * @param format of this file and of the slices
 * @param name of the snapshot
 * @param takenAt when the last slice was there, milliseconds since the epoch by the clock of
 *     whoever took it
 * @param cluster name of the cluster
 * @param kafkaCluster id of its Kafka cluster: positions mean something there only
 * @param shards active shards that the table had, without replicas
 * @param splitAt RANGE table: the shard keys at which these begin but for the first, Base64 of the
 *     ordered keys, ascending
 * @param fromTable EDGE table: name of the node table where its edges begin; else null
 * @param toTable EDGE table: name of the node table where its edges end; else null
 * @param table its definition, Avro's JSON of {@code tableSchema}; every slice is at its version
 * @param tableSchema Avro schema of {@code table}
 * @param history the versions that the table has had, from the first, Avro's JSON
 * @param historySchema Avro schema of each of {@code history}
 * @param slices all of them, of all 256 virtual shards
 */
public record SnapshotManifest(
    int format,
    String name,
    long takenAt,
    String cluster,
    String kafkaCluster,
    int shards,
    List<String> splitAt,
    @Nullable String fromTable,
    @Nullable String toTable,
    JsonNode table,
    String tableSchema,
    List<JsonNode> history,
    String historySchema,
    List<SnapshotSlice> slices) {
  /** What this release writes, and the only one that it reads. */
  public static final int FORMAT = 1;

  public SnapshotManifest {
    splitAt = splitAt == null ? List.of() : List.copyOf(splitAt);
    history = history == null ? List.of() : List.copyOf(history);
    slices = slices == null ? List.of() : List.copyOf(slices);
  }

  /**
   * A manifest in the format of this release.
   *
   * @param splitAt RANGE table: the ordered keys at which its shards begin but for the first,
   *     ascending
   * @param table its definition; every slice is at its version
   * @param versions those that the table has had, from the first
   */
  public static SnapshotManifest of(
      String name,
      long takenAt,
      String cluster,
      String kafkaCluster,
      int shards,
      List<ByteBuffer> splitAt,
      @Nullable String fromTable,
      @Nullable String toTable,
      Table table,
      List<SchemaVersion> versions,
      List<SnapshotSlice> slices) {
    return new SnapshotManifest(
        FORMAT,
        name,
        takenAt,
        cluster,
        kafkaCluster,
        shards,
        splitAt.stream().map(SnapshotSlice::encoded).toList(),
        fromTable,
        toTable,
        AvroJson.encode(table),
        Table.getClassSchema().toString(),
        versions.stream().map(AvroJson::encode).toList(),
        SchemaVersion.getClassSchema().toString(),
        slices);
  }

  /**
   * The table as it was.
   *
   * @throws ShardstreamException SNAPSHOT_DAMAGED
   */
  public Table definition() {
    try {
      return AvroJson.decode(table, tableSchema, Table.getClassSchema());
    } catch (IOException | RuntimeException e) {
      throw damaged("its table cannot be read: " + e.getMessage()).causedBy(e);
    }
  }

  /**
   * The versions that the table has had, from the first.
   *
   * @throws ShardstreamException SNAPSHOT_DAMAGED
   */
  public List<SchemaVersion> versions() {
    List<SchemaVersion> versions = new ArrayList<>(history.size());
    try {
      for (JsonNode each : history) {
        versions.add(AvroJson.decode(each, historySchema, SchemaVersion.getClassSchema()));
      }
      return versions;
    } catch (IOException | RuntimeException e) {
      throw damaged("its history cannot be read: " + e.getMessage()).causedBy(e);
    }
  }

  /** Whether its positions are of the log of that table in that Kafka cluster. */
  public boolean isOf(String clusterId, String tableId) {
    return kafkaCluster.equals(clusterId) && definition().getTableId().equals(tableId);
  }

  /**
   * Whether a log goes on where this is, so that this with the log makes the whole table.
   *
   * @param starts by partition, the first offset that the log holds
   */
  public boolean reaches(Map<Integer, Long> starts) {
    return slices.stream()
        .allMatch(slice -> slice.position() >= starts.getOrDefault(slice.partition(), 0L));
  }

  /** Rows of all slices. */
  public long rows() {
    return slices.stream().mapToLong(SnapshotSlice::rows).sum();
  }

  /** Bytes of all slices. */
  public long bytes() {
    return slices.stream().mapToLong(SnapshotSlice::bytes).sum();
  }

  /** The digest of each virtual shard. */
  public Map<Integer, RowsDigest> digests() {
    Map<Integer, RowsDigest> digests = new TreeMap<>();
    for (SnapshotSlice slice : slices) {
      digests.merge(
          slice.virtualShard(),
          new RowsDigest(slice.rows(), new BigInteger(slice.digest(), 16)),
          RowsDigest::plus);
    }
    return digests;
  }

  /** By partition, the least offset at which all of it can stand: its furthest part is there. */
  public Map<Integer, Long> reached() {
    Map<Integer, Long> reached = new TreeMap<>();
    slices.forEach(slice -> reached.merge(slice.partition(), slice.lastPosition(), Math::max));
    return reached;
  }

  /**
   * Checks what a manifest says by itself.
   *
   * @param called the name that it was found under
   * @return itself
   * @throws ShardstreamException SNAPSHOT_DAMAGED, SNAPSHOT_REFUSED when it names a file that is
   *     not its own
   */
  SnapshotManifest requireSound(String called) {
    if (format != FORMAT) {
      throw damaged(called, "it has format " + format + ", and this release reads " + FORMAT);
    }
    if (!called.equals(name) || table == null || tableSchema == null || historySchema == null) {
      throw damaged(called, "it is one of '" + name + "' or lacks its table");
    }
    Table definition = definition();
    Set<Integer> virtualShards = new HashSet<>();
    Set<String> files = new HashSet<>();
    for (SnapshotSlice slice : slices) {
      if (slice.file() == null || !SnapshotNames.isSlice(slice.file())) {
        throw new ShardstreamException(
            ErrorCode.SNAPSHOT_REFUSED,
            "Snapshot '" + called + "'",
            "its manifest names '" + slice.file() + "', which is no file of a slice");
      }
      if (!files.add(slice.file()) || !isSound(slice, definition.getPartitions())) {
        throw damaged(called, "its entry of " + slice.file() + " makes no sense");
      }
      virtualShards.add(slice.virtualShard());
    }
    if (virtualShards.size() != VirtualShards.COUNT) {
      throw damaged(called, "it has " + virtualShards.size() + " virtual shards");
    }
    return this;
  }

  private static boolean isSound(SnapshotSlice slice, int partitions) {
    return slice.virtualShard() >= 0
        && slice.virtualShard() < VirtualShards.COUNT
        && slice.partition() == VirtualShards.partitionOf(slice.virtualShard(), partitions)
        && slice.position() >= 0
        && slice.lastPosition() >= slice.position()
        && slice.rows() >= 0
        && slice.bytes() > 0
        && slice.digest() != null
        && slice.digest().matches("[0-9a-f]{32}")
        && slice.sha256() != null
        && slice.sha256().matches("[0-9a-f]{64}");
  }

  private ShardstreamException damaged(String what) {
    return damaged(Objects.requireNonNullElse(name, "?"), what);
  }

  private static ShardstreamException damaged(String called, String what) {
    return new ShardstreamException(
        ErrorCode.SNAPSHOT_DAMAGED, called, SnapshotNames.MANIFEST, what);
  }
}
