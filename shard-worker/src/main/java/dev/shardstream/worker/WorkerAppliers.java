package dev.shardstream.worker;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.worker.apply.Adoption;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.apply.ApplyMetrics;
import dev.shardstream.worker.apply.ApplySettings;
import dev.shardstream.worker.apply.Beginning;
import dev.shardstream.worker.apply.LogDecoder;
import dev.shardstream.worker.catalog.Catalog;
import dev.shardstream.worker.config.WorkerConfig;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.verify.Verifier;
import java.util.function.Consumer;

/**
 * Makes the appliers of a worker's shards.
 *
 * @param adopted called when a shard follows another definition of its table
 * @param stateChanged called when a shard fails or works again
 */
record WorkerAppliers(
    WorkerConfig config,
    WorkerKafka kafka,
    Registry registry,
    Verifier verifier,
    Catalog catalog,
    Beginning beginning,
    ApplyMetrics metrics,
    Consumer<ShardFile> adopted,
    Runnable stateChanged)
    implements ShardRegistry.AppliersFactory {
  @Override
  public Applier make(ShardFile file, PositionBoard board) {
    Table table = file.definition().table();
    return new Applier(
        file,
        new Applier.Source(
            config.topics().log(Tables.id(table)),
            () -> kafka.logConsumer(file.ref()),
            new LogDecoder(table, registry),
            beginning),
        new Adoption(file, catalog, adopted),
        board,
        new VerifierFences(file, verifier),
        settings(),
        metrics,
        stateChanged);
  }

  private ApplySettings settings() {
    return new ApplySettings(
        config.getInt(WorkerConfig.APPLY_BATCH_CHANGES),
        config.getInt(WorkerConfig.APPLY_BATCH_BYTES),
        config.millis(WorkerConfig.APPLY_POLL),
        config.millis(WorkerConfig.APPLY_LINGER),
        config.millis(WorkerConfig.APPLY_RETRY_MAX),
        config.getInt(WorkerConfig.REJECTIONS_KEPT));
  }
}
