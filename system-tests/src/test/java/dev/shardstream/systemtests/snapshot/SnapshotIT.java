package dev.shardstream.systemtests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.DirectoryStore;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotInfo;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.standalone.snapshot.Restore;
import dev.shardstream.standalone.workload.AcknowledgedModel;
import dev.shardstream.standalone.workload.AcknowledgedModel.Differences;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.Reshards;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A table is kept, lost and had again. */
class SnapshotIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final long SEED = 11;
  private static final Duration LIMIT = Patience.ONE_STEP;

  @TempDir private Path directory;
  private final Shardstream client = CLUSTER.client();

  @Test
  void a_snapshot_is_restored_as_it_was_and_to_a_later_moment() throws Exception {
    client.execute(
        "CREATE TABLE kept (id BIGINT PRIMARY KEY, name TEXT NOT NULL, amount DOUBLE, big BIGINT,"
            + " data BLOB) WITH (SHARDS=2, PARTITIONS=4)");
    client.execute("CREATE INDEX kept_by_name ON kept (name)");
    DirectoryStore store = new DirectoryStore(directory.resolve("kept"));
    try (PositionedWrites writes = new PositionedWrites(client.writer("kept"), SEED)) {
      writes.write(2_000);
      writes.start();
      Reshards reshards = new Reshards(client);
      ReshardInfo reshard = reshards.start("kept", 3);
      int before = writes.acknowledged();
      SnapshotManifest manifest = client.snapshots().create("kept", store, "one", stored -> {});
      assertThat(writes.acknowledged()).isGreaterThan(before);
      reshards.completed(reshard);
      writes.stop();

      Instant moment = later(writes);
      AcknowledgedModel atMoment = writes.all("none");
      client.execute("DELETE FROM kept WHERE id >= 0");

      assertThat(SnapshotInfo.list(store))
          .singleElement()
          .satisfies(info -> assertThat(info.rows()).isEqualTo(manifest.rows()));
      restoresAsItWas(store, writes.at(manifest));
      Restore.Report report = restore(store, "earlier", moment.toString());
      assertThat(report.rows()).isEqualTo(atMoment.size());
      assertSame("earlier", atMoment);
      refuses(store, manifest);
    }
    for (String table : List.of("kept", "restored", "earlier")) {
      client.execute("DROP TABLE " + table);
    }
  }

  @Test
  void a_ranged_table_is_restored_with_its_split_points() {
    client.execute(
        "CREATE TABLE spans (k BIGINT PRIMARY KEY, v TEXT)"
            + " WITH (STRATEGY='range', SPLIT AT (100), PARTITIONS=1)");
    AcknowledgedModel model = new AcknowledgedModel();
    RowWriter writer = client.writer("spans");
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (long key = 0; key < 200; key++) {
      List<Object> row = List.of(key, "v" + key);
      sent.add(writer.insert(List.of("k", "v"), row));
      model.put(key, row);
    }
    writer.awaitApplied(sent.stream().map(CompletableFuture::join).toList());
    DirectoryStore store = new DirectoryStore(directory.resolve("ranges"));
    client.snapshots().create("spans", store, "one", stored -> {});

    assertThat(restore(store, "spans_again", null)).isEqualTo(new Restore.Report(200, 200, 0, 256));

    assertSame("spans_again", model);
    assertThat(new Reshards(client).shards("spans_again")).isEqualTo(2);
    client.execute("DROP TABLE spans");
    client.execute("DROP TABLE spans_again");
  }

  /** Some more writes, a new column among them, and a moment behind all of them. */
  private Instant later(PositionedWrites writes) {
    client.execute("ALTER TABLE kept ADD COLUMN note TEXT NOT NULL DEFAULT 'none'");
    writes.write(200);
    Instant moment = Instant.ofEpochMilli(System.currentTimeMillis());
    await("the clock goes on")
        .atMost(LIMIT)
        .until(() -> System.currentTimeMillis() > moment.toEpochMilli() + 5);
    return moment;
  }

  private void restoresAsItWas(SnapshotStore store, AcknowledgedModel model) {
    Restore.Report first = restore(store, "restored", null);
    assertThat(first).isEqualTo(new Restore.Report(model.size(), model.size(), 0, 256));
    assertSame("restored", model);
    assertThat(client.tables().listIndexes("restored"))
        .singleElement()
        .satisfies(index -> assertThat(index.name()).isEqualTo("restored_kept_by_name"));

    client.execute("DELETE FROM restored WHERE id < 100");
    long lost = model.keys().stream().filter(key -> key < 100).count();
    assertThat(restore(store, "restored", null))
        .isEqualTo(new Restore.Report(model.size(), lost, 0, 256));
    assertSame("restored", model);
  }

  private void refuses(SnapshotStore store, SnapshotManifest manifest) throws Exception {
    assertFails(
        () -> restore(store, "never", "1970-01-02 00:00:00"), ErrorCode.RESTORE_TOO_EARLY, "'one'");
    assertFails(
        () -> restore(store, "kept", null), ErrorCode.RESTORE_CONFLICT, "the snapshot was taken");
    client.execute("INSERT INTO restored VALUES (-1, 'of somebody else', 0.0, 0, x'00')");
    assertFails(
        () -> restore(store, "restored", null), ErrorCode.RESTORE_CONFLICT, "virtual shard");

    String file = manifest.slices().get(100).file();
    Path slice = directory.resolve("kept").resolve("one").resolve(file);
    byte[] bytes = Files.readAllBytes(slice);
    bytes[bytes.length / 2] ^= 1;
    Files.write(slice, bytes);
    assertFails(() -> restore(store, "never", null), ErrorCode.SNAPSHOT_DAMAGED, file);
    assertThat(client.tables().find("never")).isEmpty();

    AtomicInteger puts = new AtomicInteger();
    assertFails(
        () ->
            client
                .snapshots()
                .create(
                    "restored",
                    store,
                    "two",
                    stored -> {
                      if (puts.incrementAndGet() == 20) {
                        throw new ShardstreamException(ErrorCode.SNAPSHOT_STORE, "here", "full");
                      }
                    }),
        ErrorCode.SNAPSHOT_STORE,
        "full");
    assertThat(SnapshotInfo.list(store)).hasSize(1);
  }

  private Restore.Report restore(SnapshotStore store, String into, @Nullable String at) {
    return new Restore(client, Snapshot.open(store, "one"), into, line -> {})
        .run(at, directory.resolve("work"));
  }

  private void assertSame(String table, AcknowledgedModel model) {
    assertThat(model.compare(client.execute("SELECT * FROM " + table).rows()))
        .isEqualTo(new Differences(model.size(), 0, 0, 0, List.of()));
  }

  private static void assertFails(ThrowingCallable work, ErrorCode code, String words) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            error -> {
              assertThat(error.code()).as(error.getMessage()).isEqualTo(code);
              assertThat(error.getMessage()).contains(words);
            });
  }
}
