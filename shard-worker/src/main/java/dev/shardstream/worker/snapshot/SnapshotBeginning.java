package dev.shardstream.worker.snapshot;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import dev.shardstream.worker.apply.Beginning;
import dev.shardstream.worker.copy.Slice;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins shards with the slices of snapshots. A slice is what the log says up to its position, so
 * with it a virtual shard is where it would be had the log been applied from its first record.
 *
 * <p>One whose log is cut has to begin like that; one that is made anew does, because it is faster.
 * A shard that is compared with its log applies as much of the log as there is.
 */
public final class SnapshotBeginning implements Beginning {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotBeginning.class);

  private final Optional<SnapshotPlace> place;
  private final Path temporary;

  /**
   * @param place empty for a node that has none
   * @param temporary directory for slices on their way
   */
  public SnapshotBeginning(Optional<SnapshotPlace> place, Path temporary) {
    this.place = place;
    this.temporary = temporary;
  }

  @Override
  public void bring(ShardFile file, Map<Integer, Long> logStarts, Consumer<Positions> reached)
      throws SQLException, IOException {
    Positions at = PositionTable.read(file.writer());
    List<Integer> cut = new ArrayList<>();
    List<Integer> empty = new ArrayList<>();
    for (int virtualShard : file.definition().virtualShards()) {
      long position = positionOf(file, at, virtualShard);
      if (logStart(file, logStarts, virtualShard) > Math.max(position, 0)) {
        cut.add(virtualShard);
      } else if (position < 0 || position == 0 && !file.isServing()) {
        empty.add(virtualShard);
      }
    }
    if (cut.isEmpty() && empty.isEmpty()) {
      return;
    }
    List<Snapshot> snapshots = snapshots(file, cut.isEmpty());
    for (int virtualShard : cut) {
      long start = logStart(file, logStarts, virtualShard);
      if (!take(file, virtualShard, start, snapshots, reached)) {
        throw cut(file, virtualShard, positionOf(file, at, virtualShard), start);
      }
    }
    int taken = cut.size();
    List<Snapshot> atHand = new ArrayList<>(snapshots);
    for (int virtualShard : empty) {
      if (takeIfAtHand(file, virtualShard, atHand, reached)) {
        taken++;
      } else if (positionOf(file, PositionTable.read(file.writer()), virtualShard) < 0) {
        file.toLogStart(virtualShard);
      }
    }
    Positions begun = PositionTable.read(file.writer());
    reached.accept(begun);
    if (taken > 0) {
      LOG.info(
          "snapshot.begun shard={} virtual_shards={} rows={}", file.ref(), taken, begun.rows());
    }
  }

  /** Before everything where a part is missing: the taking of another one was cut off. */
  private static long positionOf(ShardFile file, Positions at, int virtualShard) {
    return at.missing(virtualShard, file.definition().range()).isEmpty()
        ? at.leastOf(virtualShard).orElse(-1)
        : -1;
  }

  private static long logStart(ShardFile file, Map<Integer, Long> starts, int virtualShard) {
    int partitions = file.definition().table().getPartitions();
    return starts.getOrDefault(VirtualShards.partitionOf(virtualShard, partitions), 0L);
  }

  /**
   * @param optional whether the shard can begin without any
   */
  private List<Snapshot> snapshots(ShardFile file, boolean optional) {
    if (place.isEmpty()) {
      return List.of();
    }
    try {
      return place.get().of(file.ref().tableId());
    } catch (ShardstreamException away) {
      if (!optional) {
        throw away;
      }
      LOG.warn("snapshot.not_used shard={} reason={}", file.ref(), away.getMessage());
      return List.of();
    }
  }

  private static ShardstreamException cut(
      ShardFile file, int virtualShard, long position, long start) {
    TableId table = Tables.id(file.definition().table());
    int partitions = file.definition().table().getPartitions();
    return new ShardstreamException(
        ErrorCode.LOG_TRUNCATED,
        "of table " + table + ", partition " + VirtualShards.partitionOf(virtualShard, partitions),
        Math.max(position, 0),
        start,
        file.ref());
  }

  /**
   * Takes a virtual shard that the log has too.
   *
   * @param atHand emptied when their store is away, so that nobody waits for it again
   */
  private boolean takeIfAtHand(
      ShardFile file, int virtualShard, List<Snapshot> atHand, Consumer<Positions> reached)
      throws SQLException, IOException {
    try {
      return take(file, virtualShard, 1, atHand, reached);
    } catch (ShardstreamException away) {
      if (away.code() != ErrorCode.SNAPSHOT_STORE) {
        throw away;
      }
      LOG.warn("snapshot.not_used shard={} reason={}", file.ref(), away.getMessage());
      atHand.clear();
      return false;
    }
  }

  /**
   * Takes a virtual shard from the newest snapshot that has it soundly.
   *
   * @param least the position that it must have at least
   * @return whether there was one
   */
  private boolean take(
      ShardFile file,
      int virtualShard,
      long least,
      List<Snapshot> snapshots,
      Consumer<Positions> reached)
      throws SQLException, IOException {
    for (Snapshot snapshot : snapshots) {
      List<SnapshotSlice> slices = slices(snapshot, virtualShard, file.definition().range());
      if (slices.stream().allMatch(slice -> slice.position() >= least)) {
        try {
          take(file, virtualShard, snapshot, slices);
          reached.accept(PositionTable.read(file.writer()));
          return true;
        } catch (ShardstreamException unusable) {
          if (!Snapshot.isUnreadable(unusable)) {
            throw unusable;
          }
          LOG.warn(
              "snapshot.unusable shard={} virtual_shard={} reason={}",
              file.ref(),
              virtualShard,
              unusable.getMessage());
        }
      }
    }
    return false;
  }

  private static List<SnapshotSlice> slices(Snapshot snapshot, int virtualShard, KeyRange range) {
    return snapshot.manifest().slices().stream()
        .filter(slice -> slice.virtualShard() == virtualShard)
        .filter(slice -> KeyRanges.intersection(slice.range(), range).isPresent())
        .toList();
  }

  private void take(ShardFile file, int virtualShard, Snapshot snapshot, List<SnapshotSlice> slices)
      throws SQLException, IOException {
    List<Path> fetched = new ArrayList<>();
    try {
      for (SnapshotSlice slice : slices) {
        Path path = temporary.resolve("snapshot-" + UUID.randomUUID() + ".sqlite");
        fetched.add(path);
        snapshot.fetch(slice, path);
      }
      file.forget(virtualShard);
      for (int i = 0; i < slices.size(); i++) {
        take(file, virtualShard, snapshot, slices.get(i), fetched.get(i));
      }
      requireWhole(file, virtualShard, snapshot);
      file.checkpointIfLarge();
    } finally {
      for (Path path : fetched) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static void take(
      ShardFile file, int virtualShard, Snapshot snapshot, SnapshotSlice slice, Path fetched)
      throws SQLException {
    KeyRange part = KeyRanges.intersection(slice.range(), file.definition().range()).orElseThrow();
    boolean whole;
    try {
      whole = Slice.takeInto(file, fetched, virtualShard, part).isPresent();
    } catch (ShardstreamException failure) {
      if (failure.code() != ErrorCode.FILE_ERROR) {
        throw failure;
      }
      throw damaged(snapshot, slice.file(), String.valueOf(failure.getMessage()));
    } catch (SQLException failure) {
      // As a cause it would say that the shard's own file is broken.
      if (FileFailure.isBroken(failure)) {
        throw damaged(snapshot, slice.file(), String.valueOf(failure.getMessage()));
      }
      throw failure;
    }
    if (!whole) {
      throw damaged(snapshot, slice.file(), "it does not hold the shard keys that it should");
    }
  }

  private static void requireWhole(ShardFile file, int virtualShard, Snapshot snapshot)
      throws SQLException {
    Positions at = PositionTable.read(file.writer());
    if (!at.missing(virtualShard, file.definition().range()).isEmpty()) {
      throw damaged(
          snapshot, "manifest.json", "virtual shard " + virtualShard + " is not whole in it");
    }
  }

  private static ShardstreamException damaged(Snapshot snapshot, String file, String what) {
    return new ShardstreamException(
        ErrorCode.SNAPSHOT_DAMAGED, snapshot.manifest().name(), file, what);
  }
}
