package dev.shardstream.standalone.snapshot;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.snapshot.SliceFile;
import dev.shardstream.producer.snapshot.TableSlices;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.snapshot.RowsDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The table that a snapshot is restored into. It is written through its log, as by any writer, and
 * only what it lacks: a restore that was cut off goes on where it was, and one that was done does
 * nothing.
 */
final class RestoredTable {
  private static final int ROWS_AT_ONCE = 10_000;
  private static final int SHOWN = 8;
  private static final Duration NO_PROGRESS = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Shardstream shardstream;
  private final String name;
  private final String snapshot;
  private final WorkingCopy wanted;
  private final List<CompletableFuture<Receipt>> sent = new ArrayList<>();
  private final Map<Integer, Long> written = new HashMap<>();

  /**
   * @param name of the table
   * @param snapshot its name, for errors
   * @param wanted what the table shall have
   */
  RestoredTable(Shardstream shardstream, String name, String snapshot, WorkingCopy wanted) {
    this.shardstream = shardstream;
    this.name = name;
    this.snapshot = snapshot;
    this.wanted = wanted;
  }

  /**
   * The rows that the table lacks, by virtual shard; none for those that lack nothing.
   *
   * @throws ShardstreamException RESTORE_CONFLICT when it has one that it shall not have
   */
  Map<Integer, Set<RowsDigest>> lacking(Table table) {
    Map<Integer, Set<RowsDigest>> lacking = new ConcurrentHashMap<>();
    slices(
        table,
        (virtualShard, parts) -> {
          Set<RowsDigest> rows = new HashSet<>();
          wanted.rows(virtualShard, row -> rows.add(RowsDigest.of(row)));
          long[] foreign = {0};
          for (TableSlices.Part part : parts) {
            try (SliceFile slice = SliceFile.open(part.file())) {
              slice.rows(
                  table,
                  virtualShard,
                  row -> foreign[0] += rows.remove(RowsDigest.of(row)) ? 0 : 1);
            }
          }
          if (foreign[0] > 0) {
            throw new ShardstreamException(
                ErrorCode.RESTORE_CONFLICT,
                name,
                snapshot,
                "it has %d rows in virtual shard %d that are not to be restored"
                    .formatted(foreign[0], virtualShard));
          }
          if (!rows.isEmpty()) {
            lacking.put(virtualShard, rows);
          }
          return true;
        });
    return lacking;
  }

  private void slices(Table table, TableSlices.Sink sink) {
    shardstream.snapshots().slices().fetch(table, sink);
  }

  /**
   * Writes rows.
   *
   * @param lacking by virtual shard; null for all rows
   * @return how many
   */
  long write(@Nullable Map<Integer, Set<RowsDigest>> lacking) throws SQLException {
    RowWriter writer = shardstream.writer(name);
    List<String> columns = wanted.table().getColumns().stream().map(Column::getName).toList();
    long[] rows = {0};
    for (int v = 0; v < VirtualShards.COUNT; v++) {
      Set<RowsDigest> some = lacking == null ? null : lacking.getOrDefault(v, Set.of());
      if (some != null && some.isEmpty()) {
        continue;
      }
      wanted.rows(
          v,
          row -> {
            if (some == null || some.contains(RowsDigest.of(row))) {
              sent.add(writer.insert(columns, row));
              rows[0]++;
              if (sent.size() == ROWS_AT_ONCE) {
                settle();
              }
            }
          });
    }
    settle();
    return rows[0];
  }

  /**
   * Waits until everything is durable. What the shards refuse shows in the comparison; a row that
   * an earlier run has written is refused, and is as it should be.
   */
  private void settle() {
    try {
      for (CompletableFuture<Receipt> each : sent) {
        Receipt receipt = each.join();
        written.merge(receipt.partition(), receipt.offset() + 1, Math::max);
      }
    } catch (CompletionException e) {
      throw e.getCause() instanceof ShardstreamException known ? known : e;
    } finally {
      sent.clear();
    }
  }

  /**
   * Waits as long as the shards get on, by what their heartbeats say. These come late; what counts
   * is the comparison, and this spares it to fetch slices in vain.
   */
  private void awaitApplied(Table table) {
    long least = Long.MAX_VALUE;
    long progressAt = System.nanoTime();
    while (System.nanoTime() - progressAt < NO_PROGRESS.toNanos()) {
      long behind =
          shardstream.nodes().view().shards().stream()
              .filter(shard -> shard.tableId().equals(table.getTableId()))
              .mapToLong(shard -> Objects.requireNonNullElse(shard.offsetsBehind(), 0L))
              .sum();
      if (behind == 0 || Thread.currentThread().isInterrupted()) {
        return;
      }
      if (behind < least) {
        least = behind;
        progressAt = System.nanoTime();
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /**
   * Compares every virtual shard with what it shall be, once it is past everything that was
   * written.
   *
   * @throws ShardstreamException RESTORE_MISMATCH that names those that differ
   */
  void compare(Table table) {
    awaitApplied(table);
    Set<Integer> differing = new ConcurrentSkipListSet<>();
    slices(
        table,
        (virtualShard, parts) -> {
          RowsDigest there = RowsDigest.NONE;
          for (TableSlices.Part part : parts) {
            try (SliceFile slice = SliceFile.open(part.file())) {
              SliceFile.Reached reached = slice.reached(virtualShard);
              if (reached.position() < written.getOrDefault(reached.partition(), 0L)) {
                return false;
              }
              there = there.plus(slice.digest(table, virtualShard));
            }
          }
          if (!there.equals(wanted.digest(virtualShard))) {
            differing.add(virtualShard);
          }
          return true;
        });
    if (!differing.isEmpty()) {
      throw new ShardstreamException(
          ErrorCode.RESTORE_MISMATCH,
          name,
          snapshot,
          "%d virtual shards differ, %s among them"
              .formatted(differing.size(), differing.stream().limit(SHOWN).toList()));
    }
  }
}
