package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterViewTest {
  static {
    Events.trust(ShardReport.class);
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Test
  void shards_are_shown_as_their_nodes_report_them_and_silent_nodes_say_nothing_of_lag() {
    ShardReport report =
        ShardReport.newBuilder(
                SampleTables.report(
                    SampleTables.USERS,
                    0,
                    7,
                    new PartitionLag(0, 4L, 6L),
                    new PartitionLag(1, 1L, 1L)))
            .setStalenessMillis(1_500L)
            .build();
    MetadataSnapshot snapshot =
        new MetadataSnapshot(
            Map.of(SampleTables.USERS.getTableId(), SampleTables.USERS),
            Map.of(
                SampleTables.USERS.getTableId(), SampleTables.topology(SampleTables.USERS, 1, 2)),
            Map.of(),
            Map.of("n0", SampleTables.node("n0", report)));

    assertThat(ClusterView.of(snapshot, 10, TIMEOUT).shards())
        .containsExactly(
            new ShardProgress(
                "default",
                "Users",
                "default-users-2",
                0,
                "owner",
                "n0",
                "applying",
                7L,
                2L,
                1_500L,
                7L,
                "i1",
                5L),
            new ShardProgress(
                "default",
                "Users",
                "default-users-2",
                1,
                "owner",
                "n1",
                "silent",
                null,
                null,
                null,
                null,
                null,
                null));
    assertThat(ClusterView.of(snapshot, 100_000, TIMEOUT).shards().get(0))
        .isEqualTo(
            new ShardProgress(
                "default",
                "Users",
                "default-users-2",
                0,
                "owner",
                "n0",
                "silent",
                7L,
                null,
                null,
                7L,
                "i1",
                5L));
  }
}
