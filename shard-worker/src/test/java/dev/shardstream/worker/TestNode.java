package dev.shardstream.worker;

import dev.shardstream.worker.apply.Adoption;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.apply.ApplyMetrics;
import dev.shardstream.worker.apply.ApplySettings;
import dev.shardstream.worker.apply.LogDecoder;
import dev.shardstream.worker.fresh.FreshnessWatch;
import dev.shardstream.worker.node.DataDirectory;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.verify.Verifier;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A node without Kafka: its shards follow a {@link FakeLog}. */
public record TestNode(
    DataDirectory directory,
    ShardRegistry shards,
    FreshnessWatch freshness,
    Verifier verifier,
    FakeCatalog catalog)
    implements AutoCloseable {
  private static final ApplySettings SETTINGS =
      new ApplySettings(
          1_000, 1 << 20, Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(50), 1_000);

  public static TestNode open(Path root, FakeLog log) {
    DataDirectory directory = DataDirectory.open(root);
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    Verifier verifier = new Verifier(1, metrics);
    FakeCatalog catalog = new FakeCatalog();
    FreshnessWatch freshness = new FreshnessWatch(log, System::nanoTime, metrics);
    freshness.start();
    ShardRegistry shards =
        new ShardRegistry(
            directory,
            Orders.SETTINGS,
            4,
            (file, board) ->
                new Applier(
                    file,
                    new Applier.Source(
                        FakeLog.TOPIC, log::consumer, new LogDecoder(Orders.TABLE, log.registry())),
                    new Adoption(file, catalog, adopted -> {}),
                    board,
                    new VerifierFences(file, verifier),
                    SETTINGS,
                    new ApplyMetrics(metrics),
                    () -> {}),
            freshness,
            Runnable::run,
            () -> {});
    return new TestNode(directory, shards, freshness, verifier, catalog);
  }

  @Override
  public void close() throws IOException {
    shards.close();
    freshness.close();
    verifier.close();
    directory.close();
  }
}
