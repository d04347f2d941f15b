package dev.shardstream.worker.copy;

import static dev.shardstream.worker.Orders.change;
import static dev.shardstream.worker.Orders.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.schemas.slice.SliceDownload;
import dev.shardstream.worker.FakeCatalog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.copy.ShardCopier.Outcome;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.RuleTable;
import dev.shardstream.worker.shard.ShardFile;
import io.javalin.Javalin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.ProgressHandler;

class ShardCopierTest {
  @TempDir Path directory;
  private ShardFile source;
  private ShardFile target;
  private Javalin otherNode;
  private final FakeCatalog catalog = new FakeCatalog();
  private final List<Integer> versions = new ArrayList<>();

  @BeforeEach
  void fill() throws Exception {
    source = Orders.shard(directory.resolve("source"), 0, log());
    RuleTable.write(source.writer(), Orders.ALL, rule("n4", RuleKind.NOT_NULL));
    RuleTable.write(source.writer(), Orders.ALL.subList(0, 100), rule("u1", RuleKind.UNIQUE));
    target =
        ShardFile.create(
            directory.resolve("target/1.sqlite"),
            Orders.SETTINGS,
            Orders.definition(1, Orders.ALL, ShardState.COPYING));
    Files.createDirectories(directory.resolve("tmp"));
  }

  @AfterEach
  void close() throws Exception {
    source.close();
    target.close();
    if (otherNode != null) {
      otherNode.stop();
    }
  }

  private static Rule rule(String ruleId, RuleKind kind) {
    return new Rule(ruleId, Orders.TABLE.getTableId(), kind, List.of(1, 4), "'note'", true, true);
  }

  /** Values that a careless way would change, and some rejections. */
  private static List<LoggedChange> log() {
    Random random = new Random(5);
    List<LoggedChange> log = new ArrayList<>();
    for (int offset = 0; offset < 2_000; offset++) {
      byte[] data = new byte[random.nextInt(8)];
      random.nextBytes(data);
      log.add(
          logged(
              offset,
              change(
                  random.nextInt(10) == 0 ? Op.INSERT : Op.UPSERT,
                  1,
                  random.nextLong() % 1_500,
                  2,
                  "😀" + offset + "\u0000",
                  3,
                  offset % 3 == 0 ? -0.0 : random.nextGaussian(),
                  4,
                  offset % 2 == 0 ? null : "1",
                  5,
                  data)));
    }
    log.add(logged(2_000, change(Op.INSERT, 1, 1L << 60, 2, "big")));
    log.add(logged(2_001, change(Op.INSERT, 1, 1L << 60, 2, "refused")));
    return log;
  }

  private ShardCopier copier(String nodeId) {
    return new ShardCopier(
        nodeId,
        shard -> shard.equals(source.ref()) ? Optional.of(source.path()) : Optional.empty(),
        catalog,
        adopted -> versions.add(adopted.definition().table().getSchemaVersion()),
        new SliceClient(Duration.ofMinutes(1), Caller.plain()),
        directory.resolve("tmp"),
        new SimpleMeterRegistry());
  }

  private CopySource from(int shardId, List<Integer> virtualShards) {
    String endpoint =
        otherNode == null ? "http://127.0.0.1:1" : "http://127.0.0.1:" + otherNode.port();
    return new CopySource(shardId, "node-1", endpoint, virtualShards, null);
  }

  private ShardCopier.Job job(CopySource source, Pace pace, List<Positions> seen) {
    return new ShardCopier.Job(target, List.of(source), pace, new CopyProgress(), seen::add);
  }

  private ShardCopier.Job job(CopySource source) {
    return job(source, new Pace(), new ArrayList<>());
  }

  private void assertTargetEqualsSource() throws Exception {
    assertThat(Orders.dump(target.writer()))
        .isEqualTo(Orders.dump(source.writer()))
        .hasSizeGreaterThan(500);
    assertThat(PositionTable.read(target.writer())).isEqualTo(PositionTable.read(source.writer()));
    assertThat(RuleTable.read(target.writer(), Orders.TABLE.getTableId()))
        .isEqualTo(RuleTable.read(source.writer(), Orders.TABLE.getTableId()))
        .hasSize(256);
    String rejections = "SELECT * FROM _rejections ORDER BY 1, 2";
    assertThat(Orders.rows(target.writer(), rejections))
        .isEqualTo(Orders.rows(source.writer(), rejections))
        .isNotEmpty();
  }

  @Test
  void a_copy_on_the_same_node_equals_its_source() throws Exception {
    ShardCopier.Job job = job(from(0, Orders.ALL));
    assertThat(copier("node-1").copy(job)).isEqualTo(Outcome.COMPLETE);
    assertTargetEqualsSource();
    long rows = PositionTable.read(source.writer()).rows();
    TaskProgress progress = job.progress().toEvent();
    assertThat(progress).isEqualTo(new TaskProgress(256, rows, rows, progress.getCopyMillis()));
  }

  @Test
  void a_copy_through_slices_equals_its_source_and_leaves_no_files() throws Exception {
    serveSlices(bytes -> bytes);
    ShardCopier.Job job = job(from(0, Orders.ALL));
    assertThat(copier("node-2").copy(job)).isEqualTo(Outcome.COMPLETE);
    assertTargetEqualsSource();
    assertThat(job.progress().toEvent().getRowsCopiedLocally()).isZero();
    assertThat(directory.resolve("tmp")).isEmptyDirectory();
  }

  private void serveSlices(UnaryOperator<byte[]> way) {
    otherNode =
        Javalin.start(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.host = "127.0.0.1";
              config.jetty.port = 0;
              config.routes.get(
                  Paths.SLICE_PATTERN,
                  context -> {
                    Path file = directory.resolve("slice-" + context.pathParam("virtualShard"));
                    Slice slice =
                        Slice.make(
                                source,
                                Integer.parseInt(context.pathParam("virtualShard")),
                                Paths.sliceRange(
                                    context.queryParam(Paths.SLICE_FROM),
                                    context.queryParam(Paths.SLICE_TO)),
                                file)
                            .orElseThrow();
                    context
                        .header(SliceDownload.CHECKSUM_HEADER, Long.toString(slice.checksum()))
                        .header("Content-Length", Long.toString(slice.bytes()))
                        .result(way.apply(Files.readAllBytes(file)));
                    Files.delete(file);
                  });
            });
  }

  @Test
  void a_slice_that_arrives_damaged_is_refused() throws Exception {
    serveSlices(
        bytes -> {
          bytes[bytes.length - 1] ^= 1;
          return bytes;
        });
    assertThatThrownBy(() -> copier("node-2").copy(job(from(0, Orders.ALL))))
        .isInstanceOf(ShardstreamException.class)
        .hasMessageContaining("arrived damaged");
    assertThat(PositionTable.read(target.writer()).held()).isEmpty();
    assertThat(directory.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void copy_resumes_with_the_virtual_shards_that_are_missing() throws Exception {
    Pace pace = new Pace();
    List<Positions> seen = new ArrayList<>();
    ShardCopier.Job cutOff =
        new ShardCopier.Job(
            target,
            List.of(from(0, Orders.ALL)),
            pace,
            new CopyProgress(),
            positions -> {
              seen.add(positions);
              if (seen.size() == 100) {
                pace.stop();
              }
            });
    assertThat(copier("node-1").copy(cutOff)).isEqualTo(Outcome.STOPPED);
    assertThat(PositionTable.read(target.writer()).held()).hasSize(100);
    List<Positions> resumed = new ArrayList<>();
    ShardCopier.Job rest = job(from(0, Orders.ALL), new Pace(), resumed);
    assertThat(copier("node-1").copy(rest)).isEqualTo(Outcome.COMPLETE);
    assertThat(resumed).hasSize(156);
    assertThat(rest.progress().toEvent().getVirtualShardsCopied()).isEqualTo(256);
    assertTargetEqualsSource();
  }

  @Test
  void a_copy_that_was_repeated_changes_nothing() throws Exception {
    copier("node-1").copy(job(from(0, Orders.ALL)));
    copier("node-1").copy(job(from(0, Orders.ALL)));
    assertTargetEqualsSource();
  }

  @Test
  void applying_from_the_copied_positions_catches_up_with_the_source() throws Exception {
    List<Integer> half = Orders.ALL.subList(0, 128);
    copier("node-1").copy(job(from(0, half)));
    List<LoggedChange> more = new ArrayList<>();
    for (long offset = 2_002; offset < 2_400; offset++) {
      more.add(Orders.upsert(offset, offset % 1_500, "later" + offset));
    }
    Orders.apply(source, more);
    copier("node-1").copy(job(from(0, Orders.ALL.subList(128, 256))));
    Orders.apply(target, more);
    assertTargetEqualsSource();
  }

  @Test
  void a_source_that_is_not_there_is_stale_topology() {
    assertThatThrownBy(() -> copier("node-1").copy(job(from(7, Orders.ALL))))
        .isInstanceOf(ShardstreamException.class)
        .extracting(error -> ((ShardstreamException) error).code())
        .isEqualTo(ErrorCode.STALE_TOPOLOGY);
  }

  @Test
  void a_node_that_does_not_answer_is_named() {
    assertThatThrownBy(() -> copier("node-2").copy(job(from(0, Orders.ALL))))
        .isInstanceOf(ShardstreamException.class)
        .hasMessageContaining(
            "default-orders-1/0 on node 'node-1' is not reachable at http://127.0.0.1:1");
  }

  @Test
  void a_virtual_shard_that_the_source_does_not_hold_makes_no_slice() throws Exception {
    ShardFile half =
        ShardFile.create(
            directory.resolve("half.sqlite"),
            Orders.SETTINGS,
            Orders.definition(2, List.of(1, 2), ShardState.APPLYING));
    Path file = directory.resolve("slice");
    assertThat(Slice.make(half, 3, KeyRanges.ALL, file)).isEmpty();
    assertThat(file).doesNotExist();
    assertThat(Slice.make(half, 2, KeyRanges.ALL, file))
        .hasValueSatisfying(s -> assertThat(s.rows()).isZero());
    half.close();
  }

  @Test
  void a_copy_returns_when_its_pace_holds_it_up_and_goes_on_when_it_is_called_again()
      throws Exception {
    AtomicLong now = new AtomicLong();
    Pace pace = new Pace(now::get);
    long rows = PositionTable.read(source.writer()).rows();
    pace.set(false, OptionalLong.of(rows));
    ShardCopier.Job job = job(from(0, Orders.ALL), pace, new ArrayList<>());
    for (int calls = 0; copier("node-1").copy(job) == Outcome.HELD_UP; calls++) {
      assertThat(calls).isLessThan(256);
      now.addAndGet(pace.waitNanos().orElseThrow());
    }
    assertTargetEqualsSource();
    assertThat(job.progress().toEvent().getVirtualShardsCopied()).isEqualTo(256);
    assertThat(job.progress().toEvent().getRowsCopied()).isEqualTo(rows);
    // The time that copying itself took is paid too, and a busy machine takes its time.
    Duration copying = Duration.ofMillis(job.progress().toEvent().getCopyMillis());
    assertThat(Duration.ofNanos(now.get()))
        .isBetween(Duration.ofMillis(900).minus(copying), Duration.ofMillis(1_000));
  }

  @Test
  void a_paused_copy_copies_nothing() throws Exception {
    Pace pace = new Pace();
    pace.set(true, OptionalLong.empty());
    ShardCopier.Job job = job(from(0, Orders.ALL), pace, new ArrayList<>());
    assertThat(copier("node-1").copy(job)).isEqualTo(Outcome.HELD_UP);
    assertThat(PositionTable.read(target.writer()).held()).isEmpty();
  }

  @Test
  void a_target_takes_over_the_newest_version_and_builds_its_indexes_after_the_copy()
      throws Exception {
    Table two = Versions.add(Orders.TABLE, "qty", TypeName.INTEGER, 7L);
    catalog.put(Versions.index(two, 2, 3));
    assertThat(copier("node-1").copy(job(from(0, Orders.ALL)))).isEqualTo(Outcome.COMPLETE);
    assertThat(target.indexes()).containsExactly(1);
    assertThat(versions).containsExactly(2, 2);
    source.adopt(two);
    String rows = "SELECT c1, c2, c3, c4, c5, c6, _version FROM \"default-orders-1\" ORDER BY 1";
    assertThat(Orders.rows(target.writer(), rows))
        .isEqualTo(Orders.rows(source.writer(), rows))
        .hasSizeGreaterThan(500);
  }

  @Test
  void a_copy_that_is_stopped_while_it_builds_an_index_can_be_completed_later() throws Exception {
    catalog.put(Versions.index(Orders.TABLE, 2, 3));
    Pace pace = new Pace();
    // Only the build of an index takes so many steps of SQLite's machine in one statement.
    ProgressHandler stopper =
        new ProgressHandler() {
          @Override
          protected int progress() {
            pace.stop();
            target.stopBuilding();
            return 0;
          }
        };
    ShardCopier.Job job =
        new ShardCopier.Job(
            target,
            List.of(from(0, Orders.ALL)),
            pace,
            new CopyProgress(),
            positions -> setProgressHandler(positions.held().size() == 256 ? stopper : null));
    assertThat(copier("node-1").copy(job)).isEqualTo(Outcome.STOPPED);
    assertThat(pace.isStopped()).isTrue();
    assertThat(target.indexes()).isEmpty();
    setProgressHandler(null);
    assertThat(copier("node-1").copy(job(from(0, Orders.ALL)))).isEqualTo(Outcome.COMPLETE);
    assertThat(target.indexes()).containsExactly(1);
  }

  private void setProgressHandler(ProgressHandler handler) {
    try {
      if (handler == null) {
        ProgressHandler.clearHandler(target.writer());
      } else {
        ProgressHandler.setHandler(target.writer(), 1_000, handler);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_copy_that_was_stopped_before_its_indexes_builds_none() throws Exception {
    catalog.put(Versions.index(Orders.TABLE, 2, 3));
    Pace pace = new Pace();
    ShardCopier.Job job =
        new ShardCopier.Job(
            target,
            List.of(from(0, Orders.ALL)),
            pace,
            new CopyProgress(),
            positions -> {
              if (positions.held().size() == 256) {
                pace.stop();
              }
            });
    assertThat(copier("node-1").copy(job)).isEqualTo(Outcome.STOPPED);
    assertThat(target.indexes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-1", "node-2"})
  void a_target_waits_for_the_catalog_when_its_source_is_ahead(String node) throws Exception {
    serveSlices(bytes -> bytes);
    Table two = Versions.add(Orders.TABLE, "qty", TypeName.INTEGER, 7L);
    source.adopt(two);
    Orders.apply(
        source,
        List.of(logged(2_500, change(RowVersion.of(two), Op.UPSERT, null, 1, 9L, 2, "c", 6, 99L))));
    catalog.put(Orders.TABLE);
    CompletableFuture<Outcome> copying =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return copier(node).copy(job(from(0, Orders.ALL)));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().during(Duration.ofMillis(300)).until(() -> !copying.isDone());
    catalog.put(two);
    assertThat(copying).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(Outcome.COMPLETE);
    String rows = "SELECT c1, c2, c6 FROM \"default-orders-1\" ORDER BY 1";
    assertThat(Orders.rows(target.writer(), rows))
        .isEqualTo(Orders.rows(source.writer(), rows))
        .contains("9|c|99");
  }
}
