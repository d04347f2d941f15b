package dev.shardstream.worker.apply;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.trace.LogField;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.ShardFile;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a table's log to one shard. Its thread owns the shard file from start to close.
 *
 * <p>Whatever goes wrong, it starts again from the positions in the file. Kafka or the registry
 * being away is no failure; everything else is shown in {@link #status()} until a batch succeeds. A
 * log that no longer holds the shard's position, or a broken file, stops it for good.
 */
public final class Applier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_AGAIN = Duration.ofMillis(100);

  /** Kafka's own limit is as long as {@link #STOP_LIMIT}, which has to do for a batch too. */
  private static final Duration CONSUMER_CLOSE_LIMIT = Duration.ofSeconds(5);

  private final ShardFile file;
  private final Source source;
  private final Adoption adoption;
  private final PositionBoard board;
  private final FenceWatch fences;
  private final ApplySettings settings;
  private final ApplyMetrics.OfShard metrics;
  private final Runnable stateChanged;
  private final ApplyStatus status = new ApplyStatus();
  private final OwnerQueue requests = new OwnerQueue();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private final Housekeeping housekeeping;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * Where the changes come from.
   *
   * @param topic the table's log
   * @param consumers makes a read-committed consumer without a reset policy
   * @param decoder used by this applier only
   * @param beginning for a shard that has not been at the end of its log yet
   */
  public record Source(
      String topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      LogDecoder decoder,
      Beginning beginning) {
    /** Of a log that has everything. */
    public Source(String topic, Supplier<Consumer<byte[], byte[]>> consumers, LogDecoder decoder) {
      this(topic, consumers, decoder, Beginning.WHERE_IT_IS);
    }
  }

  /**
   * @param stateChanged called when the shard fails or works again
   */
  public Applier(
      ShardFile file,
      Source source,
      Adoption adoption,
      PositionBoard board,
      FenceWatch fences,
      ApplySettings settings,
      ApplyMetrics metrics,
      Runnable stateChanged) {
    this.file = file;
    this.source = source;
    this.adoption = adoption;
    this.board = board;
    this.fences = fences;
    this.settings = settings;
    this.housekeeping = new Housekeeping(file, board, settings.rejectionsKept());
    this.metrics = metrics.of(file.ref());
    this.stateChanged = stateChanged;
    TraceScope scope =
        TraceScope.none()
            .with(LogField.TABLE, file.ref().tableId())
            .with(LogField.SHARD, file.ref().toString());
    this.thread = new Thread(() -> scope.run(this::run), "applier-" + file.ref());
    this.thread.setUncaughtExceptionHandler(this::ended);
  }

  public void start() {
    thread.start();
  }

  public ApplyStatus status() {
    return status;
  }

  /** Work for the owner thread, done between batches. */
  public OwnerQueue requests() {
    return requests;
  }

  /** Makes it look for work at once: the catalog may have another definition of its table. */
  public void wake() {
    Consumer<byte[], byte[]> polling = consumer;
    if (polling != null) {
      polling.wakeup();
    }
  }

  /** Ends after the batch in hand; the file stays open. Returns when the thread has ended. */
  @Override
  public void close() {
    stop.countDown();
    wake();
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    try {
      do {
        file.stopBuilding();
        thread.join(STOP_AGAIN.toMillis());
      } while (thread.isAlive() && System.nanoTime() - deadline < 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    requests.close();
    metrics.close();
    if (thread.isAlive()) {
      throw new ShardstreamException(
          ErrorCode.INTERNAL,
          "the applier of shard " + file.ref() + " did not stop within " + STOP_LIMIT);
    }
  }

  /**
   * Whether its thread has ended, by itself or because it was closed, and owns no file any more.
   */
  public boolean hasEnded() {
    return thread.getState() == Thread.State.TERMINATED;
  }

  private boolean stopping() {
    return stop.getCount() == 0;
  }

  private void run() {
    try {
      applyUntilTheEnd();
    } finally {
      // Nobody will do what waits, however it came to this.
      requests.close();
    }
  }

  private void applyUntilTheEnd() {
    LOG.info("apply.started shard={} positions={}", file.ref(), board.current().leastByPartition());
    Duration pause = FIRST_PAUSE;
    while (!stopping()) {
      long before = status.appliedChanges();
      try {
        follow();
      } catch (WakeupException stopRequested) {
        LOG.debug("apply.woken shard={}", file.ref());
      } catch (Exception failed) {
        file.noticed(failed);
        Exception failure = FileFailure.explained(file.path(), failed);
        if (isFinal(failure)) {
          fail(failure);
          break;
        }
        if (stopping()) {
          LOG.info("apply.cut_off shard={} reason={}", file.ref(), failure.toString());
          break;
        }
        pause = status.appliedChanges() > before ? FIRST_PAUSE : pause;
        report(failure, pause);
        waitFor(pause);
        pause = shorter(pause.multipliedBy(2), settings.retryMax());
      }
    }
    LOG.info("apply.stopped shard={} positions={}", file.ref(), board.current().leastByPartition());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private boolean isFinal(Exception failure) {
    return file.broken().isPresent()
        || failure instanceof ShardstreamException known && known.code() == ErrorCode.LOG_TRUNCATED;
  }

  private static boolean isTransient(Exception failure) {
    return failure instanceof RetriableException
        || failure instanceof ShardstreamException known
            && (known.code() == ErrorCode.REGISTRY_UNREACHABLE
                || known.code() == ErrorCode.STALE_SCHEMA
                || known.code() == ErrorCode.KAFKA_UNREACHABLE);
  }

  private void report(Exception failure, Duration pause) {
    if (isTransient(failure)) {
      metrics.waits(failure);
      LOG.warn(
          "apply.waiting shard={} retry_ms={} reason={}",
          file.ref(),
          pause.toMillis(),
          failure.toString());
    } else {
      fail(failure);
    }
  }

  private void fail(Throwable failure) {
    metrics.failed();
    String reason =
        failure instanceof ShardstreamException ? failure.getMessage() : failure.toString();
    if (status.failed(reason)) {
      LOG.error("apply.failed shard={}", file.ref(), failure);
      stateChanged.run();
    }
  }

  /** By no failure that anyone expects: shown, and left to whoever rules the process. */
  private void ended(Thread dead, Throwable error) {
    fail(error);
    Thread.UncaughtExceptionHandler ofAll = Thread.getDefaultUncaughtExceptionHandler();
    if (ofAll != null) {
      ofAll.uncaughtException(dead, error);
    }
  }

  private void waitFor(Duration pause) {
    try {
      stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stop.countDown();
      Thread.currentThread().interrupt();
    }
  }

  private void follow() throws SQLException, IOException {
    try (ReadConsumer opened = new ReadConsumer(source.consumers().get())) {
      consumer = opened.log();
      LogReader log = new LogReader(file.ref(), source.topic(), opened.log(), settings);
      if (!file.hasCaughtUp()) {
        begin(log);
      }
      follow(log);
    } finally {
      consumer = null;
    }
  }

  /** One that is closed within a limit. */
  private record ReadConsumer(Consumer<byte[], byte[]> log) implements AutoCloseable {
    @Override
    public void close() {
      log.close(CloseOptions.timeout(CONSUMER_CLOSE_LIMIT));
    }
  }

  private void begin(LogReader log) throws SQLException, IOException {
    if (adoption.isDue()) {
      adoption.toNewest();
    }
    source
        .beginning()
        .bring(
            file,
            log.starts(partitions()),
            positions -> {
              board.publish(positions);
              if (stopping()) {
                throw new WakeupException();
              }
            });
  }

  /** Those of a virtual shard that is taken from a snapshot at the moment too. */
  private Set<Integer> partitions() {
    int count = file.definition().table().getPartitions();
    return file.definition().virtualShards().stream()
        .map(v -> VirtualShards.partitionOf(v, count))
        .collect(Collectors.toSet());
  }

  private void follow(LogReader log) throws SQLException, IOException {
    try (CurrentWriter current = new CurrentWriter(file)) {
      log.start(current.writer().positions().leastByPartition());
      while (!stopping()) {
        requests.runAll();
        requireSound();
        if (adoption.isDue()) {
          current.change(adoption::toNewest);
        }
        List<ConsumerRecord<byte[], byte[]>> records = log.next();
        Map<Integer, Long> reached = log.reached();
        apply(current, records, reached);
        status.sawEnds(log.ends());
        if (!file.hasCaughtUp() && reached.equals(status.ends())) {
          current.change(file::caughtUp);
          LOG.info("apply.caught_up shard={}", file.ref());
          stateChanged.run();
        }
        if ((!records.isEmpty() || reached.equals(status.ends())) && status.works()) {
          LOG.info("apply.recovered shard={}", file.ref());
          stateChanged.run();
        }
        housekeeping.keep(current.writer(), log);
      }
    }
  }

  /** Somebody who read it may have found that it is broken. */
  private void requireSound() {
    file.broken()
        .ifPresent(
            reason -> {
              throw new ShardstreamException(ErrorCode.SHARD_FAILED, file.ref(), reason);
            });
  }

  private void apply(
      CurrentWriter current,
      List<ConsumerRecord<byte[], byte[]>> records,
      Map<Integer, Long> reached)
      throws SQLException {
    if (records.isEmpty() && !moves(current.writer(), reached)) {
      return;
    }
    List<LogEntry> entries = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> logged : records) {
      entries.add(source.decoder().read(logged));
    }
    Adoption.Need need = Adoption.Need.of(entries, fences::isArmed);
    if (!adoption.meets(need)) {
      current.change(() -> adoption.reach(need));
    }
    SegmentWriter writer = current.writer();
    for (Iterator<Segment> each = Segment.cut(entries, fences::isArmed).iterator();
        each.hasNext(); ) {
      Segment segment = each.next();
      commit(writer, segment, each.hasNext() ? segment.reached() : reached);
      atFences(writer, segment);
    }
  }

  /** A transaction marker moves the position without a record. */
  private static boolean moves(SegmentWriter writer, Map<Integer, Long> reached) {
    return reached.entrySet().stream()
        .anyMatch(
            each ->
                writer.positions().least(each.getKey()).orElse(Long.MAX_VALUE) < each.getValue());
  }

  private void commit(SegmentWriter writer, Segment segment, Map<Integer, Long> reached)
      throws SQLException {
    Segment ours =
        new Segment(segment.entries().stream().filter(writer::concerns).toList(), segment.fences());
    long started = System.nanoTime();
    SegmentWriter.Committed committed = writer.commit(ours, reached);
    metrics.committed(committed, Duration.ofNanos(System.nanoTime() - started));
    status.applied(committed.accepted() + committed.rejections().size());
    housekeeping.rejected(committed.rejections().size());
    board.publish(writer.positions());
  }

  private void atFences(SegmentWriter writer, Segment segment) throws SQLException {
    Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
    segment
        .fences()
        .values()
        .forEach(
            fence ->
                offsets
                    .computeIfAbsent(fence.fenceId(), id -> new TreeMap<>())
                    .put(fence.partition(), fence.offset()));
    for (Map.Entry<String, Map<Integer, Long>> fence : offsets.entrySet()) {
      fences.reached(fence.getKey(), fence.getValue(), writer.positions());
    }
  }
}
