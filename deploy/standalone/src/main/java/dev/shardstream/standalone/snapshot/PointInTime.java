package dev.shardstream.standalone.snapshot;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.kafka.SchemaVersions;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.apply.ApplySettings;
import dev.shardstream.worker.apply.BoundedReplay;
import dev.shardstream.worker.apply.LogDecoder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A moment behind a snapshot, found in the log of its table, and the way there. */
final class PointInTime {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ApplySettings SETTINGS =
      new ApplySettings(
          20_000, 16 << 20, Duration.ofMillis(200), Duration.ZERO, Duration.ofSeconds(1), 1_000);

  private final ClientConfig config;
  private final KafkaClients kafka;
  private final SnapshotManifest manifest;
  private final Moment moment;
  private final Map<Integer, Long> bounds;

  private PointInTime(
      ClientConfig config, SnapshotManifest manifest, Moment moment, Map<Integer, Long> bounds) {
    this.config = config;
    this.kafka = new KafkaClients(config);
    this.manifest = manifest;
    this.moment = moment;
    this.bounds = bounds;
  }

  /**
   * Finds a moment.
   *
   * @throws ShardstreamException RESTORE_TOO_EARLY, RESTORE_NO_LOG, INVALID_ARGUMENT
   */
  static PointInTime find(Shardstream shardstream, SnapshotManifest manifest, Moment moment) {
    String here = shardstream.snapshots().kafkaCluster();
    if (!here.equals(manifest.kafkaCluster())) {
      throw new ShardstreamException(
          ErrorCode.RESTORE_NO_LOG,
          manifest.name(),
          "it was taken of Kafka cluster %s, and this is %s"
              .formatted(manifest.kafkaCluster(), here));
    }
    ClientConfig config = shardstream.config();
    KafkaClients kafka = new KafkaClients(config);
    try (Consumer<byte[], byte[]> consumer = consumer(kafka)) {
      Map<Integer, Long> bounds =
          new LogBounds(manifest, consumer, log(config, manifest))
              .of(moment, System.currentTimeMillis());
      return new PointInTime(config, manifest, moment, bounds);
    }
  }

  private static Consumer<byte[], byte[]> consumer(KafkaClients kafka) {
    return kafka.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer(), Map.of());
  }

  private static String log(ClientConfig config, SnapshotManifest manifest) {
    return config.topics().log(new TableId(manifest.definition().getTableId()));
  }

  /**
   * Brings a working copy there.
   *
   * @return changes that were accepted on the way
   */
  long bring(WorkingCopy copy) throws SQLException {
    Registry registry = ConfluentRegistry.connect(config);
    try {
      List<SchemaVersion> versions =
          new SchemaVersions(config, kafka, new Events(registry)).of(copy.table().getTableId());
      copy.file().buildIndexes();
      Applier.Source source =
          new Applier.Source(
              log(config, manifest), () -> consumer(kafka), new LogDecoder(copy.table(), registry));
      long accepted =
          new BoundedReplay(
                  copy.file(),
                  source,
                  SETTINGS,
                  versions.stream().map(SchemaVersion::getTable).toList())
              .upTo(bounds, PATIENCE);
      adoptThatOfTheMoment(copy, versions);
      return accepted;
    } finally {
      registry.close();
    }
  }

  /** Offsets say nothing about a time: then the definition is the one that the changes needed. */
  private void adoptThatOfTheMoment(WorkingCopy copy, List<SchemaVersion> versions)
      throws SQLException {
    if (!(moment instanceof Moment.Time time)) {
      return;
    }
    for (SchemaVersion version : versions) {
      Table table = version.getTable();
      if (version.getAt() <= time.millis()
          && table.getSchemaVersion() > copy.table().getSchemaVersion()) {
        copy.file().adopt(table);
      }
    }
  }
}
