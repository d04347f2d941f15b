package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.NamedTables;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TargetProgress;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import java.time.Duration;
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
                    "change_log_id",
                    "table_type",
                    "comment",
                    "replicas"),
                "Users",
                "default",
                2L,
                16L,
                "hash",
                1L,
                "active",
                "default-users-2",
                "r1",
                "Regular",
                null,
                1L));
  }

  @Test
  void describe_has_its_four_sections() {
    TableDescription description =
        TableFacts.description(SampleTables.snapshot(2), SampleTables.EVENTS, new Topics("t"));
    assertThat(DescribeReport.of(description).columns())
        .containsExactly(
            "section",
            "ordinal",
            "name",
            "value",
            "detail",
            "column_id",
            "nullable",
            "default_value",
            "key",
            "comment",
            "schema_version");
    String nothing = "|null|null|null|null|null|null";
    assertThat(lines(DescribeReport.of(description)))
        .containsExactly(
            "TABLE_INFO|1|table_name|events|null" + nothing,
            "TABLE_INFO|2|database|default|null" + nothing,
            "TABLE_INFO|3|table_id|default-events-1|null" + nothing,
            "TABLE_INFO|4|table_type|Regular|null" + nothing,
            "TABLE_INFO|5|status|active|null" + nothing,
            "TABLE_INFO|6|schema_version|1|null" + nothing,
            "TABLE_INFO|7|strategy|hash|null" + nothing,
            "TABLE_INFO|8|shard_key|id|null" + nothing,
            "TABLE_INFO|9|shards|2|null" + nothing,
            "TABLE_INFO|10|partitions|16|null" + nothing,
            "TABLE_INFO|11|epoch|1|null" + nothing,
            "TABLE_INFO|12|change_log_id|null|null" + nothing,
            "TABLE_INFO|13|log_topic|t.log.default-events-1|null" + nothing,
            "TABLE_INFO|14|created_at|1970-01-01 00:00:01|null" + nothing,
            "TABLE_INFO|15|block_size|500|null" + nothing,
            "TABLE_INFO|16|ttl_seconds|null|null" + nothing,
            "TABLE_INFO|17|from_table|null|null" + nothing,
            "TABLE_INFO|18|to_table|null|null" + nothing,
            "TABLE_INFO|19|comment|null|null" + nothing,
            "TABLE_INFO|20|replicas|1|null" + nothing,
            "SHARDS|1|0|active|node n0, virtual shards 0-127" + nothing,
            "SHARDS|2|1|active|node n1, virtual shards 128-255" + nothing,
            "INDEXES|1|PRIMARY KEY|ready|id, region" + nothing,
            "COLUMNS|1|id|BIGINT|NOT NULL PRIMARY KEY|1|NO|null|SHARD, PRIMARY|null|1",
            "COLUMNS|2|region|VARCHAR(3)|NOT NULL DEFAULT 'eu' PRIMARY KEY|2|NO|'eu'|PRIMARY|null|1",
            "COLUMNS|3|count|INTEGER|DEFAULT 7|3|YES|7|null|null|1",
            "COLUMNS|4|weight|DOUBLE|null|4|YES|null|null|null|1",
            "COLUMNS|5|ratio|FLOAT|null|5|YES|null|null|null|1",
            "COLUMNS|6|done|BOOLEAN|NOT NULL DEFAULT 0|6|NO|0|null|null|1",
            "COLUMNS|7|day|DATE|null|7|YES|null|null|null|1",
            "COLUMNS|8|at|TIMESTAMP|null|8|YES|null|null|null|1",
            "COLUMNS|9|body|BLOB|null|9|YES|null|null|null|1",
            "COLUMNS|10|note|TEXT|NOT NULL|10|NO|null|null|null|1");
  }

  @Test
  void describe_shows_indexes_and_comments() {
    Column id = new Column(1, "id", TypeName.BIGINT, null, false, null, null, "who");
    Column day = new Column(4, "day", TypeName.DATE, null, true, null, null, null);
    Table table =
        Table.newBuilder(SampleTables.table("visits", 3, List.of(1), List.of(1), id, day))
            .setComment("of the site")
            .setSchemaVersion(7)
            .setBlockSize(100)
            .setIndexes(
                List.of(
                    new Index(
                        1, "by_day", false, List.of(4), IndexStatus.READY, null, "when", "c1"),
                    new Index(
                        2, "one", true, List.of(1, 4), IndexStatus.FAILED, "(1, 2)", null, "c2")))
            .build();
    MetadataSnapshot snapshot =
        new MetadataSnapshot(Map.of(table.getTableId(), table), Map.of(), Map.of(), Map.of());
    TableDescription description = TableFacts.description(snapshot, table, new Topics("t"));
    assertThat(lines(DescribeReport.of(description)))
        .contains(
            "TABLE_INFO|15|block_size|100|null|null|null|null|null|null|null",
            "TABLE_INFO|19|comment|of the site|null|null|null|null|null|null|null",
            "INDEXES|2|by_day|ready|day|null|null|null|null|when|null",
            "INDEXES|3|one|failed|UNIQUE id, day|null|null|null|null|null|null",
            "COLUMNS|1|id|BIGINT|NOT NULL PRIMARY KEY|1|NO|null|SHARD, PRIMARY|who|7",
            "COLUMNS|2|day|DATE|null|4|YES|null|null|null|7");
    assertThat(Reports.indexes(TableFacts.indexes(table)))
        .isEqualTo(
            Result.rows(
                List.of("index_name", "columns", "index_type", "status", "error", "comment"),
                List.of(
                    Arrays.asList("by_day", "day", "hash", "ready", null, "when"),
                    Arrays.asList("one", "id, day", "unique", "failed", "(1, 2)", null))));
  }

  @Test
  void show_namespaces_counts_tables_and_default_is_always_there() {
    MetadataSnapshot snapshot =
        new MetadataSnapshot(
            NamedTables.of(Map.of(USERS.getTableId(), USERS)),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of("shop", new Namespace("shop", 2_000L)),
            Map.of());
    assertThat(Reports.namespaces(TableFacts.namespaces(snapshot)))
        .isEqualTo(
            Result.rows(
                List.of("namespace", "tables", "created_at"),
                List.of(
                    Arrays.asList("default", 1L, null),
                    Arrays.asList("shop", 0L, "1970-01-01 00:00:02"))));
  }

  @Test
  void show_live_queries_lists_those_that_are_alive() {
    MetadataSnapshot snapshot =
        new MetadataSnapshot(
            NamedTables.of(Map.of(USERS.getTableId(), USERS)),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(
                "default/a", liveQuery("a", LiveQueryState.ACTIVE, 9_000),
                "default/b", liveQuery("b", LiveQueryState.ACTIVE, 1_000),
                "default/c", liveQuery("c", LiveQueryState.KILLED, 9_000)));
    List<LiveQueryInfo> alive = TableFacts.liveQueries(snapshot, 12_000, Duration.ofSeconds(10));
    assertThat(Reports.liveQueries(alive, "shop"))
        .isEqualTo(
            Result.row(
                List.of(
                    "live_query_id",
                    "table_name",
                    "sql",
                    "columns",
                    "issued_by",
                    "started_at",
                    "heartbeat_at"),
                "a",
                "default.Users",
                "SELECT name FROM users",
                "id, name",
                "ada",
                "1970-01-01 00:00:00.500",
                "1970-01-01 00:00:09"));
  }

  private static LiveQuery liveQuery(String id, LiveQueryState state, long heartbeatAt) {
    return new LiveQuery(
        id,
        "default",
        USERS.getTableId(),
        "users",
        "SELECT name FROM users",
        List.of(1, 2),
        state,
        "ada",
        500L,
        heartbeatAt);
  }

  @Test
  void show_ddl_has_every_field_of_a_transition() {
    DdlTransition rejected =
        new DdlTransition(
            "c2",
            "ADD_COLUMN",
            "shop",
            "users",
            "rejected",
            null,
            "COLUMN_EXISTS",
            "Column 'a' already exists in table 'users'",
            "ada",
            List.of("c0", "c1"),
            1_500);
    DdlTransition applied =
        new DdlTransition(
            "c1",
            "CREATE_NAMESPACE",
            "shop",
            null,
            "applied",
            null,
            null,
            null,
            "ada",
            List.of(),
            1_000);
    DdlTransition accepted =
        new DdlTransition(
            "c3", "RENAME_TABLE", "default", "u", "accepted", 2, null, null, "bob", List.of(), 0);
    assertThat(lines(Reports.commands(List.of(applied, rejected, accepted), "default")))
        .containsExactly(
            "c1|CREATE_NAMESPACE|null|applied|null|null|null|ada|null|1970-01-01 00:00:01",
            "c2|ADD_COLUMN|shop.users|rejected|null|COLUMN_EXISTS"
                + "|Column 'a' already exists in table 'users'|ada|c0, c1"
                + "|1970-01-01 00:00:01.500",
            "c3|RENAME_TABLE|u|accepted|2|null|null|bob|null|1970-01-01 00:00:00");
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
            "0|n0|active|applying|85|12|4096|4|1|null|owner|null",
            "1|n1|active|null|85|null|null|null|null|null|owner|null",
            "2|n0|active|applying|86|1|4096|null|1|null|owner|null");
  }

  @Test
  void owners_and_replicas_of_ranges_are_told_apart() {
    Table table = Table.newBuilder(SampleTables.ranges(USERS)).setReplicas(2).build();
    List<Shard> shards =
        new ArrayList<>(SampleTables.ranges(table, 1, List.of(List.of(100L))).getShards());
    for (Shard owner : List.copyOf(shards)) {
      shards.add(
          new Shard(
              shards.size(),
              "n2",
              ShardStatus.ACTIVE,
              owner.getVirtualShards(),
              ShardRole.REPLICA,
              owner.getRange()));
    }
    MetadataSnapshot snapshot =
        new MetadataSnapshot(
            Map.of(table.getTableId(), table),
            Map.of(table.getTableId(), SampleTables.topology(table, 1, shards)),
            Map.of(),
            Map.of());
    TableInfo info = TableFacts.info(snapshot, table);
    assertThat(List.of(info.shards(), info.replicas(), info.strategy()))
        .isEqualTo(List.of(2, 2, "range"));
    assertThat(lines(Reports.shards(TableFacts.stats(snapshot, table))))
        .containsExactly(
            "0|n0|active|null|0-255|null|null|null|null|null|owner|[…, 100)",
            "1|n1|active|null|0-255|null|null|null|null|null|owner|[100, …)",
            "2|n2|active|null|0-255|null|null|null|null|null|replica|[…, 100)",
            "3|n2|active|null|0-255|null|null|null|null|null|replica|[100, …)");
    assertThat(lines(DescribeReport.of(TableFacts.description(snapshot, table, new Topics("t")))))
        .contains(
            "TABLE_INFO|9|shards|2|null|null|null|null|null|null|null",
            "TABLE_INFO|20|replicas|2|null|null|null|null|null|null|null",
            "SHARDS|1|0|active|node n0, virtual shards 0-255, keys […, 100)"
                + "|null|null|null|null|null|null",
            "SHARDS|4|3|active|node n2, virtual shards 0-255, keys [100, …), replica"
                + "|null|null|null|null|null|null");
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
                    new TargetProgress(2, "n0", 85, 80, 1000L, 900L, 7L, 3L, 5L, ShardRole.OWNER),
                    new TargetProgress(3, "n1", 85, 85, 500L, 0L, 7L, 1L, 6L, ShardRole.OWNER)))
            .setMismatches(List.of())
            .setErrorCode("NODE_LOST")
            .setErrorMessage("Node 'n1' has sent no heartbeat for 30 s")
            .setRetryOf("r0")
            .build();
    ReshardInfo info = ReshardInfo.of(reshard);
    assertThat(info.phaseMillis()).isEqualTo(Map.of("queued", 200L, "copying", 4_300L));
    assertThat(info.ended()).isTrue();
    assertThat(lines(Reports.reshards(List.of(info))))
        .containsExactly(
            "r1|Users|failed|2|3|1500|165|4|11|0|0|1970-01-01 00:00:01|1970-01-01 00:00:05.500"
                + "|NODE_LOST: Node 'n1' has sent no heartbeat for 30 s|reshard|null|r0");
  }

  private static MetadataSnapshot resharding() {
    Topology topology = SampleTables.topology(USERS, 1, 2);
    List<Shard> shards = new ArrayList<>(topology.getShards());
    shards.add(new Shard(2, "n0", ShardStatus.PENDING, List.of(0), ShardRole.OWNER, null));
    shards.add(new Shard(3, "n1", ShardStatus.TO_BE_DELETED, List.of(1), ShardRole.OWNER, null));
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
