package dev.shardstream.systemtests.ddl;

import dev.shardstream.producer.write.ChangeLog;
import dev.shardstream.producer.write.PreparedChange;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowChanges;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * A writer that knows one version of the table of people and never learns of another, as a client
 * that has not heard of the changes yet. It writes until it is stopped.
 */
final class VersionedWriter implements AutoCloseable {
  private static final int IN_FLIGHT = 100;
  private static final int WRITES_PER_SECOND = 150;

  private final int version;
  private final RowChanges changes;
  private final ChangeLog log;
  private final People people;
  private final long firstKey;
  private final Random random;
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
  private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Long> own = new ArrayList<>();
  private final Thread thread;
  private volatile boolean stopping;

  private VersionedWriter(Table table, ChangeLog log, People people, List<Long> own, long seed) {
    this.version = table.getSchemaVersion();
    this.changes = new RowChanges(table);
    this.log = log;
    this.people = people;
    this.own.addAll(own);
    this.firstKey = version * 1_000_000L;
    this.random = new Random(seed * 31 + version);
    this.thread = new Thread(this::run, "writer-of-version-" + version);
  }

  /**
   * Starts a writer.
   *
   * @param table the version that it knows
   * @param own loaded keys that only this writer changes
   */
  static VersionedWriter start(
      Table table, ChangeLog log, People people, List<Long> own, long seed) {
    VersionedWriter writer = new VersionedWriter(table, log, people, own, seed);
    writer.thread.start();
    return writer;
  }

  /** The changes that were acknowledged. */
  List<Receipt> receipts() {
    return List.copyOf(receipts);
  }

  /** What went wrong: must be empty. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  private void run() {
    try {
      long fresh = firstKey;
      long begin = System.nanoTime();
      for (long written = 0; !stopping; written++) {
        int dice = random.nextInt(10);
        if (own.size() < 20 || dice < 3) {
          fresh++;
          own.add(fresh);
          put(Op.INSERT, fresh);
        } else if (dice < 5) {
          put(Op.UPSERT, anyKey());
        } else if (dice < 9) {
          update(anyKey());
        } else {
          delete(own.remove(random.nextInt(own.size())));
        }
        pace(begin, written);
      }
    } catch (RuntimeException e) {
      failures.add("version " + version + ": " + e);
    } finally {
      inFlight.acquireUninterruptibly(IN_FLIGHT);
    }
  }

  private long anyKey() {
    return own.get(random.nextInt(own.size()));
  }

  private void put(Op op, long id) {
    People.Write write = People.whole(version, id, random);
    send(
        changes.row(op, changes.columns(write.columns()), write.values()),
        () -> people.put(write.row()));
  }

  private void update(long id) {
    long age = random.nextInt(100);
    String note = "again " + random.nextInt(1000);
    boolean knowsNote = version != 3;
    send(
        changes.update(
            List.of(id),
            changes.columns(knowsNote ? List.of("age", "note") : List.of("age")),
            knowsNote ? List.of(age, note) : List.of(age)),
        () -> people.update(version, id, age, note));
  }

  private void delete(long id) {
    send(changes.delete(List.of(id)), () -> people.remove(id));
  }

  private void send(PreparedChange change, Runnable inModel) {
    inFlight.acquireUninterruptibly();
    append(change)
        .whenComplete(
            (receipt, failure) -> {
              if (failure == null) {
                receipts.add(receipt);
                inModel.run();
              } else {
                failures.add("version " + version + ": " + failure);
              }
              inFlight.release();
            });
  }

  private CompletableFuture<Receipt> append(PreparedChange change) {
    try {
      return log.append(change);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private void pace(long begin, long written) {
    long due = begin + written * 1_000_000_000L / WRITES_PER_SECOND;
    for (long now = System.nanoTime(); now < due && !stopping; now = System.nanoTime()) {
      LockSupport.parkNanos(due - now);
    }
  }

  /** Stops; every write that was begun is acknowledged or among the failures afterwards. */
  @Override
  public void close() {
    stopping = true;
    try {
      thread.join(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
