package dev.shardstream.worker.apply;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.worker.FakeCatalog;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.Transaction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplierTest {
  private static final ApplySettings SETTINGS =
      new ApplySettings(
          100, 1 << 20, Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(50), 1_000);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private final FakeCatalog catalog = new FakeCatalog();
  private final List<String> adopted = new CopyOnWriteArrayList<>();
  private final List<String> atFences = new CopyOnWriteArrayList<>();
  private final AtomicInteger stateChanges = new AtomicInteger();
  private final AtomicBoolean registryAway = new AtomicBoolean();
  private ShardFile file;
  private PositionBoard board;
  private Applier applier;

  @BeforeEach
  void create() throws Exception {
    file =
        ShardFile.create(
            directory.resolve("0.sqlite"),
            Orders.SETTINGS,
            Orders.definition(0, Orders.ALL, ShardState.APPLYING));
    board = new PositionBoard(file.ref(), PositionTable.read(file.writer()), Runnable::run);
  }

  @AfterEach
  void close() throws Exception {
    applier.close();
    file.close();
  }

  private void follow() {
    applier =
        new Applier(
            file,
            new Applier.Source(
                FakeLog.TOPIC, log::consumer, new LogDecoder(Orders.TABLE, flakyRegistry())),
            new Adoption(
                file,
                catalog,
                shard ->
                    adopted.add(
                        shard.definition().table().getSchemaVersion() + " " + shard.indexes())),
            board,
            new RecordingFences(),
            SETTINGS,
            new ApplyMetrics(new SimpleMeterRegistry()),
            stateChanges::incrementAndGet);
    applier.start();
  }

  private final class RecordingFences implements FenceWatch {
    @Override
    public boolean isArmed(String fenceId) {
      return fenceId.startsWith("armed");
    }

    @Override
    public void reached(String fenceId, Map<Integer, Long> offsets, Positions positions) {
      offsets.forEach(
          (partition, offset) ->
              atFences.add(
                  fenceId
                      + " "
                      + partition
                      + "@"
                      + offset
                      + " position="
                      + positions.least(partition).orElseThrow()
                      + " rows="
                      + positions.rows()));
    }
  }

  private Registry flakyRegistry() {
    Registry real = log.registry();
    return new Registry() {
      @Override
      public int register(String subject, Schema schema) {
        return real.register(subject, schema);
      }

      @Override
      public Optional<Schema> byId(int id) {
        if (registryAway.get()) {
          throw new ShardstreamException(ErrorCode.REGISTRY_UNREACHABLE, "http://gone", 1);
        }
        return real.byId(id);
      }

      @Override
      public void requireBackwardCompatibility(String subject) {
        real.requireBackwardCompatibility(subject);
      }

      @Override
      public void deleteSubject(String subject) {
        real.deleteSubject(subject);
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }

  private void awaitPosition(int partition, long position) {
    await().until(() -> board.current().least(partition).orElseThrow() >= position);
  }

  @Test
  void a_shard_follows_its_log_and_goes_on_where_it_stopped() throws Exception {
    for (long id = 0; id < 300; id++) {
      log.append(change(Op.INSERT, 1, id, 2, "c" + id));
    }
    follow();
    await().until(() -> board.current().rows() == 300);
    applier.close();
    log.append(change(Op.UPDATE, 1, 7L, 2, "changed"));
    long last = log.append(change(Op.INSERT, 1, 7L, 2, "refused"));
    board = new PositionBoard(file.ref(), PositionTable.read(file.writer()), Runnable::run);
    follow();
    awaitPosition(Orders.partition(7), last + 1);
    assertThat(applier.status().appliedChanges()).isEqualTo(2);
    await().until(() -> applier.status().ends().getOrDefault(Orders.partition(7), -1L) == last + 1);
    applier.close();
    assertThat(Orders.rows(file.writer(), "SELECT c2 FROM \"default-orders-1\" WHERE c1 = 7"))
        .containsExactly("changed");
    assertThat(RejectionTable.unpublished(file.writer(), 10))
        .singleElement()
        .satisfies(rejection -> assertThat(rejection.code()).isEqualTo("DUPLICATE_KEY"));
  }

  @Test
  void a_record_that_cannot_be_read_does_not_stop_the_shard() throws Exception {
    log.append(0, new byte[] {1}, new byte[] {2});
    for (long id = 0; id < 50; id++) {
      log.append(change(Op.INSERT, 1, id, 2, "c"));
    }
    follow();
    await().until(() -> board.current().rows() == 50);
    applier.close();
    assertThat(RejectionTable.unpublished(file.writer(), 10))
        .singleElement()
        .satisfies(rejection -> assertThat(rejection.code()).isEqualTo("POISON"));
    assertThat(applier.status().failure()).isEmpty();
  }

  @Test
  void at_a_fence_everything_before_it_is_committed_and_nothing_behind_it() {
    int partition = Orders.partition(1);
    log.append(change(Op.INSERT, 1, 1L, 2, "before"));
    log.fence(partition, "ignored");
    log.append(change(Op.UPSERT, 1, 1L, 2, "before"));
    long fence = log.fence(partition, "armed");
    long after = log.append(change(Op.DELETE, 1, 1L));
    follow();
    awaitPosition(partition, after + 1);
    assertThat(atFences)
        .containsExactly(
            "armed " + partition + "@" + fence + " position=" + (fence + 1) + " rows=1");
    assertThat(board.current().rows()).isZero();
  }

  @Test
  void a_rule_holds_from_its_place_in_the_log_until_it_is_lifted_and_over_a_restart()
      throws Exception {
    int partition = Orders.partition(1);
    log.append(change(Op.INSERT, 1, 1L, 2, "before", 4, null));
    log.append(partition, null, log.encode(noteNotNull(true)));
    long first = log.append(change(Op.UPDATE, 1, 1L, 4, null));
    follow();
    awaitPosition(partition, first + 1);
    applier.close();
    long second = log.append(change(Op.UPDATE, 1, 1L, 4, null));
    log.append(change(Op.UPDATE, 1, 1L, 4, "x"));
    log.append(partition, null, log.encode(noteNotNull(false)));
    long last = log.append(change(Op.UPDATE, 1, 1L, 2, "after", 4, null));
    board = new PositionBoard(file.ref(), PositionTable.read(file.writer()), Runnable::run);
    follow();
    awaitPosition(partition, last + 1);
    applier.close();
    assertThat(RejectionTable.unpublished(file.writer(), 10))
        .extracting(Rejection::offset, Rejection::code, Rejection::message)
        .containsExactly(
            tuple(first, "NOT_NULL", "Column 'note' of table 'orders' must not be NULL"),
            tuple(second, "NOT_NULL", "Column 'note' of table 'orders' must not be NULL"));
    assertThat(Orders.rows(file.writer(), "SELECT c2, c4, _version FROM \"default-orders-1\""))
        .containsExactly("after|null|" + last);
    assertThat(Orders.rows(file.writer(), "SELECT * FROM _rules")).isEmpty();
  }

  private static Rule noteNotNull(boolean enforced) {
    return new Rule(
        "n4", Orders.TABLE.getTableId(), RuleKind.NOT_NULL, List.of(4), "note", true, enforced);
  }

  @Test
  void a_log_that_lost_the_shards_position_stops_it_with_a_clear_error() {
    int partition = Orders.partition(1);
    for (int i = 0; i < 10; i++) {
      log.append(change(Op.UPSERT, 1, 1L, 2, "c"));
    }
    log.truncate(partition, 4);
    follow();
    await().until(applier::hasEnded);
    assertThat(applier.status().failure())
        .hasValue(
            "Log "
                + FakeLog.TOPIC
                + "-"
                + partition
                + " no longer holds offset 0 (it starts at 4), which shard default-orders-1/0"
                + " needs: make it anew from a replica or a snapshot (snapshot.place)");
    assertThat(board.current().rows()).isZero();
    assertThat(stateChanges).hasValue(1);
    assertThat(applier.requests().submit(() -> {})).isCompletedExceptionally();
  }

  @Test
  void a_registry_that_is_away_delays_changes_and_rejects_none() throws Exception {
    registryAway.set(true);
    log.append(change(Op.UPSERT, 1, 1L, 2, "c"));
    follow();
    await().during(Duration.ofMillis(300)).until(() -> board.current().rows() == 0);
    assertThat(applier.status().failure()).isEmpty();
    registryAway.set(false);
    await().until(() -> board.current().rows() == 1);
    applier.close();
    assertThat(RejectionTable.unpublished(file.writer(), 10)).isEmpty();
  }

  @Test
  void a_shard_that_cannot_write_shows_it_and_recovers() throws Exception {
    Transaction.execute(
        file.writer(),
        "CREATE TRIGGER fail BEFORE INSERT ON _positions BEGIN SELECT RAISE(ABORT, 'disk full');"
            + " END");
    log.append(change(Op.UPSERT, 1, 1L, 2, "c"));
    follow();
    await().until(() -> applier.status().failure().isPresent());
    assertThat(applier.status().failure().orElseThrow()).contains("disk full");
    applier.requests().submit(() -> Transaction.execute(file.writer(), "DROP TRIGGER fail")).join();
    await().until(() -> board.current().rows() == 1);
    await().until(() -> applier.status().failure().isEmpty());
    assertThat(stateChanges.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void requests_run_in_the_owners_thread_until_it_is_gone() {
    follow();
    List<String> threads = new ArrayList<>();
    assertThat(applier.requests().submit(() -> threads.add(Thread.currentThread().getName())))
        .succeedsWithin(Duration.ofMinutes(1));
    assertThat(threads).containsExactly("applier-default-orders-1/0");
    applier.close();
    assertThat(applier.requests().submit(() -> threads.add("never"))).isCompletedExceptionally();
  }

  @Test
  void a_consumer_that_does_not_close_leaves_the_applier_time_to_end() {
    follow();
    log.append(change(Op.INSERT, 1, 1L, 2, "a"));
    await().until(() -> board.current().rows() == 1);
    applier.close();
    assertThat(log.closeLimit()).hasValue(Duration.ofSeconds(5));
  }

  @Test
  void a_change_of_a_later_version_waits_for_the_catalog_and_loses_nothing() throws Exception {
    Table two = Versions.add(Orders.TABLE, "qty", TypeName.INTEGER, 7L);
    log.append(change(Op.INSERT, 1, 1L, 2, "before"));
    follow();
    await().until(() -> board.current().rows() == 1);
    log.append(two, change(RowVersion.of(two), Op.INSERT, null, 1, 2L, 2, "later", 6, 9L));
    log.append(change(Op.INSERT, 1, 3L, 2, "older writer"));
    await().during(Duration.ofMillis(1_500)).until(() -> file.shape().columns().size() == 5);
    assertThat(applier.status().failure()).isEmpty();
    catalog.put(two);
    await().until(() -> board.current().rows() == 3);
    applier.close();
    assertThat(Orders.rows(file.writer(), "SELECT c1, c6 FROM \"default-orders-1\" ORDER BY c1"))
        .containsExactly("1|7", "2|9", "3|7");
    assertThat(RejectionTable.unpublished(file.writer(), 10)).isEmpty();
  }

  @Test
  void a_shard_adopts_what_the_catalog_has_when_it_is_woken_and_says_so_once() {
    catalog.put(Orders.TABLE);
    follow();
    await().until(() -> adopted.equals(List.of("1 []")));
    catalog.put(Versions.index(Versions.eight().get(2), 3));
    applier.wake();
    await().until(() -> adopted.equals(List.of("1 []", "3 []", "3 [1]")));
    log.append(change(Op.INSERT, 1, 1L, 2, "still read"));
    await().until(() -> board.current().rows() == 1);
    assertThat(adopted).hasSize(3);
  }

  @Test
  void a_shard_that_starts_again_says_again_what_it_has() {
    catalog.put(Versions.eight().get(1));
    follow();
    await().until(() -> adopted.equals(List.of("2 []")));
    applier.close();
    follow();
    await().until(() -> adopted.equals(List.of("2 []", "2 []")));
  }

  @Test
  void at_an_armed_fence_a_shard_is_at_the_fences_version() {
    int partition = Orders.partition(1);
    log.append(change(Op.INSERT, 1, 1L, 2, "a"));
    log.fence(partition, "ignored", 9);
    long fence = log.fence(partition, "armed", 2);
    follow();
    await().during(Duration.ofMillis(300)).until(atFences::isEmpty);
    catalog.put(Versions.eight().get(1));
    await().until(() -> !atFences.isEmpty());
    assertThat(board.current().least(partition)).hasValue(fence + 1);
    assertThat(file.definition().table().getSchemaVersion()).isEqualTo(2);
    assertThat(atFences).hasSize(1);
  }
}
