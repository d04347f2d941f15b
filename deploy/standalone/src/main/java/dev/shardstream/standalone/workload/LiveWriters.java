package dev.shardstream.standalone.workload;

import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.http.AwaitResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writers that go on until they are stopped: inserts, updates and deletes of orders, now and then
 * an insert of a row that is there, which the table must refuse, and pulses.
 *
 * <p>Each writer owns its keys, so that the model knows the order of the changes of a row. A writer
 * touches only keys above {@code stableBelow}; readers may rely on the rows below it.
 */
public final class LiveWriters implements AutoCloseable {
  /** Keys of the rows whose comment is a growing number: {@code -1} down to {@code -PULSES}. */
  static final int PULSES = 16;

  private static final int IN_FLIGHT = 500;
  private static final Duration BETWEEN_PULSES = Duration.ofMillis(50);
  private static final long FRESH_KEYS = 1L << 40;
  private static final int COMMENT = 8;

  private final RowWriter table;
  private final AcknowledgedModel model;
  private final Plan plan;
  private final long firstFresh;
  private final long firstBeat;
  private final Crew crew = new Crew();
  private final AtomicLong acknowledged = new AtomicLong();
  private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
  private final Queue<Receipt> mustBeRefused = new ConcurrentLinkedQueue<>();
  private final Silence silence = new Silence();
  private final Map<Long, Pulse> pulses = new HashMap<>();

  /**
   * @param writers threads
   * @param writesPerSecond of each writer; 0 for as fast as it goes
   * @param stableBelow keys of 0 and more below this one are never written
   * @param seed of the random choices
   */
  public record Plan(int writers, int writesPerSecond, long stableBelow, long seed) {}

  private LiveWriters(RowWriter table, AcknowledgedModel model, Plan plan) {
    this.table = table;
    this.model = model;
    this.plan = plan;
    long highest = model.keys().stream().mapToLong(Long::longValue).max().orElse(0);
    // A multiple of the writers, so that their fresh keys never meet.
    this.firstFresh =
        Math.max(FRESH_KEYS, highest) / plan.writers() * plan.writers() + plan.writers();
    List<Object> pulse = model.get(-1);
    this.firstBeat = pulse == null ? 1 : Long.parseLong((String) pulse.get(COMMENT)) + 1;
  }

  /**
   * Starts to write.
   *
   * @param table a table as {@link Orders} defines it
   * @param model what the table holds now; follows every acknowledged write. Writers that worked on
   *     it before have stopped; fresh keys and pulses go on after theirs
   */
  public static LiveWriters start(RowWriter table, AcknowledgedModel model, Plan plan) {
    LiveWriters writers = new LiveWriters(table, model, plan);
    List<Long> keys = model.keys().stream().filter(key -> key >= plan.stableBelow()).toList();
    for (int number = 0; number < plan.writers(); number++) {
      int writer = number;
      List<Long> own =
          new ArrayList<>(keys.stream().filter(k -> k % plan.writers() == writer).toList());
      writers.crew.begin("writer-" + writer, () -> writers.write(writer, own));
    }
    for (long key = -1; key >= -PULSES; key--) {
      writers.pulses.put(key, new Pulse());
    }
    writers.crew.begin("pulse", writers::beat);
    return writers;
  }

  /** Writes acknowledged so far. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Watches for silences from now on. */
  public void watchGaps() {
    silence.start(System.nanoTime());
  }

  /** The longest time without any acknowledgement since {@link #watchGaps}. */
  public Duration longestGap() {
    return silence.stop(System.nanoTime());
  }

  /** Whether a write was acknowledged after that moment, while gaps were watched. */
  public boolean acknowledgedAfter(long nanoTime) {
    return silence.heardAfter(nanoTime);
  }

  /** What went wrong for a writer: must be empty. */
  public List<String> failures() {
    return crew.failures();
  }

  /** Stops; every write that was begun is acknowledged or among {@link #failures} afterwards. */
  public void stop() {
    crew.stop();
    table.flush();
  }

  /** {@link #stop}. */
  @Override
  public void close() {
    stop();
  }

  /**
   * Waits until every write was applied and checks that exactly those were refused that had to be.
   *
   * @return how many were refused
   */
  public Verdict settle() {
    List<Receipt> all = new ArrayList<>(receipts);
    all.addAll(mustBeRefused);
    Map<Receipt, AwaitResponse.Rejection> refused = table.rejections(all);
    List<String> wrong = new ArrayList<>();
    for (Receipt receipt : mustBeRefused) {
      AwaitResponse.Rejection rejection = refused.remove(receipt);
      if (rejection == null || !rejection.code().equals("DUPLICATE_KEY")) {
        wrong.add("not refused as DUPLICATE_KEY: " + receipt + " but " + rejection);
      }
    }
    refused.forEach((receipt, rejection) -> wrong.add("refused: " + receipt + " " + rejection));
    return new Verdict(mustBeRefused.size(), wrong);
  }

  /**
   * @param rejected writes that were refused and had to be
   * @param wrong writes that were refused or accepted against the rules, in words
   */
  public record Verdict(int rejected, List<String> wrong) {}

  private void write(int writer, List<Long> own) {
    Random random = new Random(plan.seed() * 31 + writer);
    Semaphore inFlight = new Semaphore(IN_FLIGHT);
    List<List<Object>> samples = samples();
    long fresh = firstFresh + writer;
    long begin = System.nanoTime();
    for (long written = 0; crew.isRunning(); written++) {
      List<Object> sample = samples.get(random.nextInt(samples.size()));
      int dice = random.nextInt(1000);
      if (own.size() < 100 || dice < 250) {
        fresh += plan.writers();
        List<Object> row = withKey(fresh, sample, random);
        long key = fresh;
        own.add(key);
        send(inFlight, () -> table.insert(Orders.COLUMNS, row), () -> model.put(key, row));
      } else if (dice < 750) {
        update(inFlight, own.get(random.nextInt(own.size())), random);
      } else if (dice < 995) {
        long key = takeAny(own, random);
        send(inFlight, () -> table.delete(Map.of("o_orderkey", key)), () -> model.remove(key));
      } else {
        List<Object> row = withKey(own.get(random.nextInt(own.size())), sample, random);
        refusable(inFlight, row);
      }
      pace(begin, written);
    }
    awaitAll(inFlight);
  }

  private void update(Semaphore inFlight, long key, Random random) {
    double price = random.nextInt(100_000_000) / 100.0;
    String comment = "changed " + random.nextLong();
    send(
        inFlight,
        () ->
            table.update(
                Map.of("o_orderkey", key), Map.of("o_totalprice", price, "o_comment", comment)),
        () -> {
          List<Object> before = model.get(key);
          if (before == null) {
            crew.failed("model", new IllegalStateException("no row " + key));
          } else {
            List<Object> row = new ArrayList<>(before);
            row.set(3, price);
            row.set(COMMENT, comment);
            model.put(key, row);
          }
        });
  }

  private interface Write {
    CompletableFuture<Receipt> send();
  }

  /** The model changes in the order of acknowledgements, which for one key is the log's order. */
  private void send(Semaphore inFlight, Write write, Runnable inModel) {
    inFlight.acquireUninterruptibly();
    write
        .send()
        .whenComplete(
            (receipt, failure) -> {
              if (failure == null) {
                receipts.add(receipt);
                inModel.run();
                noteAcknowledged();
              } else {
                crew.failed("write", failure);
              }
              inFlight.release();
            });
  }

  private void refusable(Semaphore inFlight, List<Object> row) {
    inFlight.acquireUninterruptibly();
    table
        .insert(Orders.COLUMNS, row)
        .whenComplete(
            (receipt, failure) -> {
              if (failure == null) {
                mustBeRefused.add(receipt);
                noteAcknowledged();
              } else {
                crew.failed("write", failure);
              }
              inFlight.release();
            });
  }

  private void noteAcknowledged() {
    acknowledged.incrementAndGet();
    silence.heard(System.nanoTime());
  }

  private void beat() {
    Semaphore inFlight = new Semaphore(IN_FLIGHT);
    List<Object> sample = samples().get(0);
    for (long number = firstBeat; crew.isRunning(); number++) {
      long beat = number;
      for (long key = -1; key >= -PULSES; key--) {
        long pulse = key;
        List<Object> row = new ArrayList<>(sample);
        row.set(0, key);
        row.set(COMMENT, Long.toString(beat));
        send(
            inFlight,
            () -> table.upsert(Orders.COLUMNS, row),
            () -> {
              model.put(pulse, row);
              acknowledgedBeat(pulse, beat);
            });
      }
      table.flush();
      LockSupport.parkNanos(BETWEEN_PULSES.toNanos());
    }
    awaitAll(inFlight);
  }

  private void acknowledgedBeat(long key, long number) {
    Pulse pulse = pulses.get(key);
    if (pulse != null) {
      pulse.acknowledged(new Pulse.Beat(number, System.nanoTime()));
    }
  }

  private void pace(long begin, long written) {
    if (plan.writesPerSecond() > 0) {
      long due = begin + written * 1_000_000_000L / plan.writesPerSecond();
      for (long now = System.nanoTime(); now < due && crew.isRunning(); now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
    }
  }

  private static void awaitAll(Semaphore inFlight) {
    inFlight.acquireUninterruptibly(IN_FLIGHT);
  }

  private static long takeAny(List<Long> keys, Random random) {
    int at = random.nextInt(keys.size());
    long key = keys.get(at);
    keys.set(at, keys.get(keys.size() - 1));
    keys.remove(keys.size() - 1);
    return key;
  }

  private static List<Object> withKey(long key, List<Object> sample, Random random) {
    List<Object> row = new ArrayList<>(sample);
    row.set(0, key);
    row.set(3, random.nextInt(100_000_000) / 100.0);
    return row;
  }

  private static List<List<Object>> samples() {
    return Orders.rows(500).toList();
  }

  /** The pulse of a key, if it is one. */
  @Nullable Pulse pulse(long key) {
    return pulses.get(key);
  }
}
