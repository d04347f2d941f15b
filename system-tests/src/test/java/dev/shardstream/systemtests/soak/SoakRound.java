package dev.shardstream.systemtests.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/** One reshard under load, with what goes wrong meanwhile. */
final class SoakRound {
  private static final int MOST_SHARDS = 32;

  /** What readers meet when a process is away that they need. */
  private static final Set<ErrorCode> AWAY =
      EnumSet.of(
          ErrorCode.SHARD_UNREACHABLE,
          ErrorCode.SHARD_FAILED,
          ErrorCode.WRITE_NOT_APPLIED,
          ErrorCode.READ_TOO_STALE,
          ErrorCode.STALE_TOPOLOGY,
          ErrorCode.STATEMENT_TIMEOUT,
          ErrorCode.QUERY_FAILED,
          ErrorCode.KAFKA_UNREACHABLE,
          ErrorCode.REGISTRY_UNREACHABLE);

  /** Why a reshard may fail: somebody was away for too long. */
  private static final Set<String> LOST =
      Set.of(
          ErrorCode.NODE_LOST.name(), ErrorCode.SHARD_FAILED.name(), ErrorCode.TASK_FAILED.name());

  /**
   * @param status how the reshard has ended
   * @param unavailableReads reads that failed because a process was away
   */
  record Outcome(
      String status,
      int shards,
      List<Fault> faults,
      List<String> acts,
      long writes,
      long reads,
      long unavailableReads) {}

  private final RunningCluster cluster;
  private final long seed;
  private final LiveOrders orders;
  private final Random random;
  private final Duration lost;
  private final Reshards reshards;

  /**
   * @param lost longer than a node may be silent
   */
  SoakRound(RunningCluster cluster, LiveOrders orders, long seed, Duration lost) {
    this.cluster = cluster;
    this.orders = orders;
    this.seed = seed;
    // Seeds that follow each other give alike first numbers otherwise.
    this.random = new Random(new SplittableRandom(seed).nextLong());
    this.lost = lost;
    this.reshards = new Reshards(cluster.client());
  }

  /** Goes through it, and fails on the first thing that is wrong. */
  Outcome run() {
    int before = reshards.shards(orders.table());
    int wanted = 1 + random.nextInt(MOST_SHARDS);
    orders.withTraffic(SoakRound::isAway);
    ReshardInfo started = reshards.start(orders.table(), wanted);
    List<Fault> faults = new ArrayList<>();
    List<String> acts = new ArrayList<>();
    for (int number = random.nextInt(4); number > 0 && !reshards.now(started).ended(); number--) {
      if (random.nextInt(4) == 0) {
        acts.add(Act.any(random).perform(cluster.client(), reshards, started));
      } else {
        Fault fault = Fault.any(cluster.cluster(), random, lost);
        reshards.awaitPhase(started, fault.phase());
        faults.add(fault);
        fault.strike();
      }
    }
    ReshardInfo ended = reshards.ended(started);
    orders.stopTraffic();
    assertThat(cluster.cluster().processes())
        .as("no process ends by itself")
        .allMatch(JavaProcess::isAlive);
    Outcome outcome =
        new Outcome(
            ended.status(),
            reshards.shards(orders.table()),
            faults,
            acts,
            orders.acknowledged(),
            orders.reads(),
            orders.unavailableReads());
    System.out.println("soak: seed " + seed + ": " + outcome);
    judge(ended, outcome, before, wanted);
    orders.mustBeWhole();
    return outcome;
  }

  private static boolean isAway(RuntimeException failure) {
    return failure instanceof ShardstreamException known && AWAY.contains(known.code());
  }

  private static void judge(ReshardInfo ended, Outcome outcome, int before, int wanted) {
    if (ended.status().equals("complete")) {
      assertThat(ended.digestsCompared()).isEqualTo(256);
      assertThat(outcome.shards()).isEqualTo(wanted);
      return;
    }
    assertThat(outcome.shards()).as("%s leaves the table as it was", ended).isEqualTo(before);
    if (ended.status().equals("failed")) {
      assertThat(ended.errorCode()).as("%s after %s", ended, outcome).isIn(LOST);
      assertThat(outcome.faults()).as("%s has a cause", ended).isNotEmpty();
    } else {
      assertThat(outcome.acts()).as("%s was asked for", ended).isNotEmpty();
    }
  }
}
