package dev.shardstream.standalone.workload;

import dev.shardstream.producer.api.Shardstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Readers that go on until they are stopped, each with a client of its own: one looks up rows that
 * nobody writes, one counts them over all shards, one follows the pulses. Every wrong answer is an
 * anomaly, every exception an error.
 */
public final class LiveReaders implements AutoCloseable {
  private final String table;
  private final AcknowledgedModel model;
  private final LiveWriters writers;
  private final Plan plan;
  private final Crew crew = new Crew();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong unavailable = new AtomicLong();
  private final AtomicLong stalest = new AtomicLong();
  private final Queue<String> anomalies = new ConcurrentLinkedQueue<>();
  private final List<Silence> silences = new ArrayList<>();

  /**
   * @param stableBelow keys of 0 and more below this one are never written
   * @param seed of the random choices
   * @param betweenReads how long each reader rests after a read
   * @param tolerated whether a read may fail in this way: somebody has taken away what it needs
   */
  public record Plan(
      long stableBelow, long seed, Duration betweenReads, Predicate<RuntimeException> tolerated) {

    /** A plan in which no read may fail. */
    public static Plan strict(long stableBelow, long seed, Duration betweenReads) {
      return new Plan(stableBelow, seed, betweenReads, failure -> false);
    }
  }

  private LiveReaders(String table, AcknowledgedModel model, LiveWriters writers, Plan plan) {
    this.table = table;
    this.model = model;
    this.writers = writers;
    this.plan = plan;
  }

  /**
   * Starts to read.
   *
   * @param clients makes a client for each reader; closed by it
   * @param writers whose pulses are followed
   */
  public static LiveReaders start(
      Supplier<Shardstream> clients,
      String table,
      AcknowledgedModel model,
      LiveWriters writers,
      Plan plan) {
    LiveReaders readers = new LiveReaders(table, model, writers, plan);
    readers.begin("lookups", clients, source -> readers.lookUp(source, new Random(plan.seed())));
    readers.begin("counts", clients, readers::count);
    readers.begin("pulses", clients, readers::follow);
    return readers;
  }

  /**
   * What one reader asks.
   *
   * @param silence hears of each of its answers
   */
  private record Source(Shardstream db, Silence silence) {}

  private interface Reading {
    void run(Source source);
  }

  private void begin(String name, Supplier<Shardstream> clients, Reading reading) {
    Silence silence = new Silence();
    silences.add(silence);
    crew.begin(
        "reader-" + name,
        () -> {
          while (crew.isRunning()) {
            connected(clients, silence, reading);
          }
        });
  }

  /** A reader that cannot connect is one that cannot read. */
  private void connected(Supplier<Shardstream> clients, Silence silence, Reading reading) {
    try (Shardstream db = clients.get()) {
      reading.run(new Source(db, silence));
    } catch (RuntimeException e) {
      if (!plan.tolerated().test(e)) {
        throw e;
      }
      unavailable.incrementAndGet();
    }
  }

  public long reads() {
    return reads.get();
  }

  /** Reads that failed in a tolerated way. */
  public long unavailable() {
    return unavailable.get();
  }

  public List<String> errors() {
    return crew.failures();
  }

  public List<String> anomalies() {
    return List.copyOf(anomalies);
  }

  /** Forgets how stale answers were until now. */
  public void watchStaleness() {
    stalest.set(0);
  }

  /** The age of the stalest answer since {@link #watchStaleness}. */
  public Duration maxStaleness() {
    return Duration.ofNanos(stalest.get());
  }

  /** Watches for readers without an answer from now on. */
  public void watchGaps() {
    long now = System.nanoTime();
    silences.forEach(silence -> silence.start(now));
  }

  /**
   * The longest time that one of the readers had no answer since {@link #watchGaps}: one of them
   * needs every shard for each answer. Its rests count.
   */
  public Duration longestGap() {
    long now = System.nanoTime();
    return silences.stream()
        .map(silence -> silence.stop(now))
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** Whether every reader had an answer after that moment, while gaps were watched. */
  public boolean answeredAfter(long nanoTime) {
    return silences.stream().allMatch(silence -> silence.heardAfter(nanoTime));
  }

  /** Stops; every read that was begun is done afterwards. */
  public void stop() {
    crew.stop();
  }

  /** {@link #stop}. */
  @Override
  public void close() {
    stop();
  }

  private void lookUp(Source source, Random random) {
    List<Long> keys = model.keys().stream().filter(k -> k >= 0 && k < plan.stableBelow()).toList();
    while (crew.isRunning() && !keys.isEmpty()) {
      long key = keys.get(random.nextInt(keys.size()));
      List<Object> expected = model.get(key);
      List<List<@Nullable Object>> rows =
          query(source, "SELECT * FROM " + table + " WHERE o_orderkey = ?", key);
      if (rows != null && (rows.size() != 1 || !rows.get(0).equals(expected))) {
        anomalies.add("key " + key + " expected " + expected + " read " + rows);
      }
    }
  }

  private void count(Source source) {
    long expected = model.keys().stream().filter(k -> k >= 0 && k < plan.stableBelow()).count();
    while (crew.isRunning()) {
      List<List<@Nullable Object>> rows =
          query(
              source,
              "SELECT count(*) FROM " + table + " WHERE o_orderkey >= 0 AND o_orderkey < ?",
              plan.stableBelow());
      if (rows != null && !rows.equals(List.of(List.of(expected)))) {
        anomalies.add("count expected " + expected + " read " + rows);
      }
    }
  }

  private void follow(Source source) {
    Map<Long, Long> seen = new HashMap<>();
    while (crew.isRunning()) {
      for (long key = -1; key >= -LiveWriters.PULSES && crew.isRunning(); key--) {
        readPulse(source, key, seen);
      }
    }
  }

  private void readPulse(Source source, long key, Map<Long, Long> seen) {
    Pulse pulse = writers.pulse(key);
    if (pulse == null || pulse.latest() == null) {
      return;
    }
    long readAt = System.nanoTime();
    List<List<@Nullable Object>> rows =
        query(source, "SELECT o_comment FROM " + table + " WHERE o_orderkey = ?", key);
    if (rows == null) {
      return;
    }
    long number =
        rows.size() == 1 && rows.get(0).get(0) instanceof String text ? Long.parseLong(text) : 0;
    if (rows.size() > 1 || number < seen.getOrDefault(key, 0L)) {
      anomalies.add("pulse " + key + " was " + seen.get(key) + " read " + rows);
    }
    seen.put(key, number);
    stalest.accumulateAndGet(pulse.stalenessNanos(number, readAt), Math::max);
  }

  private @Nullable List<List<@Nullable Object>> query(
      Source source, String sql, Object parameter) {
    try {
      List<List<@Nullable Object>> rows = source.db().execute(sql, parameter).rows();
      reads.incrementAndGet();
      source.silence().heard(System.nanoTime());
      return rows;
    } catch (RuntimeException e) {
      if (plan.tolerated().test(e)) {
        unavailable.incrementAndGet();
      } else {
        crew.failed(sql + " [" + parameter + "]", e);
      }
      return null;
    } finally {
      LockSupport.parkNanos(plan.betweenReads().toNanos());
    }
  }
}
