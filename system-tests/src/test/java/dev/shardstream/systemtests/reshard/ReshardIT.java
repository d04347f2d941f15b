package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ReshardOptions;
import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableDescription;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables change their shard count while they are written and read. */
class ReshardIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final long SEED = 42;
  private static final int ROWS = 6_000;

  private Reshards reshards;

  @BeforeEach
  void use_the_shared_client() {
    reshards = new Reshards(CLUSTER.client());
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({"1, 3", "8, 3"})
  void nothing_is_lost_or_read_wrong_while_writers_and_readers_go_on(int from, int to) {
    String table = "live_" + from + "_" + to;
    try (LiveOrders orders =
        LiveOrders.load(CLUSTER, table, from, ROWS, SEED).withTraffic().atWork()) {
      long writesBefore = orders.acknowledged();
      long readsBefore = orders.reads();
      orders.watchGaps();

      ReshardInfo info = reshards.complete(table, to);

      System.out.printf("reshard without a fault, %d to %d: %s%n", from, to, orders.gaps());
      assertThat(orders.acknowledged()).isGreaterThan(writesBefore);
      assertThat(orders.reads()).isGreaterThan(readsBefore);
      assertThat(List.of(info.sourceShards(), info.targetShards())).isEqualTo(List.of(from, to));
      assertThat(info.rowsCopied()).isGreaterThanOrEqualTo(ROWS / 2);
      assertThat(reshards.shards(table)).isEqualTo(to);
      orders.mustBeWhole();
    }
  }

  @Test
  void a_table_goes_from_3_to_5_to_2_shards_under_the_same_traffic() {
    try (LiveOrders orders =
        LiveOrders.load(CLUSTER, "twice", 3, ROWS, SEED).withTraffic().atWork()) {
      reshards.complete("twice", 5);
      assertThat(reshards.shards("twice")).isEqualTo(5);
      reshards.complete("twice", 2);

      TableDescription table = CLUSTER.client().tables().describe("twice");
      assertThat(table.epoch()).isEqualTo(3);
      assertThat(table.shards().stream().map(ShardInfo::id)).containsExactly(8, 9);
      assertThat(table.shards().stream().map(ShardInfo::virtualShards))
          .containsExactly("0-127", "128-255");
      assertThat(table.shards().stream().map(ShardInfo::status)).containsOnly("active");
      orders.mustBeWhole();
    }
  }

  @Test
  void an_empty_table_is_resharded() {
    CLUSTER.client().execute("CREATE TABLE empty_one (id BIGINT PRIMARY KEY) WITH (SHARDS=2)");

    ReshardInfo info = reshards.complete("empty_one", 3);

    assertThat(info.rowsCopied()).isZero();
    assertThat(reshards.shards("empty_one")).isEqualTo(3);
    CLUSTER.client().execute("INSERT INTO empty_one VALUES (1), (2), (3)");
    assertThat(CLUSTER.client().execute("SELECT id FROM empty_one ORDER BY id").rows())
        .isEqualTo(List.of(List.of(1L), List.of(2L), List.of(3L)));
  }

  @Test
  void two_tables_are_resharded_at_the_same_time_and_do_not_touch_each_other() {
    try (LiveOrders left = LiveOrders.load(CLUSTER, "left_one", 2, 3_000, SEED).withTraffic();
        LiveOrders right = LiveOrders.load(CLUSTER, "right_one", 3, 3_000, SEED + 1)) {
      ReshardInfo first =
          reshards.start("left_one", 4, ReshardOptions.CONFIGURED.withManualCutover());
      ReshardInfo second = reshards.start("right_one", 1);
      assertThat(first.changeLogId()).isNotEqualTo(second.changeLogId());
      assertThat(reshards.now(first).ended()).isFalse();
      CLUSTER.client().reshards().cutOver(first.changeLogId());

      reshards.completed(second);
      reshards.completed(first);

      assertThat(List.of(reshards.shards("left_one"), reshards.shards("right_one")))
          .isEqualTo(List.of(4, 1));
      left.mustBeWhole();
      right.mustBeWhole();
    }
  }

  @Test
  void the_statement_answers_at_once_and_show_tables_and_show_reshards_tell_the_end() {
    Shardstream client = CLUSTER.client();
    client.execute("CREATE TABLE shown (id BIGINT PRIMARY KEY, name TEXT) WITH (SHARDS=2)");
    client.execute("INSERT INTO shown VALUES (1, 'a'), (2, 'b')");

    Result queued = client.execute("PRAGMA reshardTable('shown', 3)");

    assertThat(queued.columns())
        .isEqualTo(
            List.of(
                "change_log_id",
                "status",
                "message",
                "table_name",
                "source_shard_count",
                "target_shard_count"));
    List<Object> row = queued.rows().get(0);
    String id = String.valueOf(row.get(0));
    assertThat(Arrays.asList(row.get(1), row.get(3), row.get(4), row.get(5)))
        .isEqualTo(Arrays.asList("queued", "shown", 2L, 3L));
    client.reshards().await(id, Patience.ONE_STEP);
    assertThat(reshards.shards("shown")).isEqualTo(3);
    Result all = client.execute("SHOW RESHARDS");
    int idAt = all.columns().indexOf("change_log_id");
    assertThat(
            all.rows().stream()
                .filter(reshard -> id.equals(reshard.get(idAt)))
                .map(
                    reshard ->
                        Arrays.asList(
                            reshard.get(all.columns().indexOf("table_name")),
                            reshard.get(all.columns().indexOf("status")),
                            reshard.get(all.columns().indexOf("source_shard_count")),
                            reshard.get(all.columns().indexOf("target_shard_count")),
                            reshard.get(all.columns().indexOf("digests_compared")),
                            reshard.get(all.columns().indexOf("error")))))
        .containsExactly(Arrays.asList("shown", "complete", 2L, 3L, 256L, null));
  }

  @Test
  void a_client_that_was_opened_before_reads_and_writes_correctly_after() {
    try (Shardstream early = CLUSTER.connect()) {
      early.execute("CREATE TABLE early (id BIGINT PRIMARY KEY, name TEXT) WITH (SHARDS=4)");
      early.execute("INSERT INTO early VALUES (1, 'one'), (2, 'two'), (3, 'three')");

      reshards.complete("early", 2);

      assertThat(early.execute("SELECT id, name FROM early ORDER BY id").rows())
          .isEqualTo(List.of(List.of(1L, "one"), List.of(2L, "two"), List.of(3L, "three")));
      early.execute("UPDATE early SET name = 'deux' WHERE id = 2");
      early.execute("INSERT INTO early VALUES (4, 'four')");
      assertThat(early.execute("SELECT name FROM early WHERE id IN (2, 4) ORDER BY id").rows())
          .isEqualTo(List.of(List.of("deux"), List.of("four")));
      assertThat(early.execute("SELECT count(*) FROM early").rows())
          .isEqualTo(List.of(List.of(4L)));
    }
  }

  @Test
  void drop_and_a_second_reshard_are_refused_in_every_phase_that_is_seen() {
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "refused", 2, ROWS, SEED)) {
      ReshardInfo started =
          reshards.start(
              orders.table(), 5, ReshardOptions.CONFIGURED.withGrace(Duration.ofMinutes(10)));
      Set<String> refusedIn = new LinkedHashSet<>();
      ReshardInfo before = started;
      while (!before.ended()) {
        ShardstreamException drop = refusal("DROP TABLE refused");
        ShardstreamException again = refusal("PRAGMA reshardTable(refused, 3)");
        if (drop == null || again == null) {
          assertThat(isOver(started)).as("refused while %s", before.status()).isTrue();
          break;
        }
        assertThat(drop.code()).isEqualTo(ErrorCode.DROP_DURING_RESHARD);
        assertThat(drop).hasMessage("Cannot DROP table 'refused' while resharding is in progress");
        assertThat(again.code()).isEqualTo(ErrorCode.RESHARD_IN_PROGRESS);
        assertThat(again)
            .hasMessage(
                "Table 'refused' is already being resharded (change_log_id "
                    + started.changeLogId()
                    + ")");
        boolean isNew = refusedIn.add(before.status());
        if (isNew && before.status().equals("switching")) {
          CLUSTER.client().reshards().complete(started.changeLogId());
        }
        before = reshards.now(started);
      }
      assertThat(refusedIn).contains("switching").hasSizeGreaterThan(1);
    }
  }

  /** By what the control plane says: this client may hear of the end after it was decided. */
  private static boolean isOver(ReshardInfo started) {
    ShardstreamException refused = refusal("PRAGMA resumeReshard('" + started.changeLogId() + "')");
    return refused != null
        && (refused.code() == ErrorCode.RESHARD_NOT_FOUND
            || refused.getMessage().contains("it is complete"));
  }

  private static ShardstreamException refusal(String statement) {
    return catchThrowableOfType(
        ShardstreamException.class, () -> CLUSTER.client().execute(statement));
  }
}
