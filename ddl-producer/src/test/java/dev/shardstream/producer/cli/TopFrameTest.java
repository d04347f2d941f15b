package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.api.ClusterView;
import dev.shardstream.producer.api.NodeInfo;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ShardProgress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopFrameTest {
  private static final NodeInfo UP =
      new NodeInfo("n1", "up", "http://n1", 2, 70, 250, 1000, 10_000);
  private static final NodeInfo SILENT =
      new NodeInfo("n2", "silent", "http://n2", 1, 30, 500, 1000, 3_000);

  @Test
  void a_frame_shows_nodes_reshards_and_the_shards_that_are_furthest_behind() {
    ApplyRates rates = new ApplyRates();
    rates.see(view(List.of(shard(0, "n1", "applying", 100L, 8_000), shard(1, "n1", 5L, 8_000))));
    ClusterView now =
        new ClusterView(
            List.of(UP, SILENT),
            List.of(
                shard(0, "n1", "applying", 1_100L, 10_000),
                shard(1, "n1", 5L, 10_000),
                new ShardProgress(
                    "default",
                    "t",
                    "default-t-1",
                    2,
                    "replica",
                    "n2",
                    "silent",
                    30L,
                    null,
                    null,
                    9L,
                    "i",
                    3_000L)),
            List.of(reshard()));

    assertThat(TopFrame.text(now, rates.see(now)))
        .isEqualTo(
            """
nodes: 1 silent, 1 up
shards: 1 applying, 1 failed, 1 silent
reshards: 1 running
changes applied: 500 a second

 node | state  | shards | rows | changes/s | most_seconds_behind | disk_free
------+--------+--------+------+-----------+---------------------+-----------
 n1   | up     |      2 |   70 |       500 |                12.3 | 25%
 n2   | silent |      1 |   30 |      NULL |                NULL | 50%
(2 rows)

 reshard | table | purpose | phase   | copied | compared |  lag | waits_for
---------+-------+---------+---------+--------+----------+------+---------------
 r1      | t     | reshard | copying | 50%    |        0 | NULL | resumeReshard
(1 row)

 table     | shard | role    | node | state    | rows | changes/s | offsets_behind | seconds_behind
-----------+-------+---------+------+----------+------+-----------+----------------+----------------
 default.t |     2 | replica | n2   | silent   |   30 |      NULL |           NULL |           NULL
 default.t |     1 | owner   | n1   | failed   |   35 |         0 |             42 |           12.3
 default.t |     0 | owner   | n1   | applying |   35 |       500 |              0 |            0.4
(3 rows)
""");
  }

  @Test
  void a_cluster_without_anything_is_a_frame_too() {
    ClusterView nothing = new ClusterView(List.of(), List.of(), List.of());

    assertThat(TopFrame.text(nothing, new ApplyRates().see(nothing)))
        .startsWith(
            """
            nodes: none
            shards: none
            reshards: 0 running
            changes applied: ? a second
            """);
  }

  @Test
  void a_rate_is_not_known_of_a_process_that_has_just_begun_or_of_a_shard_that_counts_anew() {
    ApplyRates rates = new ApplyRates();
    rates.see(view(List.of(shard(0, "n1", "applying", 100L, 1_000))));
    assertThat(rates.isComplete()).isFalse();
    rates.see(view(List.of(shard(0, "n1", "applying", 110L, 2_000))));
    assertThat(rates.total()).isEqualTo(10);
    rates.see(view(List.of(shard(0, "n1", "applying", 200L, 2_100))));
    assertThat(rates.total()).as("too soon for another one").isEqualTo(10);
    rates.see(view(List.of(shard(0, "n1", "applying", 7L, 3_000))));
    assertThat(rates.total()).isNull();
    rates.see(view(List.of()));
    assertThat(rates.isComplete()).isTrue();
  }

  @Test
  void lag_is_a_row_for_each_shard_with_null_for_what_is_not_known() {
    List<ShardProgress> shards =
        List.of(
            shard(1, "n1", 5L, 10_000),
            new ShardProgress(
                "ns", "u", "ns-u-1", 0, "owner", "n2", "silent", null, null, null, null, null,
                null));

    assertThat(OutputFormat.TABLE.text(LagTable.COLUMNS, LagTable.rows(shards)))
        .isEqualTo(
            """
 table     | shard | role  | node | state  | offsets_behind | seconds_behind | applied_changes
-----------+-------+-------+------+--------+----------------+----------------+-----------------
 default.t |     1 | owner | n1   | failed |             42 |           12.3 |               5
 ns.u      |     0 | owner | n2   | silent |           NULL |           NULL |            NULL
(2 rows)
""");
    assertThat(OutputFormat.JSON.text(LagTable.COLUMNS, LagTable.rows(shards)))
        .isEqualTo(
            """
            {"columns":["table","shard","role","node","state","offsets_behind","seconds_behind",\
            "applied_changes"],"rows":[["default.t",1,"owner","n1","failed",42,12.3,5],\
            ["ns.u",0,"owner","n2","silent",null,null,null]]}
            """);
  }

  private static ClusterView view(List<ShardProgress> shards) {
    return new ClusterView(List.of(UP), shards, List.of());
  }

  private static ShardProgress shard(int id, String node, long applied, long at) {
    return new ShardProgress(
        "default",
        "t",
        "default-t-1",
        id,
        "owner",
        node,
        "failed",
        35L,
        42L,
        12_345L,
        applied,
        "i",
        at);
  }

  private static ShardProgress shard(
      int id, String node, String state, @Nullable Long applied, long at) {
    return new ShardProgress(
        "default", "t", "default-t-1", id, "owner", node, state, 35L, 0L, 400L, applied, "i", at);
  }

  private static ReshardInfo reshard() {
    return new ReshardInfo(
        "r1",
        "t",
        "default-t-1",
        "reshard",
        "copying",
        true,
        "resumeReshard",
        2,
        4,
        256,
        128,
        1000,
        500,
        7,
        null,
        0,
        0,
        10_000,
        15_000,
        Map.of(),
        List.of(),
        null,
        null,
        null);
  }
}
