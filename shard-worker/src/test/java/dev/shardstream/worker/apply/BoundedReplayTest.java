package dev.shardstream.worker.apply;

import static dev.shardstream.worker.Orders.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.ShardFile;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedReplayTest {
  private static final Duration PATIENCE = Duration.ofMillis(300);
  private static final ApplySettings SETTINGS =
      new ApplySettings(3, 1 << 20, Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(50), 10);

  @TempDir private Path directory;
  private final FakeLog log = new FakeLog();
  private ShardFile file;

  @BeforeEach
  void create() throws Exception {
    file =
        ShardFile.create(
            directory.resolve("0.sqlite"),
            Orders.SETTINGS,
            Orders.definition(0, Orders.ALL, ShardState.APPLYING));
  }

  @AfterEach
  void close() throws Exception {
    file.close();
  }

  private BoundedReplay replay(Table... versions) {
    return new BoundedReplay(
        file,
        new Applier.Source(
            FakeLog.TOPIC, log::consumer, new LogDecoder(Orders.TABLE, log.registry())),
        SETTINGS,
        List.of(versions));
  }

  private Map<Integer, Long> bounds() {
    Map<Integer, Long> bounds = new HashMap<>();
    List<Long> ends = log.ends();
    for (int partition = 0; partition < ends.size(); partition++) {
      bounds.put(partition, ends.get(partition));
    }
    return bounds;
  }

  private static RowChange row(Op op, long id) {
    return op == Op.DELETE ? change(op, 1, id) : change(op, 1, id, 2, "open");
  }

  private List<Long> ids() throws Exception {
    List<Long> ids = new ArrayList<>();
    try (Statement statement = file.writer().createStatement();
        ResultSet row =
            statement.executeQuery("SELECT c1 FROM " + file.shape().name() + " ORDER BY c1")) {
      while (row.next()) {
        ids.add(row.getLong(1));
      }
    }
    return ids;
  }

  @Test
  void what_stands_behind_the_bounds_is_not_applied() throws Exception {
    for (long id = 1; id <= 20; id++) {
      log.append(row(Op.INSERT, id));
    }
    log.append(row(Op.INSERT, 3));
    Map<Integer, Long> bounds = bounds();
    for (long id = 5; id <= 30; id++) {
      log.append(row(id < 21 ? Op.DELETE : Op.INSERT, id));
    }

    assertThat(replay().upTo(bounds, PATIENCE)).isEqualTo(20);

    assertThat(ids()).isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
    Map<Integer, Long> positions =
        new HashMap<>(PositionTable.read(file.writer()).leastByPartition());
    assertThat(positions).isEqualTo(bounds);
  }

  @Test
  void it_goes_on_from_where_the_file_is() throws Exception {
    log.append(row(Op.INSERT, 1));
    assertThat(replay().upTo(bounds(), PATIENCE)).isEqualTo(1);
    log.append(row(Op.INSERT, 2));
    assertThat(replay().upTo(bounds(), PATIENCE)).isEqualTo(1);
    assertThat(replay().upTo(bounds(), PATIENCE)).isEqualTo(0);
    assertThat(ids()).isEqualTo(List.of(1L, 2L));
  }

  @Test
  void of_the_versions_that_a_change_can_be_applied_with_the_first_is_adopted() throws Exception {
    Table two = Versions.add(Orders.TABLE, "qty", TypeName.INTEGER, 7L);
    Table three = Versions.add(two, "more", TypeName.TEXT, null);
    log.append(row(Op.INSERT, 1));
    log.append(two, change(RowVersion.of(two), Op.INSERT, null, 1, 2L, 2, "open", 6, 5L));

    replay(Orders.TABLE, two, three).upTo(bounds(), PATIENCE);

    assertThat(file.definition().table()).isEqualTo(two);
    assertThat(ids()).isEqualTo(List.of(1L, 2L));
  }

  @Test
  void a_change_whose_version_is_not_known_is_not_applied() {
    Table two = Versions.add(Orders.TABLE, "qty", TypeName.INTEGER, 7L);
    log.append(two, change(RowVersion.of(two), Op.INSERT, null, 1, 2L, 2, "open", 6, 5L));

    assertThatThrownBy(() -> replay().upTo(bounds(), PATIENCE))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.STALE_SCHEMA));
  }

  @Test
  void a_log_that_does_not_get_to_the_bounds_is_given_up() {
    log.append(row(Op.INSERT, 1));
    Map<Integer, Long> bounds = bounds();
    bounds.replaceAll((partition, offset) -> offset + 1);

    assertThatThrownBy(() -> replay().upTo(bounds, PATIENCE))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.KAFKA_UNREACHABLE));
  }
}
