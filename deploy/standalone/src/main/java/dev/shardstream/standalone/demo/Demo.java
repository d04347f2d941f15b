package dev.shardstream.standalone.demo;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.workload.AcknowledgedModel;
import dev.shardstream.standalone.workload.AcknowledgedModel.Differences;
import dev.shardstream.standalone.workload.LiveReaders;
import dev.shardstream.standalone.workload.LiveWriters;
import dev.shardstream.standalone.workload.Orders;
import dev.shardstream.standalone.workload.WholeTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Loads orders, reshards them under load and compares the whole table with the model. */
public final class Demo {
  private static final String TABLE = "orders";
  private static final int WRITES_PER_SECOND_OF_EACH = 1500;
  private static final int LOAD_BATCH = 5000;
  private static final long SEED = 20261121;
  private static final Duration BETWEEN_READS = Duration.ofMillis(2);
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofMinutes(8);

  private final Map<String, String> clientSettings;
  private final DemoPlan plan;
  private final Progress progress;

  /**
   * @param clientSettings how to reach the cluster
   * @param plan sizes
   * @param progress told what happens
   */
  public Demo(Map<String, String> clientSettings, DemoPlan plan, Progress progress) {
    this.clientSettings = clientSettings;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Runs it once, on a cluster without a table {@code orders}.
   *
   * @throws ShardstreamException RESHARD_FAILED, and whatever the cluster answers
   */
  public DemoReport run() {
    try (Shardstream db = connect()) {
      db.execute(Orders.createTable(TABLE, plan.from()));
      AcknowledgedModel model = new AcknowledgedModel();
      load(db.writer(TABLE), model);
      long stableBelow = middleKey(model);
      LiveWriters.Plan writing =
          new LiveWriters.Plan(plan.writers(), WRITES_PER_SECOND_OF_EACH, stableBelow, SEED);
      progress.phase("Writers and readers start");
      try (LiveWriters writers = LiveWriters.start(db.writer(TABLE), model, writing);
          LiveReaders readers =
              LiveReaders.start(
                  this::connect,
                  TABLE,
                  model,
                  writers,
                  LiveReaders.Plan.strict(stableBelow, SEED, BETWEEN_READS))) {
        LockSupport.parkNanos(WARM_UP.toNanos());
        Resharding resharding = reshard(db, writers, readers);
        LockSupport.parkNanos(WARM_UP.toNanos());
        readers.stop();
        writers.stop();
        return judge(db, model, writers, readers, resharding);
      }
    }
  }

  private Shardstream connect() {
    return Shardstream.connect(clientSettings);
  }

  private void load(RowWriter writer, AcknowledgedModel model) {
    progress.begin("Loading", plan.rows(), "rows");
    Iterator<List<Object>> rows = Orders.rows(plan.rows()).iterator();
    while (rows.hasNext()) {
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      while (rows.hasNext() && sent.size() < LOAD_BATCH) {
        List<Object> row = rows.next();
        sent.add(writer.insert(Orders.COLUMNS, row));
        model.put((Long) row.get(0), row);
      }
      writer.awaitApplied(sent.stream().map(CompletableFuture::join).toList());
      progress.at(model.size());
    }
    progress.end();
  }

  private static long middleKey(AcknowledgedModel model) {
    List<Long> keys = model.keys();
    return keys.get(keys.size() / 2);
  }

  private record Resharding(
      ReshardInfo info, Duration took, long writes, Duration longestAckGap, Duration stalestRead) {}

  private Resharding reshard(Shardstream db, LiveWriters writers, LiveReaders readers) {
    writers.watchGaps();
    readers.watchStaleness();
    long writesBefore = writers.acknowledged();
    long begin = System.nanoTime();
    ReshardInfo started = db.reshards().start(TABLE, plan.to());
    progress.phase(
        "PRAGMA reshardTable('%s', %d): %s".formatted(TABLE, plan.to(), started.changeLogId()));
    ReshardInfo info = started;
    while (!info.ended() && System.nanoTime() - begin < LONGEST.toNanos()) {
      info = db.reshards().await(started.changeLogId(), Duration.ofMillis(250));
      progress.reshard(info, writers.acknowledged() - writesBefore, readers.reads());
    }
    progress.end();
    if (!info.succeeded()) {
      throw new ShardstreamException(
          ErrorCode.RESHARD_FAILED,
          info.changeLogId(),
          TABLE,
          info.status() + ": " + info.errorMessage());
    }
    return new Resharding(
        info,
        Duration.ofNanos(System.nanoTime() - begin),
        writers.acknowledged() - writesBefore,
        writers.longestGap(),
        readers.maxStaleness());
  }

  private DemoReport judge(
      Shardstream db,
      AcknowledgedModel model,
      LiveWriters writers,
      LiveReaders readers,
      Resharding resharding) {
    progress.phase("Comparing the whole table with the model of acknowledged writes");
    LiveWriters.Verdict verdict = writers.settle();
    Differences differences = model.compare(new WholeTable(db, TABLE));
    List<String> examples = new ArrayList<>(differences.examples());
    verdict.wrong().stream().limit(10).forEach(examples::add);
    writers.failures().stream().limit(10).forEach(examples::add);
    readers.errors().stream().limit(10).forEach(examples::add);
    readers.anomalies().stream().limit(10).forEach(examples::add);
    ReshardInfo info = resharding.info();
    long copyMillis = Math.max(1, info.phaseMillis().getOrDefault("copying", 1L));
    return new DemoReport(
        differences.rows(),
        info.sourceShards(),
        info.targetShards(),
        writers.acknowledged(),
        resharding.writes(),
        verdict.rejected(),
        differences.lost(),
        differences.duplicated(),
        differences.differing() + verdict.wrong().size() + writers.failures().size(),
        readers.errors().size(),
        readers.anomalies().size(),
        resharding.longestAckGap().toMillis(),
        resharding.stalestRead().toMillis(),
        info.rowsCopied(),
        info.rowsCopiedLocally(),
        info.rowsCopied() * 1000 / copyMillis,
        info.replayedChanges(),
        info.digestsCompared(),
        info.mismatches(),
        info.phaseMillis(),
        resharding.took().toMillis(),
        readers.reads(),
        examples);
  }
}
