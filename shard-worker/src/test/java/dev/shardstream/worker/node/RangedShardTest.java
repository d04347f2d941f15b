package dev.shardstream.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RangedShardTest {
  private static final ShardRef REF = new ShardRef(Orders.TABLE.getTableId(), 0);
  private static final KeyRange RANGE = Orders.ranges(10L, 20L).get(1);
  private static final ShardDefinition DEFINITION =
      new ShardDefinition(REF, Orders.RANGED, Orders.ALL, RANGE, ShardState.APPLYING);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();

  private static void assertHoldsItsRange(TestNode node) throws Exception {
    HostedShard shard = node.shards().require(REF);
    await().until(() -> shard.board().current().rows() == 10 && shard.file().isServing());
    assertThat(shard.file().definition()).isEqualTo(DEFINITION);
    List<String> ids =
        shard
            .readers()
            .read(
                Duration.ofSeconds(5),
                reader -> Orders.rows(reader, "SELECT c1 FROM \"default-orders-1\" ORDER BY c1"));
    assertThat(ids).containsExactly("10", "11", "12", "13", "14", "15", "16", "17", "18", "19");
  }

  private void deleteFiles() throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.toString().contains(".sqlite")).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void a_shard_keeps_its_range_over_a_restart_and_when_it_is_made_anew_from_its_log()
      throws Exception {
    for (long id = 0; id < 30; id++) {
      log.append(Orders.change(Op.INSERT, 1, id, 2, "c" + id));
    }
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().create(DEFINITION);
      assertHoldsItsRange(node);
    }
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().openAll();
      assertHoldsItsRange(node);
    }
    deleteFiles();
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().openAll();
      assertHoldsItsRange(node);
    }
  }
}
