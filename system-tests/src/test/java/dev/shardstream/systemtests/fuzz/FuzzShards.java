package dev.shardstream.systemtests.fuzz;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.worker.apply.Adoption;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.apply.ApplyMetrics;
import dev.shardstream.worker.apply.ApplySettings;
import dev.shardstream.worker.apply.FenceWatch;
import dev.shardstream.worker.apply.LogDecoder;
import dev.shardstream.worker.catalog.Catalog;
import dev.shardstream.worker.fresh.FreshnessWatch;
import dev.shardstream.worker.fresh.LogPartition;
import dev.shardstream.worker.node.DataDirectory;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A node with one shard of {@link FuzzTable}: all of it is real but Kafka. */
final class FuzzShards implements AutoCloseable {
  private static final ApplySettings SETTINGS =
      new ApplySettings(
          1_000, 1 << 20, Duration.ofMillis(2), Duration.ZERO, Duration.ofMillis(50), 1_000_000);

  private final FuzzLog log;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final DataDirectory directory;
  private final FreshnessWatch freshness;
  private final ShardRegistry shards;

  FuzzShards(Path root, FuzzLog log) throws Exception {
    this.log = log;
    this.directory = DataDirectory.open(root);
    this.freshness =
        new FreshnessWatch(
            partitions ->
                partitions.stream().collect(Collectors.toMap(Function.identity(), this::end)),
            System::nanoTime,
            metrics);
    this.shards =
        new ShardRegistry(
            directory, FuzzTable.SETTINGS, 4, this::applier, freshness, Runnable::run, () -> {});
    freshness.start();
    shards.create(FuzzTable.shard());
  }

  private CompletableFuture<Long> end(LogPartition partition) {
    return CompletableFuture.completedFuture(log.ends().get(partition.partition()));
  }

  private Applier applier(ShardFile file, PositionBoard board) {
    return new Applier(
        file,
        new Applier.Source(
            FuzzLog.TOPIC, log::consumer, new LogDecoder(FuzzTable.TABLE, log.registry())),
        new Adoption(file, new NoNews(), adopted -> {}),
        board,
        new NobodyWaits(),
        SETTINGS,
        new ApplyMetrics(metrics),
        () -> {});
  }

  ShardRegistry shards() {
    return shards;
  }

  Path temporary() {
    return directory.temporary();
  }

  HostedShard shard() {
    return shards.require(new ShardRef(FuzzTable.ID, 0));
  }

  /** How often applying has failed. */
  double failures() {
    return metrics.find("shardstream_worker_apply_failures_total").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  /** How many changes were accepted, and how many refused. */
  double decided() {
    return metrics.getMeters().stream()
        .filter(meter -> meter.getId().getName().endsWith("ed_changes_total"))
        .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
        .mapToDouble(measured -> measured.getValue())
        .sum();
  }

  @Override
  public void close() throws IOException {
    shards.close();
    freshness.close();
    directory.close();
  }

  private static final class NoNews implements Catalog {
    @Override
    public Optional<Table> newest(String tableId) {
      return Optional.of(FuzzTable.TABLE);
    }

    @Override
    public Optional<TraceContext> trace(String tableId) {
      return Optional.empty();
    }

    @Override
    public Optional<Table> await(String tableId, Predicate<Table> wanted, Duration maxWait) {
      return newest(tableId);
    }
  }

  private static final class NobodyWaits implements FenceWatch {
    @Override
    public boolean isArmed(String fenceId) {
      return false;
    }

    @Override
    public void reached(String fenceId, Map<Integer, Long> offsets, Positions positions) {
      throw new AssertionError("nobody waits for fence " + fenceId);
    }
  }
}
