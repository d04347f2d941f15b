package dev.shardstream.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.Versions;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardRef;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log tells of columns and rules that the table has no more; every shard decides on it alike. */
class SchemaHistoryTest {
  private static final int NOTE = 4;
  private static final long ONE = 1;

  /** Another id in the same virtual shard. */
  private static final long OTHER =
      LongStream.iterate(ONE + 1, id -> id + 1)
          .filter(id -> Orders.virtualShard(id) == Orders.virtualShard(ONE))
          .findFirst()
          .orElseThrow();

  private static final long THIRD =
      LongStream.iterate(OTHER + 1, id -> id + 1)
          .filter(id -> Orders.virtualShard(id) == Orders.virtualShard(ONE))
          .findFirst()
          .orElseThrow();

  private static final Table WITHOUT_NOTE = withoutNote();

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();

  private static Table withoutNote() {
    Column note = Orders.TABLE.getColumns().get(NOTE - 1);
    return Table.newBuilder(Versions.drop(Orders.TABLE, NOTE))
        .setDroppedColumns(List.of(note))
        .build();
  }

  private static Rule unique(boolean enforced) {
    return new Rule(
        "u1",
        Orders.TABLE.getTableId(),
        RuleKind.UNIQUE,
        List.of(NOTE),
        "by_note",
        false,
        enforced);
  }

  /** A row is refused for a column that the table loses afterwards. */
  private void write() {
    log.append(Orders.change(Op.INSERT, 1, ONE, 2, "one", 4, "same"));
    log.rule(unique(true));
    log.append(Orders.change(Op.INSERT, 1, OTHER, 2, "refused", 4, "same"));
    log.append(Orders.change(Op.UPDATE, 1, ONE, 4, "else"));
    log.append(Orders.change(Op.INSERT, 1, OTHER, 2, "other", 4, "same"));
    log.rule(unique(false));
  }

  private void writeWithoutNote() {
    log.append(
        WITHOUT_NOTE,
        Orders.change(RowVersion.of(WITHOUT_NOTE), Op.INSERT, null, 1, THIRD, 2, "third"));
  }

  private void awaitAll(TestNode node, int shardId) {
    HostedShard shard = shard(node, shardId);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                shard.file().hasCaughtUp()
                    && List.copyOf(shard.board().current().leastByPartition().values())
                        .equals(log.ends()));
  }

  private static HostedShard shard(TestNode node, int shardId) {
    return node.shards().require(Orders.definition(shardId, Orders.ALL, ShardState.APPLYING).ref());
  }

  private static List<String> content(TestNode node, int shardId) throws SQLException {
    return shard(node, shardId)
        .readers()
        .read(
            Duration.ofSeconds(30),
            reader -> {
              List<String> content =
                  Orders.rows(
                      reader,
                      "SELECT c1, c2, _version, _updated FROM \"default-orders-1\" ORDER BY c1");
              content.addAll(
                  Orders.rows(
                      reader, "SELECT code, partition, \"offset\" FROM _rejections ORDER BY 2, 3"));
              content.addAll(
                  Orders.rows(
                      reader, "SELECT name FROM pragma_table_info('default-orders-1') ORDER BY 1"));
              return content;
            });
  }

  @Test
  void a_shard_that_is_made_anew_decides_by_the_columns_and_rules_of_that_place_of_the_log()
      throws Exception {
    try (TestNode node = TestNode.open(directory, log)) {
      node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
      write();
      // The column is dropped when every shard is past the end of the rule.
      awaitAll(node, 0);
      node.catalog().put(WITHOUT_NOTE);
      node.shards().wake(WITHOUT_NOTE.getTableId());
      writeWithoutNote();
      awaitAll(node, 0);
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> shard(node, 0).file().definition().table().equals(WITHOUT_NOTE));

      node.shards()
          .makeAnew(
              new ShardDefinition(
                  new ShardRef(WITHOUT_NOTE.getTableId(), 1),
                  WITHOUT_NOTE,
                  Orders.ALL,
                  ShardState.APPLYING));
      awaitAll(node, 1);

      assertThat(content(node, 1)).isEqualTo(content(node, 0));
      assertThat(content(node, 1)).anyMatch(row -> row.startsWith("UNIQUE_VIOLATION"));
      assertThat(content(node, 1)).doesNotContain("c4");
      assertThat(shard(node, 1).report().getState()).isEqualTo(ShardState.APPLYING);
    }
  }
}
