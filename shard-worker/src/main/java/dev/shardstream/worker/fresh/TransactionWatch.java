package dev.shardstream.worker.fresh;

import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.worker.metrics.WorkerMetric;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then whether a transaction that was left open holds up the logs of a node. */
public final class TransactionWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final LogEnds stable;
  private final LogEnds ends;
  private final Supplier<Set<LogPartition>> partitions;
  private final LongSupplier nanoTime;
  private final MultiGauge held;
  private final MultiGauge offsets;
  private final OpenTransactions transactions = new OpenTransactions();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("open-transactions"));

  /**
   * @param stable says what a read-committed reader can reach
   * @param ends says where logs end with what is not decided yet
   * @param partitions those that the shards of the node follow
   * @param nanoTime the node's monotonic clock
   */
  public TransactionWatch(
      LogEnds stable,
      LogEnds ends,
      Supplier<Set<LogPartition>> partitions,
      LongSupplier nanoTime,
      MeterRegistry metrics) {
    this.stable = stable;
    this.ends = ends;
    this.partitions = partitions;
    this.nanoTime = nanoTime;
    this.held = WorkerMetric.OPEN_TRANSACTION.gauges(metrics);
    this.offsets = WorkerMetric.UNSTABLE_OFFSETS.gauges(metrics);
  }

  public void start() {
    long millis = EVERY.toMillis();
    thread.scheduleWithFixedDelay(this::lookOrSay, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void lookOrSay() {
    try {
      look();
    } catch (RuntimeException failure) {
      LOG.warn("transactions.unknown reason={}", failure.toString());
    }
  }

  /** Asks once, and waits for the answers. A partition without an answer stays as it was seen. */
  void look() {
    Set<LogPartition> followed = partitions.get();
    transactions.keep(followed);
    if (!followed.isEmpty()) {
      Map<LogPartition, CompletableFuture<Long>> reached = stable.ask(followed);
      Map<LogPartition, CompletableFuture<Long>> whole = ends.ask(followed);
      followed.forEach(each -> see(each, reached.get(each), whole.get(each)));
    }
    show();
  }

  private void see(
      LogPartition partition, CompletableFuture<Long> reached, CompletableFuture<Long> whole) {
    try {
      transactions.see(partition, reached.join(), whole.join(), nanoTime.getAsLong());
    } catch (CompletionException noAnswer) {
      LOG.debug("transactions.unanswered partition={}", partition, noAnswer);
    }
  }

  private void show() {
    List<MultiGauge.Row<?>> seconds = new ArrayList<>();
    List<MultiGauge.Row<?>> behind = new ArrayList<>();
    transactions
        .byTable(nanoTime.getAsLong())
        .forEach(
            (table, how) -> {
              seconds.add(
                  MultiGauge.Row.of(WorkerMetric.OPEN_TRANSACTION.tags(table), how.nanos() / 1e9));
              behind.add(
                  MultiGauge.Row.of(WorkerMetric.UNSTABLE_OFFSETS.tags(table), how.offsets()));
            });
    held.register(seconds, true);
    offsets.register(behind, true);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
