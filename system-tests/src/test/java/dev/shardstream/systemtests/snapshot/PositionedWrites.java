package dev.shardstream.systemtests.snapshot;

import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.standalone.workload.AcknowledgedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a table, and every write of it that was acknowledged with its place in the log:
 * what the table was at any place follows from that. It knows nothing of shards or snapshots.
 */
final class PositionedWrites implements AutoCloseable {
  private static final int AT_ONCE = 40;
  private static final int KEYS = 3_000;

  private record Sent(CompletableFuture<Receipt> receipt, long key, @Nullable List<Object> row) {}

  private record Write(Receipt receipt, long key, @Nullable List<Object> row) {}

  private final RowWriter writer;
  private final Random random;
  private final List<Write> acknowledged = new ArrayList<>();
  private final Set<Long> keys = new HashSet<>();
  private long count;
  private volatile boolean running;
  private volatile @Nullable Throwable failure;
  private @Nullable Thread thread;

  PositionedWrites(RowWriter writer, long seed) {
    this.writer = writer;
    this.random = new Random(seed);
  }

  /** Writes so many changes and waits until they are acknowledged. */
  void write(int changes) {
    for (int done = 0; done < changes; done += AT_ONCE) {
      writeSome(Math.min(AT_ONCE, changes - done));
    }
  }

  private void writeSome(int changes) {
    List<Sent> sent = new ArrayList<>();
    List<String> columns = writer.table().getColumns().stream().map(Column::getName).toList();
    for (int i = 0; i < changes; i++) {
      long key = random.nextInt(KEYS);
      if (keys.contains(key) && random.nextInt(4) == 0) {
        keys.remove(key);
        sent.add(new Sent(writer.delete(Map.of("id", key)), key, null));
      } else {
        keys.add(key);
        List<Object> row = row(key, columns.size());
        sent.add(new Sent(writer.upsert(columns, row), key, row));
      }
    }
    synchronized (acknowledged) {
      sent.forEach(
          each -> acknowledged.add(new Write(each.receipt().join(), each.key(), each.row())));
    }
  }

  /** As many values as the table has columns. */
  private List<Object> row(long key, int columns) {
    count++;
    List<Object> row =
        new ArrayList<>(
            List.of(
                key,
                "name " + random.nextInt(50),
                count % 5 == 0 ? -0.0 : random.nextGaussian(),
                Long.MAX_VALUE - count,
                new byte[] {(byte) count, 0, -1}));
    if (columns > row.size()) {
      row.add("note " + count);
    }
    return row;
  }

  /** Writes in a thread of its own until {@link #stop}. */
  PositionedWrites start() {
    running = true;
    Thread started =
        new Thread(
            () -> {
              try {
                while (running) {
                  writeSome(5);
                }
              } catch (RuntimeException | Error e) {
                failure = e;
              }
            },
            "positioned-writes");
    thread = started;
    started.start();
    return this;
  }

  /** Ends the thread; every write of it is acknowledged then. */
  void stop() {
    running = false;
    Thread started = thread;
    if (started != null) {
      try {
        started.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the writer was not waited for", e);
      }
    }
    if (failure != null) {
      throw new AssertionError("a write failed", failure);
    }
  }

  /** Writes acknowledged so far. */
  int acknowledged() {
    synchronized (acknowledged) {
      return acknowledged.size();
    }
  }

  /**
   * The table as all acknowledged writes make it.
   *
   * @param byDefault what rows have that were written before their last column was added
   */
  AcknowledgedModel all(Object byDefault) {
    AcknowledgedModel model = model(write -> true);
    int columns = writer.table().getColumns().size();
    for (long key : model.keys()) {
      List<Object> row = Objects.requireNonNull(model.get(key));
      if (row.size() < columns) {
        model.put(key, Stream.concat(row.stream(), Stream.of(byDefault)).toList());
      }
    }
    return model;
  }

  /** The table at the positions of a snapshot, each virtual shard at its own. */
  AcknowledgedModel at(SnapshotManifest manifest) {
    Map<Integer, Long> positions = new HashMap<>();
    manifest.slices().forEach(slice -> positions.put(slice.virtualShard(), slice.position()));
    return model(
        write -> write.receipt().offset() < positions.get(write.receipt().place().virtualShard()));
  }

  private AcknowledgedModel model(Predicate<Write> counts) {
    AcknowledgedModel model = new AcknowledgedModel();
    synchronized (acknowledged) {
      // One writer: the writes of a key are in the log in the order in which they were sent.
      for (Write write : acknowledged) {
        List<Object> row = write.row();
        if (counts.test(write) && row != null) {
          model.put(write.key(), row);
        } else if (counts.test(write)) {
          model.remove(write.key());
        }
      }
    }
    return model;
  }

  @Override
  public void close() {
    stop();
  }
}
