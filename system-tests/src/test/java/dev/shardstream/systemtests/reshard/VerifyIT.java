package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ReshardOptions;
import dev.shardstream.producer.api.TableDescription;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.ShardFiles.Damage;
import dev.shardstream.systemtests.reshard.ShardFiles.Spot;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A copy that is not its source is found by verify, and the switch does not happen. */
class VerifyIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final long SEED = 3;
  private static final int SOURCES = 2;
  private static final String TABLE = "damaged";

  @Test
  void a_damaged_target_fails_the_reshard_and_the_table_is_as_before() throws SQLException {
    Reshards reshards = new Reshards(CLUSTER.client());
    try (LiveOrders orders = LiveOrders.load(CLUSTER, TABLE, SOURCES, 3_000, SEED).withTraffic()) {
      for (Damage damage : Damage.values()) {
        mustFail(damage, orders.untouchedKey(), reshards);
      }

      reshards.complete(TABLE, 3);
      assertThat(reshards.shards(TABLE)).isEqualTo(3);
      orders.mustBeWhole();
    }
  }

  private static void mustFail(Damage damage, long key, Reshards reshards) throws SQLException {
    TableDescription before = CLUSTER.client().tables().describe(TABLE);
    ReshardInfo started = reshards.start(TABLE, 3, ReshardOptions.CONFIGURED.withManualCutover());
    // It has verified once and waits for its word; what comes then is a whole verify.
    reshards.awaitHeld(started);
    Spot spot = pending(CLUSTER, TABLE).damage(damage, key);
    CLUSTER.client().reshards().cutOver(started.changeLogId());

    ReshardInfo ended = reshards.ended(started);

    assertThat(Arrays.asList(ended.status(), ended.errorCode(), ended.mismatches()))
        .as("%s: %s", damage, ended)
        .isEqualTo(Arrays.asList("failed", "VERIFY_MISMATCH", 1));
    assertThat(ended.errorMessage())
        .isEqualTo(
            "Verify found 1 virtual shards that differ: %d; keys (%d)"
                .formatted(spot.virtualShard(), damage.keyAt(spot)));
    assertThat(CLUSTER.client().tables().describe(TABLE)).isEqualTo(before);
    assertThat(reshards.shards(TABLE)).isEqualTo(SOURCES);
  }

  /** The files of the targets of a running reshard. */
  static ShardFiles pending(RunningCluster cluster, String table) {
    return ShardFiles.pending(cluster.cluster(), cluster.client().tables().describe(table));
  }
}
