package dev.shardstream.worker.fresh;

import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks where the logs of a node's shards end, of all of them together: every second, and at once
 * when a reader waits for it.
 */
public final class FreshnessWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FreshnessWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** However many wait, not more often. */
  private static final Duration LEAST_PAUSE = Duration.ofMillis(20);

  /** Each holds a thread of the HTTP server, which has to serve others while Kafka is away. */
  private static final int MOST_WAITERS = 64;

  private final LogEnds logs;
  private final LongSupplier nanoTime;
  private final MultiGauge staleness;
  private final Set<Freshness> watched = ConcurrentHashMap.newKeySet();

  /** Those whose last question was not answered. */
  private final Set<ShardRef> unanswered = ConcurrentHashMap.newKeySet();

  private final Semaphore places = new Semaphore(MOST_WAITERS);
  private final Semaphore wanted = new Semaphore(0);
  private final Thread thread = new Thread(this::run, "freshness");
  private volatile boolean stopping;

  /**
   * @param nanoTime the node's monotonic clock
   */
  public FreshnessWatch(LogEnds logs, LongSupplier nanoTime, MeterRegistry metrics) {
    this.logs = logs;
    this.nanoTime = nanoTime;
    this.staleness = WorkerMetric.LAG_SECONDS.gauges(metrics);
    WorkerMetric.UNANSWERED.gauge(metrics, unanswered::size);
    this.thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** The freshness of a shard, asked for until it is closed. */
  public Freshness of(ShardRef ref, PositionBoard board) {
    Freshness shard = new Freshness(ref, board, nanoTime, places, wanted::release, this::forget);
    watched.add(shard);
    return shard;
  }

  private void forget(Freshness closed) {
    watched.remove(closed);
    unanswered.remove(closed.ref());
  }

  private void run() {
    try {
      while (!stopping) {
        round();
        TimeUnit.MILLISECONDS.sleep(LEAST_PAUSE.toMillis());
        if (wanted.tryAcquire(EVERY.minus(LEAST_PAUSE).toMillis(), TimeUnit.MILLISECONDS)) {
          wanted.drainPermits();
        }
      }
    } catch (InterruptedException stop) {
      LOG.debug("freshness.stopped");
    }
  }

  /** Asks once for all shards that have a question; answers are taken as they come. */
  void round() {
    List<Freshness.Question> questions = new ArrayList<>();
    watched.forEach(shard -> shard.question().ifPresent(questions::add));
    show();
    if (questions.isEmpty()) {
      return;
    }
    Set<LogPartition> partitions =
        questions.stream()
            .flatMap(question -> question.partitions().stream())
            .collect(Collectors.toUnmodifiableSet());
    Map<LogPartition, CompletableFuture<Long>> ends;
    try {
      ends = logs.ask(partitions);
    } catch (RuntimeException failure) {
      questions.forEach(question -> unanswered(question, failure));
      return;
    }
    questions.forEach(question -> await(question, ends));
  }

  /** A partition without an answer keeps only those shards waiting that need it. */
  private void await(Freshness.Question question, Map<LogPartition, CompletableFuture<Long>> ends) {
    Set<LogPartition> needed = question.partitions();
    CompletableFuture.allOf(needed.stream().map(ends::get).toArray(CompletableFuture<?>[]::new))
        .whenComplete(
            (all, failure) -> {
              if (failure == null) {
                answered(question, ends);
              } else {
                unanswered(question, failure);
              }
            });
  }

  private void answered(
      Freshness.Question question, Map<LogPartition, CompletableFuture<Long>> ends) {
    Map<LogPartition, Long> answers = new HashMap<>();
    question.partitions().forEach(each -> answers.put(each, ends.get(each).join()));
    question.answered(answers);
    if (unanswered.remove(question.shard())) {
      LOG.info("freshness.answered shard={}", question.shard());
    }
  }

  private void unanswered(Freshness.Question question, Throwable failure) {
    question.unanswered();
    if (!stopping && unanswered.add(question.shard())) {
      LOG.warn("freshness.unanswered shard={} reason={}", question.shard(), failure.toString());
    }
  }

  private void show() {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (Freshness shard : watched) {
      Tags tags =
          WorkerMetric.LAG_SECONDS.tags(
              shard.ref().tableId(), Integer.toString(shard.ref().shardId()));
      shard
          .staleness()
          .ifPresent(known -> rows.add(MultiGauge.Row.of(tags, shard, FreshnessWatch::seconds)));
    }
    staleness.register(rows, true);
  }

  private static double seconds(Freshness shard) {
    return shard.staleness().map(known -> known.toNanos() / 1e9).orElse(Double.NaN);
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join(EVERY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
