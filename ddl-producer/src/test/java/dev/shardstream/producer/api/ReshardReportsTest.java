package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.PlannedNode;
import dev.shardstream.schemas.event.PlannedTarget;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TargetProgress;
import dev.shardstream.schemas.event.Throttle;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered about reshards, plans, shards and nodes. */
class ReshardReportsTest {
  static {
    Events.trust(Table.class);
  }

  private static final Table USERS = SampleTables.USERS;

  @Test
  void a_running_reshard_is_shown_with_its_targets_and_what_it_waits_for() {
    Reshard reshard =
        reshard(ReshardStatus.COPYING)
            .setOptions(new ReshardOptions(5_000L, 60_000L, true, true))
            .setThrottle(new Throttle(100L, 90_000L))
            .setRetryOf("default-r1")
            .setTargets(
                List.of(
                    new TargetProgress(
                        2, "n0", 128, 64, 1000L, 900L, 2_000L, 3L, 5L, ShardRole.OWNER),
                    new TargetProgress(
                        3, "n1", 128, 96, 1500L, 0L, 3_000L, 0L, -1L, ShardRole.REPLICA)))
            .build();
    assertThat(lines(ReshardReport.of(reshard)))
        .containsExactly(
            "change_log_id|default-r2",
            "table_name|Users",
            "purpose|reshard",
            "status|copying",
            "paused|no",
            "waits_for|its throttle of 100 rows per second",
            "source_shards|0, 1",
            "target_shards|2, 3",
            "retry_of|default-r1",
            "rows_per_second|5000",
            "throttle|100 until 1970-01-01 00:01:30",
            "grace|60.0 s",
            "cutover|manual",
            "on_mismatch|repair",
            "started_at|1970-01-01 00:00:01",
            "phase queued|0.2 s",
            "phase copying|4.3 s",
            "target 2|on n0: 64 of 128 virtual shards, 1000 rows (900 attached), 500 rows/s,"
                + " 3 replayed, 5 behind",
            "target 3|on n1, a replica: 96 of 128 virtual shards, 1500 rows (0 attached), 500 rows/s,"
                + " 0 replayed, lag unknown",
            "rows_copied|2500",
            "eta|2.0 s",
            "lag|null",
            "verify|not yet",
            "switched_at|null",
            "rolled_back_at|null",
            "finished_at|null",
            "error|null");
  }

  @Test
  void a_reshard_that_failed_its_verify_is_shown_with_what_differs() {
    Reshard reshard =
        reshard(ReshardStatus.FAILED)
            .setPurpose(ReshardPurpose.VERIFY)
            .setVerifyAttempt(3)
            .setDigestsCompared(256)
            .setRepairs(1)
            .setCopyAgain(List.of(7, 9))
            .setMismatches(
                List.of(
                    new Mismatch(7, 0, 2, 10L, 9L, List.of("1", "4")),
                    new Mismatch(9, 0, 2, 3L, 3L, List.of())))
            .setErrorCode("VERIFY_MISMATCH")
            .setErrorMessage("two")
            .build();
    assertThat(lines(ReshardReport.of(reshard)))
        .contains(
            "purpose|verify",
            "rows_per_second|as configured",
            "throttle|null",
            "grace|as configured",
            "cutover|auto",
            "on_mismatch|fail",
            "eta|null",
            "verify|attempt 3: 256 virtual shards compared, 2 differ (virtual shard 7: shard 0 has"
                + " 10 rows, shard 2 has 9, keys 1, 4; virtual shard 9: shard 0 has 3 rows, shard 2"
                + " has 3); repaired 1 times, last virtual shards 7, 9",
            "finished_at|1970-01-01 00:00:05.500",
            "error|VERIFY_MISMATCH: two");
  }

  @Test
  void what_a_reshard_waits_for_is_the_first_thing_in_its_way() {
    assertThat(waits(reshard(ReshardStatus.COPYING))).isNull();
    assertThat(waits(reshard(ReshardStatus.COPYING).setPaused(true).setBackingOff(true)))
        .isEqualTo("resumeReshard");
    assertThat(waits(reshard(ReshardStatus.COPYING).setBackingOff(true)))
        .isEqualTo("shards that are too far behind their log");
    assertThat(waits(reshard(ReshardStatus.VERIFYING).setVerifiedAttempt(1)))
        .isEqualTo("switchReshard");
    assertThat(waits(reshard(ReshardStatus.VERIFYING).setVerifiedAttempt(1).setSwitchAsked(true)))
        .isNull();
    assertThat(waits(reshard(ReshardStatus.COPYING).setThrottle(new Throttle(0L, null)))).isNull();
    assertThat(waits(reshard(ReshardStatus.SWITCHING)))
        .isEqualTo("the end of the grace period, or completeReshard");
    assertThat(waits(reshard(ReshardStatus.FAILED).setPaused(true))).isNull();
  }

  private static Object waits(Reshard.Builder reshard) {
    return ReshardInfo.of(reshard.build()).waitsFor();
  }

  @Test
  void the_rest_of_a_copy_is_that_of_its_slowest_target_and_unknown_before_a_measure() {
    TargetProgress half =
        new TargetProgress(2, "n0", 128, 64, 10L, 0L, 2_000L, 0L, 0L, ShardRole.OWNER);
    TargetProgress done =
        new TargetProgress(3, "n0", 128, 128, 10L, 0L, 9_000L, 0L, 0L, ShardRole.OWNER);
    TargetProgress fresh =
        new TargetProgress(4, "n0", 128, 0, 0L, 0L, 0L, 0L, -1L, ShardRole.OWNER);
    assertThat(info(ReshardStatus.COPYING, half, done).remaining()).contains(Duration.ofSeconds(2));
    assertThat(info(ReshardStatus.COPYING, half, fresh).remaining()).isEmpty();
    assertThat(info(ReshardStatus.REPLAYING, half, done).remaining()).isEmpty();
  }

  private static ReshardInfo info(ReshardStatus status, TargetProgress... targets) {
    return ReshardInfo.of(reshard(status).setTargets(List.of(targets)).build());
  }

  @Test
  void a_plan_has_a_row_for_each_target_each_node_and_all() {
    PlannedReshard plan =
        PlannedReshard.of(
            new ReshardPlan(
                "users",
                List.of(0),
                List.of(
                    new PlannedTarget(1, "n0", 128, 500L, 5_000L, 500L, ShardRole.OWNER),
                    new PlannedTarget(2, "n1", 128, 501L, 5_001L, 0L, ShardRole.REPLICA)),
                List.of(new PlannedNode("n0", 6_250L, 10_000L), new PlannedNode("n1", 9L, 8L)),
                1_001L,
                10_001L,
                1_500L),
            "split points are chosen later");
    Result result = ReshardAnswers.plan(plan);
    assertThat(String.join(",", result.columns()))
        .isEqualTo(
            "item,name,node,virtual_shards,rows,bytes,rows_attached,bytes_free,estimated_seconds,role,"
                + "note");
    assertThat(lines(result))
        .containsExactly(
            "target|1|n0|128|500|5000|500|null|null|owner|null",
            "target|2|n1|128|501|5001|0|null|null|replica|null",
            "node|n0|n0|null|null|6250|null|10000|null|null|null",
            "node|n1|n1|null|null|9|null|8|null|null|null",
            "total|users|null|256|1001|10001|500|null|1.5|null|" + "split points are chosen later");
    assertThat(plan.nodes().stream().map(PlannedReshard.NodeNeed::fits))
        .containsExactly(true, false);
  }

  @Test
  void shards_are_shown_with_their_virtual_shards_and_nodes_with_their_state() {
    Node quiet = node("n1", NodeState.UP, 1_000L);
    Node leaving = node("n2", NodeState.LEAVING, 39_000L);
    MetadataSnapshot snapshot =
        new MetadataSnapshot(
            Map.of(USERS.getTableId(), USERS),
            Map.of(USERS.getTableId(), SampleTables.topology(USERS, 1, 2)),
            Map.of(),
            Map.of(
                "n0",
                Node.newBuilder(
                        SampleTables.node(
                            "n0",
                            SampleTables.report(USERS, 0, 12),
                            SampleTables.report(USERS, 7, 30)))
                    .setHeartbeatAt(40_000)
                    .build(),
                "n1",
                quiet,
                "n2",
                leaving));
    assertThat(lines(Reports.shards(TableFacts.stats(snapshot, USERS))))
        .containsExactly(
            "0|n0|active|applying|0-127|12|4096|null|1|null|owner|null",
            "1|n1|active|null|128-255|null|null|null|null|null|owner|null");
    assertThat(lines(Reports.nodes(NodeFacts.nodes(snapshot, 40_000, Duration.ofSeconds(30)))))
        .containsExactly(
            "n0|up|http://n0:80|2|42|10|100|1970-01-01 00:00:40",
            "n1|silent|http://n1:80|0|0|10|100|1970-01-01 00:00:01",
            "n2|leaving|http://n2:80|0|0|10|100|1970-01-01 00:00:39");
  }

  private static Node node(String id, NodeState state, long heartbeatAt) {
    return Node.newBuilder(SampleTables.node(id))
        .setState(state)
        .setHeartbeatAt(heartbeatAt)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "default-r1, default-r%, true",
    "default-r12, DEFAULT-r_, false",
    "default-r1, DEFAULT-R_, true",
    "default-r1, %r1, true",
    "default-r1, %, true",
    "default-r1, r1, false",
    "a.c, a.c, true",
    "abc, a.c, false"
  })
  void a_pattern_matches_as_in_sql(String id, String pattern, boolean matches) {
    assertThat(LikePattern.of(pattern).test(id)).isEqualTo(matches);
  }

  private static Reshard.Builder reshard(ReshardStatus status) {
    return Reshard.newBuilder()
        .setDatabase("default")
        .setChangeLogId("default-r2")
        .setCommandId("c")
        .setTableId(USERS.getTableId())
        .setTable("Users")
        .setStatus(status)
        .setPurpose(ReshardPurpose.RESHARD)
        .setSourceShards(List.of(0, 1))
        .setTargetShards(List.of(2, 3))
        .setStartedAt(1_000)
        .setUpdatedAt(5_500)
        .setPhases(
            List.of(
                new ReshardPhase(ReshardStatus.QUEUED, 1_000L, 1_200L),
                new ReshardPhase(ReshardStatus.COPYING, 1_200L, null)))
        .setTargets(List.of())
        .setMismatches(List.of());
  }

  private static List<String> lines(Result result) {
    assertThat(result.rows()).allMatch(row -> row.size() == result.columns().size());
    return result.rows().stream()
        .map(row -> String.join("|", Arrays.stream(row.toArray()).map(String::valueOf).toList()))
        .toList();
  }
}
