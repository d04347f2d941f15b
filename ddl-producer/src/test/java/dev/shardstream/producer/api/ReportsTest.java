package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TargetProgress;
import dev.shardstream.schemas.event.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static final Table USERS = SampleTables.USERS;

  @Test
  void show_tables_counts_active_shards_only() {
    MetadataSnapshot snapshot = resharding();
    Result result = Reports.tables(List.of(TableFacts.info(snapshot, USERS)));
    assertThat(result)
        .isEqualTo(
            Result.row(
                List.of(
                    "table_name",
                    "database",
                    "shards",
                    "partitions",
                    "strategy",
                    "schema_version",
                    "status",
                    "table_id",
                    "change_log_id"),
                "Users",
                "default",
                2L,
                16L,
                "hash",
                1L,
                "active",
                "default-users-2",
                "r1"));
  }

  @Test
  void describe_has_its_four_sections() {
    TableDescription description =
        TableFacts.description(SampleTables.snapshot(2), SampleTables.EVENTS, new Topics("t"));
    assertThat(lines(Reports.description(description)))
        .containsExactly(
            "TABLE_INFO|table_name|events|null",
            "TABLE_INFO|database|default|null",
            "TABLE_INFO|table_id|default-events-1|null",
            "TABLE_INFO|status|active|null",
            "TABLE_INFO|schema_version|1|null",
            "TABLE_INFO|strategy|hash|null",
            "TABLE_INFO|shard_key|id|null",
            "TABLE_INFO|shards|2|null",
            "TABLE_INFO|partitions|16|null",
            "TABLE_INFO|epoch|1|null",
            "TABLE_INFO|change_log_id|null|null",
            "TABLE_INFO|log_topic|t.log.default-events-1|null",
            "TABLE_INFO|created_at|1970-01-01 00:00:01|null",
            "SHARDS|0|active|node n0, virtual shards 0-127",
            "SHARDS|1|active|node n1, virtual shards 128-255",
            "INDEXES|PRIMARY KEY|ready|id, region",
            "COLUMNS|id|BIGINT|NOT NULL PRIMARY KEY",
            "COLUMNS|region|VARCHAR(3)|NOT NULL DEFAULT 'eu' PRIMARY KEY",
            "COLUMNS|count|INTEGER|DEFAULT 7",
            "COLUMNS|weight|DOUBLE|null",
            "COLUMNS|ratio|FLOAT|null",
            "COLUMNS|done|BOOLEAN|NOT NULL DEFAULT 0",
            "COLUMNS|day|DATE|null",
            "COLUMNS|at|TIMESTAMP|null",
            "COLUMNS|body|BLOB|null",
            "COLUMNS|note|TEXT|NOT NULL");
  }

  @Test
  void stats_come_from_heartbeats_and_are_null_before_the_first() {
    MetadataSnapshot snapshot =
        new MetadataSnapshot(
            Map.of(USERS.getTableId(), USERS),
            Map.of(USERS.getTableId(), SampleTables.topology(USERS, 1, 3)),
            Map.of(),
            Map.of(
                "n0",
                SampleTables.node(
                    "n0",
                    SampleTables.report(
                        USERS, 0, 12, new PartitionLag(0, 5L, 9L), new PartitionLag(1, 7L, 7L)),
                    SampleTables.report(USERS, 2, 1, new PartitionLag(2, 5L, -1L)))));
    assertThat(lines(Reports.stats(TableFacts.stats(snapshot, USERS))))
        .containsExactly(
            "0|n0|active|applying|85|12|4096|4|1|null",
            "1|n1|active|null|85|null|null|null|null|null",
            "2|n0|active|applying|86|1|4096|null|1|null");
  }

  @Test
  void show_reshards_sums_the_targets() {
    Reshard reshard =
        Reshard.newBuilder()
            .setDatabase("default")
            .setChangeLogId("r1")
            .setCommandId("c")
            .setTableId("default-users-2")
            .setTable("Users")
            .setStatus(ReshardStatus.FAILED)
            .setSourceShards(List.of(0, 1))
            .setTargetShards(List.of(2, 3, 4))
            .setStartedAt(1_000)
            .setUpdatedAt(5_500)
            .setPhases(
                List.of(
                    new ReshardPhase(ReshardStatus.QUEUED, 1_000L, 1_200L),
                    new ReshardPhase(ReshardStatus.COPYING, 1_200L, null)))
            .setTargets(
                List.of(
                    new TargetProgress(2, "n0", 85, 80, 1000L, 900L, 7L, 3L, 5L),
                    new TargetProgress(3, "n1", 85, 85, 500L, 0L, 7L, 1L, 6L)))
            .setMismatches(List.of())
            .setErrorCode("NODE_LOST")
            .setErrorMessage("Node 'n1' has sent no heartbeat for 30 s")
            .build();
    ReshardInfo info = ReshardInfo.of(reshard);
    assertThat(info.phaseMillis()).isEqualTo(Map.of("queued", 200L, "copying", 4_300L));
    assertThat(info.ended()).isTrue();
    assertThat(lines(Reports.reshards(List.of(info))))
        .containsExactly(
            "r1|Users|failed|2|3|1500|165|4|11|0|0|1970-01-01 00:00:01|1970-01-01 00:00:05.500"
                + "|NODE_LOST: Node 'n1' has sent no heartbeat for 30 s");
  }

  private static MetadataSnapshot resharding() {
    Topology topology = SampleTables.topology(USERS, 1, 2);
    List<Shard> shards = new ArrayList<>(topology.getShards());
    shards.add(new Shard(2, "n0", ShardStatus.PENDING, List.of(0)));
    shards.add(new Shard(3, "n1", ShardStatus.TO_BE_DELETED, List.of(1)));
    return new MetadataSnapshot(
        Map.of(USERS.getTableId(), USERS),
        Map.of(USERS.getTableId(), new Topology("default", USERS.getTableId(), 1, shards, 4, "r1")),
        Map.of(),
        Map.of());
  }

  private static List<String> lines(Result result) {
    assertThat(result.rows()).allMatch(row -> row.size() == result.columns().size());
    return result.rows().stream().map(ReportsTest::line).toList();
  }

  private static String line(List<@Nullable Object> row) {
    return String.join("|", Arrays.stream(row.toArray()).map(String::valueOf).toList());
  }
}
