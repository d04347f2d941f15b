package dev.shardstream.worker.snapshot;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import dev.shardstream.worker.FakeCatalog;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.apply.Adoption;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.apply.ApplyMetrics;
import dev.shardstream.worker.apply.ApplySettings;
import dev.shardstream.worker.apply.Beginning;
import dev.shardstream.worker.apply.FenceWatch;
import dev.shardstream.worker.apply.LogDecoder;
import dev.shardstream.worker.copy.Slice;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotBeginningTest {
  private static final String CLUSTER = "kafka-1";
  private static final int IDS = 60;

  /** 256 slices are files that are forced to the disk. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final ApplySettings SETTINGS =
      new ApplySettings(
          100, 1 << 20, Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(50), 1_000);
  private static final FenceWatch NO_FENCES =
      new FenceWatch() {
        @Override
        public boolean isArmed(String fenceId) {
          return false;
        }

        @Override
        public void reached(String fenceId, Map<Integer, Long> offsets, Positions positions) {}
      };

  @TempDir private Path directory;
  private final FakeLog log = new FakeLog();
  private final Random random = new Random(7);
  private final List<AutoCloseable> open = new ArrayList<>();
  private SnapshotStore store;

  /** Follows the log from its first record: what every other one has to become. */
  private Following whole;

  @BeforeEach
  void follow() throws Exception {
    store = SnapshotStores.open(directory.resolve("kept").toString());
    whole = following(file("whole", false), Beginning.WHERE_IT_IS);
    write(300);
    whole.catchUp();
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private void write(int changes) {
    for (int i = 0; i < changes; i++) {
      long id = random.nextInt(IDS);
      switch (random.nextInt(4)) {
        case 0 -> log.append(change(Op.INSERT, 1, id, 2, "inserted " + i));
        case 1 -> log.append(change(Op.DELETE, 1, id));
        case 2 -> log.append(change(Op.UPDATE, 1, id, 4, "u" + i));
        default -> log.append(change(Op.UPSERT, 1, id, 2, "put " + i, 3, i / 3.0));
      }
    }
  }

  private ShardFile file(String name, boolean madeAnew) throws Exception {
    Path path = directory.resolve(name).resolve("0.sqlite");
    ShardFile file =
        madeAnew
            ? ShardFile.makeAnew(
                path, Orders.SETTINGS, Orders.definition(0, Orders.ALL, ShardState.APPLYING))
            : ShardFile.create(
                path, Orders.SETTINGS, Orders.definition(0, Orders.ALL, ShardState.APPLYING));
    open.add(file);
    return file;
  }

  private Beginning snapshots() throws Exception {
    return new SnapshotBeginning(
        Optional.of(new SnapshotPlace(store, CLUSTER)), Files.createTempDirectory(directory, "t"));
  }

  private Following following(ShardFile file, Beginning beginning) throws Exception {
    PositionBoard board =
        new PositionBoard(file.ref(), PositionTable.read(file.writer()), Runnable::run);
    Applier applier =
        new Applier(
            file,
            new Applier.Source(
                FakeLog.TOPIC,
                log::consumer,
                new LogDecoder(Orders.TABLE, log.registry()),
                beginning),
            new Adoption(file, new FakeCatalog(), adopted -> {}),
            board,
            NO_FENCES,
            SETTINGS,
            new ApplyMetrics(new SimpleMeterRegistry()),
            () -> {});
    open.add(applier);
    applier.start();
    return new Following(file, board, applier);
  }

  private final class Following {
    private final ShardFile file;
    private final PositionBoard board;
    private final Applier applier;

    private Following(ShardFile file, PositionBoard board, Applier applier) {
      this.file = file;
      this.board = board;
      this.applier = applier;
    }

    Following catchUp() {
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  applier.status().failure().isPresent()
                      || file.hasCaughtUp()
                          && List.copyOf(board.current().leastByPartition().values())
                              .equals(log.ends()));
      assertThat(applier.status().failure()).isEmpty();
      return this;
    }

    List<String> rows() throws Exception {
      return Orders.dump(file.openReader());
    }
  }

  /** Takes a snapshot of what {@link #whole} is. */
  private SnapshotManifest snapshot(String name, long takenAt) throws Exception {
    return StoredSlices.of(whole.file, directory, store, name, CLUSTER, takenAt);
  }

  private void cut(SnapshotManifest behind) {
    behind.reached().forEach(log::truncate);
  }

  private void damage(SnapshotManifest manifest, int virtualShard) throws Exception {
    SnapshotSlice slice = manifest.slices().get(virtualShard);
    assertThat(slice.virtualShard()).isEqualTo(virtualShard);
    Path file = directory.resolve("kept").resolve(manifest.name()).resolve(slice.file());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void a_shard_whose_log_was_cut_is_what_it_would_be_had_it_applied_all_of_it() throws Exception {
    cut(snapshot("a", 1));
    write(200);
    whole.catchUp();

    Following anew = following(file("anew", true), snapshots()).catchUp();

    assertThat(anew.rows()).isEqualTo(whole.rows());
    assertThat(anew.board.current().held()).isEqualTo(whole.board.current().held());
    assertThat(anew.applier.status().appliedChanges()).isEqualTo(200);
  }

  @Test
  void a_shard_that_is_made_anew_begins_with_the_newest_snapshot() throws Exception {
    snapshot("old", 1);
    write(40);
    whole.catchUp();
    snapshot("new", 2);
    write(10);
    whole.catchUp();

    Following anew = following(file("anew", true), snapshots()).catchUp();

    assertThat(anew.rows()).isEqualTo(whole.rows());
    assertThat(anew.applier.status().appliedChanges()).isEqualTo(10);
  }

  @Test
  void a_shard_that_is_compared_with_its_log_applies_all_that_there_is() throws Exception {
    snapshot("a", 1);

    Following compared = following(file("compared", false), snapshots()).catchUp();

    assertThat(compared.rows()).isEqualTo(whole.rows());
    assertThat(compared.applier.status().appliedChanges()).isEqualTo(300);
  }

  @Test
  void where_the_newest_snapshot_is_damaged_an_older_one_is_taken() throws Exception {
    cut(snapshot("old", 1));
    write(40);
    whole.catchUp();
    SnapshotManifest newest = snapshot("new", 2);
    int damaged = Orders.virtualShard(3);
    damage(newest, damaged);

    Following anew = following(file("anew", true), snapshots()).catchUp();

    assertThat(anew.rows()).isEqualTo(whole.rows());
  }

  @Test
  void a_cut_log_without_a_snapshot_stops_the_shard() throws Exception {
    SnapshotManifest lost = snapshot("a", 1);
    cut(lost);
    damage(lost, 17);

    Following anew = following(file("anew", true), snapshots());
    await().atMost(LIMIT).until(() -> anew.applier.status().failure().isPresent());

    assertThat(anew.applier.status().failure())
        .hasValue(
            "Log of table default-orders-1, partition 0 no longer holds offset 0 (it starts at "
                + lost.reached().get(0)
                + "), which shard default-orders-1/0 needs: make it anew from a replica or a"
                + " snapshot (snapshot.place)");
    assertThat(anew.file.isServing()).isFalse();
  }

  @Test
  void a_slice_with_more_in_it_than_tables_is_not_taken() throws Exception {
    SnapshotManifest manifest = snapshot("a", 1);
    Path hostile = directory.resolve("hostile.sqlite");
    Files.copy(
        directory.resolve("kept").resolve("a").resolve(manifest.slices().get(3).file()), hostile);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + hostile);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE VIEW v AS SELECT randomblob(1000000000)");
    }
    ShardFile file = file("anew", true);
    file.forget(3);

    assertThatThrownBy(() -> Slice.takeInto(file, hostile, 3, KeyRanges.ALL))
        .hasMessageContaining("is not sound");
  }

  @Test
  void a_log_that_is_whole_is_enough_when_no_snapshot_can_be_read() throws Exception {
    damage(snapshot("a", 1), Orders.virtualShard(3));

    Following anew = following(file("anew", true), snapshots()).catchUp();

    assertThat(anew.rows()).isEqualTo(whole.rows());
  }

  /** One that answers no more after some slices. */
  private static final class LeavingStore implements SnapshotStore {
    private final SnapshotStore store;
    private int left;

    LeavingStore(SnapshotStore store, int slices) {
      this.store = store;
      this.left = slices;
    }

    @Override
    public String place() {
      return store.place();
    }

    @Override
    public void put(String key, Path file) {
      throw new UnsupportedOperationException(key);
    }

    @Override
    public boolean get(String key, Path target, long mostBytes) {
      if (key.endsWith(".sqlite") && left-- <= 0) {
        throw new ShardstreamException(ErrorCode.SNAPSHOT_STORE, place(), "it is away");
      }
      return store.get(key, target, mostBytes);
    }

    @Override
    public void delete(String key) {
      throw new UnsupportedOperationException(key);
    }

    @Override
    public void deleteAll(String name) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public List<String> names() {
      return store.names();
    }

    @Override
    public void close() {}
  }

  @Test
  void a_log_that_is_whole_is_enough_when_the_store_goes_away_meanwhile() throws Exception {
    snapshot("a", 1);
    LeavingStore leaving = new LeavingStore(store, 20);

    Following anew =
        following(
                file("anew", true),
                new SnapshotBeginning(
                    Optional.of(new SnapshotPlace(leaving, CLUSTER)),
                    Files.createTempDirectory(directory, "t")))
            .catchUp();

    assertThat(anew.rows()).isEqualTo(whole.rows());
    assertThat(leaving.left).as("asked once more, and not again").isEqualTo(-1);
  }

  @Test
  void a_taking_that_was_cut_off_is_done_again() throws Exception {
    cut(snapshot("a", 1));
    ShardFile file = file("anew", true);
    new SnapshotBeginning(
            Optional.of(new SnapshotPlace(store, CLUSTER)),
            Files.createTempDirectory(directory, "t"))
        .bring(file, Map.of(0, 1L, 1, 1L, 2, 1L, 3, 1L), positions -> {});
    file.forget(5);
    file.forget(200);

    Following anew = following(file, snapshots()).catchUp();

    assertThat(anew.rows()).isEqualTo(whole.rows());
  }

  @Test
  void snapshots_of_another_cluster_or_table_are_nobodys_beginning() throws Exception {
    cut(snapshot("a", 1));

    SnapshotPlace elsewhere = new SnapshotPlace(store, "kafka-2");

    assertThat(elsewhere.of(Orders.TABLE.getTableId())).isEmpty();
    assertThat(new SnapshotPlace(store, CLUSTER).of("default-orders-2")).isEmpty();
    assertThat(new SnapshotPlace(store, CLUSTER).of(Orders.TABLE.getTableId())).hasSize(1);
  }
}
