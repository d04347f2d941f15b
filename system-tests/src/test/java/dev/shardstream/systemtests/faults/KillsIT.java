package dev.shardstream.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes die by SIGKILL at every moment of a reshard, under load, and come back. What was missed
 * meanwhile is printed, a line for each kill.
 */
@Order(RunningCluster.KILLED)
class KillsIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final long SEED = 7;
  private static final int ROWS = 4_000;
  private static final int MOST_RESHARDS = 20;

  /** A reshard and who dies in it. */
  private interface Run {
    Set<KilledMoment> of(KilledReshard reshard);
  }

  @AfterEach
  void whatever_was_killed_runs_again() {
    CLUSTER.cluster().processes().stream()
        .filter(process -> !process.isAlive())
        .forEach(JavaProcess::start);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void a_reshard_completes_though_a_process_dies_in_each_of_its_phases(Victim victim) {
    try (LiveOrders orders = load("completes_", victim)) {
      kill(orders, victim, victim.moments(), KilledReshard::completed);
      orders.mustBeWhole();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"WORKER", "STREAMS_APP"})
  void a_reshard_is_rolled_back_though_a_process_dies_meanwhile(Victim victim) {
    try (LiveOrders orders = load("rolled_back_", victim)) {
      kill(orders, victim, EnumSet.of(KilledMoment.ROLLED_BACK), KilledReshard::rolledBack);
      assertThat(new Reshards(CLUSTER.client()).shards(orders.table())).isEqualTo(2);
      orders.mustBeWhole();
    }
  }

  private static LiveOrders load(String prefix, Victim victim) {
    String table = prefix + victim.ordinal();
    return LiveOrders.load(CLUSTER, table, 2, ROWS, SEED).withTraffic(victim::excuses).atWork();
  }

  /** Until a kill has met a reshard at each of the moments; some are short. */
  private static void kill(LiveOrders orders, Victim victim, Set<KilledMoment> moments, Run run) {
    Set<KilledMoment> missing = EnumSet.copyOf(moments);
    for (int count = 0; !missing.isEmpty() && count < MOST_RESHARDS; count++) {
      missing.removeAll(run.of(new KilledReshard(CLUSTER, orders, victim, missing)));
    }
    assertThat(missing).as("moments that no kill has met").isEmpty();
  }
}
