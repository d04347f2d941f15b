package dev.shardstream.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.RejectedWrite;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.ShardRef;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectionPublisherTest {
  private static final ShardRef REF = new ShardRef(Orders.TABLE.getTableId(), 0);
  private static final int PARTITION = Orders.partition(1);

  @TempDir Path directory;
  private final FakeLog log = new FakeLog();
  private final MockProducer<String, RejectedWrite> producer =
      new MockProducer<>(
          true,
          null,
          new StringSerializer(),
          new Events(log.registry()).serde(RejectedWrite.class).serializer());

  private RejectionPublisher publisher(TestNode node) {
    return new RejectionPublisher(node.shards(), producer, "rejected-writes");
  }

  private static List<Rejection> unpublished(HostedShard shard) throws SQLException {
    return shard
        .readers()
        .read(Duration.ofSeconds(5), reader -> RejectionTable.unpublished(reader, 10));
  }

  /** Makes shard 0 with one row and a change that is refused; returns the offset of that. */
  private long refuse(TestNode node) throws Exception {
    node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
    log.append(Orders.change(Op.INSERT, 1, 1L, 2, "a"));
    long refused = log.append(Orders.change(Op.INSERT, 1, 1L, 2, "again"));
    await().until(() -> unpublished(node.shards().require(REF)).size() == 1);
    return refused;
  }

  private void assertPublishedOnce(HostedShard shard, long offset) {
    await().until(() -> unpublished(shard).isEmpty());
    assertThat(producer.history())
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(sent.value().getPartition()).isEqualTo(PARTITION);
              assertThat(sent.value().getOffset()).isEqualTo(offset);
              assertThat(sent.value().getCode()).isEqualTo("DUPLICATE_KEY");
            });
  }

  @Test
  void a_rejection_is_published_once() throws Exception {
    try (TestNode node = TestNode.open(directory, log);
        RejectionPublisher publisher = publisher(node)) {
      long refused = refuse(node);
      publisher.start();
      assertPublishedOnce(node.shards().require(REF), refused);
    }
  }

  @Test
  void a_rejection_of_an_applier_that_has_ended_is_published_once_too() throws Exception {
    long refused;
    try (TestNode node = TestNode.open(directory, log)) {
      refused = refuse(node);
    }
    log.truncate(PARTITION, log.append(Orders.change(Op.UPSERT, 1, 1L, 2, "b")) + 1);
    try (TestNode node = TestNode.open(directory, log);
        RejectionPublisher publisher = publisher(node)) {
      node.shards().openAll();
      HostedShard shard = node.shards().require(REF);
      await().until(() -> shard.applier().map(Applier::hasEnded).orElse(false));
      publisher.start();
      assertPublishedOnce(shard, refused);
    }
  }
}
