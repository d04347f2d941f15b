package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.standalone.workload.AcknowledgedModel;
import dev.shardstream.standalone.workload.AcknowledgedModel.Differences;
import dev.shardstream.standalone.workload.LiveReaders;
import dev.shardstream.standalone.workload.LiveWriters;
import dev.shardstream.standalone.workload.Orders;
import dev.shardstream.standalone.workload.WholeTable;
import dev.shardstream.systemtests.cluster.Clients;
import dev.shardstream.systemtests.cluster.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A table of orders whose content is known, with writers and readers when a test wants them. */
public final class LiveOrders implements AutoCloseable {
  private static final int WRITERS = 2;
  private static final int WRITES_PER_SECOND_OF_EACH = 400;
  private static final int WRITES_TO_GO_ON = 200;

  /** Readers that never rest take the cores from what is tested. */
  private static final Duration BETWEEN_READS = Duration.ofMillis(20);

  private final Clients cluster;
  private final String table;
  private final long seed;
  private final AcknowledgedModel model = new AcknowledgedModel();
  private int rate = WRITES_PER_SECOND_OF_EACH;
  private long stableBelow;
  private @Nullable LiveWriters writers;
  private @Nullable LiveReaders readers;

  private LiveOrders(Clients cluster, String table, long seed) {
    this.cluster = cluster;
    this.table = table;
    this.seed = seed;
  }

  /** Creates the table and loads it. */
  public static LiveOrders load(Clients cluster, String table, int shards, int rows, long seed) {
    return load(cluster, table, "SHARDS=" + shards, rows, seed);
  }

  /**
   * Creates the table and loads it.
   *
   * @param options what stands within {@code WITH (…)}
   */
  public static LiveOrders load(
      Clients cluster, String table, String options, int rows, long seed) {
    LiveOrders orders = new LiveOrders(cluster, table, seed);
    cluster.client().execute(Orders.createTable(table, options));
    orders.insert(rows);
    orders.stableBelow = orders.key(0.5);
    return orders;
  }

  private void insert(int rows) {
    RowWriter writer = client().writer(table);
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    Orders.rows(rows)
        .forEach(
            row -> {
              sent.add(writer.insert(Orders.COLUMNS, row));
              model.put((Long) row.get(0), row);
            });
    writer.awaitApplied(sent.stream().map(CompletableFuture::join).toList());
  }

  /**
   * Another rate than the usual one.
   *
   * @param writesPerSecond of each of the two writers
   */
  public LiveOrders atRate(int writesPerSecond) {
    rate = writesPerSecond;
    return this;
  }

  /** Starts writers, and readers none of which may fail. */
  public LiveOrders withTraffic() {
    return withTraffic(failure -> false);
  }

  /**
   * Starts writers and readers; the lower half of the loaded keys is left to the readers. May be
   * done again after {@link #stopTraffic}.
   *
   * @param tolerated whether a read may fail in this way
   */
  public LiveOrders withTraffic(Predicate<RuntimeException> tolerated) {
    LiveWriters.Plan plan = new LiveWriters.Plan(WRITERS, rate, stableBelow, seed);
    LiveWriters started = LiveWriters.start(client().writer(table), model, plan);
    writers = started;
    readers =
        LiveReaders.start(
            cluster::connect,
            table,
            model,
            started,
            new LiveReaders.Plan(stableBelow, seed, BETWEEN_READS, tolerated));
    return this;
  }

  /** A key of the model that the writers leave alone. */
  long untouchedKey() {
    return untouchedKey(0);
  }

  /**
   * Keys of the model that the writers leave alone.
   *
   * @param number 0 to 9, each another key
   */
  long untouchedKey(int number) {
    return key(0.2 + number * 0.02);
  }

  /** The key below which that part of the loaded keys lies; the pulses have keys below 0. */
  private long key(double part) {
    List<Long> loaded = model.keys().stream().filter(key -> key >= 0).toList();
    return loaded.get((int) (loaded.size() * part));
  }

  private Shardstream client() {
    return cluster.client();
  }

  public String table() {
    return table;
  }

  /** Writes acknowledged so far. */
  public long acknowledged() {
    return writers == null ? 0 : writers.acknowledged();
  }

  /** Waits until the writers have gone on for a while. */
  public void awaitWrites() {
    long before = acknowledged();
    await("the writers of " + table + " go on")
        .atMost(Patience.ONE_STEP)
        .until(() -> acknowledged() > before + WRITES_TO_GO_ON);
  }

  /** Reads answered so far. */
  public long reads() {
    return readers == null ? 0 : readers.reads();
  }

  /** Reads that failed in a tolerated way so far. */
  public long unavailableReads() {
    return readers == null ? 0 : readers.unavailable();
  }

  /**
   * What traffic has missed.
   *
   * @param writes the longest time without any acknowledgement
   * @param reads the longest time that a reader had no answer; one of them needs every shard
   */
  public record Gaps(Duration writes, Duration reads) {
    @Override
    public String toString() {
      return "at most %d ms between two acknowledgements, %d ms without an answer to a reader"
          .formatted(writes.toMillis(), reads.toMillis());
    }
  }

  /** Waits until writers and every reader are at work. */
  public LiveOrders atWork() {
    watchGaps();
    awaitServed();
    return this;
  }

  /** Watches for gaps in the traffic from now on. */
  public void watchGaps() {
    traffic(writers).watchGaps();
    traffic(readers).watchGaps();
  }

  /** Waits until writers and every reader have been served after now; {@link #watchGaps} is on. */
  public void awaitServed() {
    long now = System.nanoTime();
    await("writers and readers of " + table + " are served")
        .atMost(Patience.ONE_STEP)
        .until(
            () -> traffic(writers).acknowledgedAfter(now) && traffic(readers).answeredAfter(now));
  }

  /** What traffic has missed since {@link #watchGaps}, and no more of it. */
  public Gaps gaps() {
    return new Gaps(traffic(writers).longestGap(), traffic(readers).longestGap());
  }

  private static <T> T traffic(@Nullable T started) {
    return Objects.requireNonNull(started, "traffic was not started");
  }

  /**
   * Ends the traffic and compares everything: no writer failed, the right writes were refused, no
   * reader saw anything wrong, and the table is the model row by row.
   */
  public void mustBeWhole() {
    stopTraffic();
    List<String> wrong = new ArrayList<>();
    if (writers != null) {
      writers.failures().stream().limit(5).forEach(failure -> wrong.add(failure.toString()));
      wrong.addAll(writers.settle().wrong().stream().limit(5).toList());
    }
    if (readers != null) {
      wrong.addAll(readers.errors().stream().limit(5).toList());
      wrong.addAll(readers.anomalies().stream().limit(5).toList());
    }
    Differences differences = model.compare(new WholeTable(client(), table));
    wrong.addAll(differences.examples());
    assertThat(wrong).as("what is wrong with table %s (seed %d)", table, seed).isEmpty();
    assertThat(differences).isEqualTo(new Differences(model.size(), 0, 0, 0, List.of()));
  }

  /**
   * Ends the traffic and drops the table, if the test has not, so that its shards cost the tests
   * that follow nothing. A reshard that still runs is waited for.
   */
  @Override
  public void close() {
    stopTraffic();
    Reshards reshards = new Reshards(client());
    client().reshards().list().stream()
        .filter(reshard -> reshard.tableName().equals(table) && !reshard.ended())
        .forEach(reshards::ended);
    client().execute("DROP TABLE IF EXISTS " + table);
  }

  /** Ends writers and readers; doing it twice is doing it once. */
  public void stopTraffic() {
    if (readers != null) {
      readers.close();
    }
    if (writers != null) {
      writers.close();
    }
  }
}
