package dev.shardstream.worker.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.FakeCatalog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.copy.CopyProgress;
import dev.shardstream.worker.copy.Pace;
import dev.shardstream.worker.copy.ShardCopier;
import dev.shardstream.worker.copy.SliceClient;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same log, written by writers of eight versions of a table, and shards that learn of the
 * versions at different places of it: what they hold at the end is the same to the byte.
 */
class EvolutionTest {
  private static final List<Table> VERSIONS = Versions.eight();
  private static final Table LAST = VERSIONS.get(7);
  private static final int LENGTH = 400;
  private static final long KEYS = 40;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void the_end_state_does_not_depend_on_when_a_shard_learns_of_a_version(long seed)
      throws Exception {
    Random random = new Random(seed);
    List<Integer> newestWriter = new ArrayList<>();
    List<LoggedChange> log = log(random, newestWriter);
    List<ShardFile> shards = new ArrayList<>();
    shards.add(applied(0, LAST, log, random, newestWriter));
    shards.add(applied(1, VERSIONS.get(0), log, random, newestWriter));
    shards.add(applied(2, VERSIONS.get(0), log, random, newestWriter));
    shards.add(copiedOnTheWay(3, log, random, newestWriter));
    State expected = State.of(shards.get(0));
    assertThat(expected.rows()).hasSizeGreaterThan(10);
    for (ShardFile shard : shards) {
      assertThat(State.of(shard)).as("shard %s, seed %d", shard.ref(), seed).isEqualTo(expected);
      shard.close();
    }
  }

  /**
   * What a shard holds.
   *
   * @param rows by column id, with SQLite's types
   */
  private record State(List<String> rows, List<String> rejections, List<Digest> digests) {
    static State of(ShardFile shard) throws SQLException {
      String columns =
          LAST.getColumns().stream()
              .map(Column::getId)
              .sorted()
              .map(id -> "c" + id + ", typeof(c" + id + ")")
              .collect(Collectors.joining(", "));
      TableDigest digest = new TableDigest(shard.writer(), shard.shape(), KeyRanges.ALL);
      List<Digest> digests = new ArrayList<>();
      for (int virtualShard : Orders.ALL) {
        digests.add(digest.of(virtualShard));
      }
      return new State(
          Orders.rows(
              shard.writer(),
              "SELECT " + columns + ", _version, _updated FROM \"default-orders-1\" ORDER BY c1"),
          Orders.rows(
              shard.writer(),
              "SELECT partition, \"offset\", code, message FROM _rejections ORDER BY 1, 2"),
          digests);
    }
  }

  /** Writers of any version that has come up to then, the newest one more often. */
  private static List<LoggedChange> log(Random random, List<Integer> newestWriter) {
    List<LoggedChange> log = new ArrayList<>();
    int newest = 0;
    for (int offset = 0; offset < LENGTH; offset++) {
      int accepted = offset * VERSIONS.size() / LENGTH;
      int writer = random.nextInt(3) == 0 ? random.nextInt(accepted + 1) : accepted;
      newest = Math.max(newest, writer);
      newestWriter.add(newest);
      log.add(Orders.logged(offset, change(random, VERSIONS.get(writer))));
    }
    return log;
  }

  private static RowChange change(Random random, Table writer) {
    RowChange.Op op = RowChange.Op.values()[random.nextInt(4)];
    List<Object> columns = new ArrayList<>(List.of(1, random.nextLong(KEYS)));
    if (op != RowChange.Op.DELETE) {
      for (Column column : writer.getColumns()) {
        if (column.getId() != 1 && random.nextInt(column.getId() == 2 ? 12 : 2) != 0) {
          columns.add(column.getId());
          columns.add(value(random, column));
        }
      }
    }
    return Orders.change(RowVersion.of(writer), op, null, columns.toArray());
  }

  private static Object value(Random random, Column column) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    return switch (column.getType()) {
      case INTEGER -> (Object) (long) random.nextInt();
      case BIGINT -> random.nextLong();
      case DOUBLE -> random.nextInt(4) == 0 ? -0.0 : random.nextGaussian();
      case BLOB -> new byte[] {(byte) random.nextInt()};
      default -> "t" + random.nextInt(100);
    };
  }

  private ShardFile create(int shardId, Table table, ShardState state) throws Exception {
    return ShardFile.create(
        directory.resolve(shardId + ".sqlite"),
        Orders.SETTINGS,
        new ShardDefinition(new ShardRef(table.getTableId(), shardId), table, Orders.ALL, state));
  }

  private ShardFile applied(
      int shardId, Table created, List<LoggedChange> log, Random random, List<Integer> newestWriter)
      throws Exception {
    ShardFile shard = create(shardId, created, ShardState.APPLYING);
    return follow(shard, 0, log.size(), log, random, newestWriter);
  }

  /** In batches of any size; before each the shard learns of what it must and perhaps of more. */
  private static ShardFile follow(
      ShardFile start,
      int from,
      int to,
      List<LoggedChange> log,
      Random random,
      List<Integer> newestWriter)
      throws Exception {
    ShardFile shard = start;
    for (int next = from; next < to; ) {
      int end = Math.min(to, next + 1 + random.nextInt(60));
      int least = newestWriter.get(end - 1);
      shard.adopt(VERSIONS.get(least + random.nextInt(VERSIONS.size() - least)));
      if (random.nextInt(4) == 0) {
        shard.close();
        shard = ShardFile.open(shard.path(), Orders.SETTINGS).orElseThrow();
      }
      Orders.apply(shard, log.subList(next, end));
      next = end;
    }
    shard.adopt(LAST);
    return shard;
  }

  /** A target that is copied while its source is in the middle of the log, perhaps ahead of it. */
  private ShardFile copiedOnTheWay(
      int shardId, List<LoggedChange> log, Random random, List<Integer> newestWriter)
      throws Exception {
    int middle = LENGTH / 3 + random.nextInt(LENGTH / 3);
    ShardFile source = create(10 + shardId, VERSIONS.get(0), ShardState.APPLYING);
    int least = newestWriter.get(middle - 1);
    for (int next = 0; next < middle; next++) {
      source.adopt(VERSIONS.get(newestWriter.get(next)));
      Orders.apply(source, log.subList(next, next + 1));
    }
    int sourceVersion = source.definition().table().getSchemaVersion();
    assertThat(sourceVersion).isEqualTo(least + 1);
    ShardFile target = create(shardId, VERSIONS.get(0), ShardState.COPYING);
    FakeCatalog catalog = new FakeCatalog();
    catalog.put(VERSIONS.get(least + random.nextInt(VERSIONS.size() - least)));
    copy(source, target, catalog);
    assertThat(PositionTable.read(target.writer())).isEqualTo(PositionTable.read(source.writer()));
    source.close();
    target.startApplying();
    return follow(target, middle, log.size(), log, random, newestWriter);
  }

  private void copy(ShardFile source, ShardFile target, FakeCatalog catalog) throws Exception {
    ShardCopier copier =
        new ShardCopier(
            "node-1",
            shard -> Optional.of(source.path()),
            catalog,
            adopted -> {},
            new SliceClient(Duration.ofSeconds(1), Caller.plain()),
            directory,
            new SimpleMeterRegistry());
    copier.copy(
        new ShardCopier.Job(
            target,
            List.of(
                new CopySource(
                    source.ref().shardId(), "node-1", "http://127.0.0.1:1", Orders.ALL, null)),
            new Pace(),
            new CopyProgress(),
            positions -> {}));
  }
}
