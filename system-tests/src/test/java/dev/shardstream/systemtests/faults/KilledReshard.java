package dev.shardstream.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ReshardOperations;
import dev.shardstream.producer.api.ReshardOptions;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.systemtests.cluster.HeldProcess;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import dev.shardstream.systemtests.reshard.ShardFiles;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A reshard of a live table in which a process dies by SIGKILL, is started again at once, and dies
 * again later. The table has shards on both nodes of the cluster.
 *
 * <p>Moments are made long enough to be met: by a slow copy, by a grace period that only the test
 * ends, and by holding the second node still where the first one dies. A kill that comes too late
 * all the same is told, so that it can be tried in another reshard.
 */
final class KilledReshard {
  private static final Duration POLL = Duration.ofMillis(5);
  private static final long ROWS_PER_SECOND = 20;
  private static final Duration GRACE = Duration.ofMinutes(30);

  private final RunningCluster running;
  private final LiveOrders orders;
  private final Victim victim;
  private final Set<KilledMoment> wanted;
  private final Set<KilledMoment> met = EnumSet.noneOf(KilledMoment.class);
  private final Reshards reshards;
  private final ReshardOperations controls;

  /**
   * @param wanted when to kill
   */
  KilledReshard(
      RunningCluster running, LiveOrders orders, Victim victim, Set<KilledMoment> wanted) {
    this.running = running;
    this.orders = orders;
    this.victim = victim;
    this.wanted = EnumSet.copyOf(wanted);
    this.reshards = new Reshards(running.client());
    this.controls = running.client().reshards();
  }

  /** Something that the reshard is asked for. */
  private interface Step {
    ReshardInfo take();
  }

  /**
   * Runs it to its end.
   *
   * @return the moments at which a kill met it
   */
  Set<KilledMoment> completed() {
    ShardFiles sources = files();
    ReshardInfo reshard = copied();
    for (KilledMoment moment : List.of(KilledMoment.REPLAYING, KilledMoment.VERIFYING)) {
      reshards.awaitPhase(reshard, moment.status());
      at(moment, () -> reshard);
    }
    reshards.awaitPhase(reshard, "switching");
    at(KilledMoment.SWITCHING, () -> reshard);
    at(KilledMoment.DROPPING_SOURCES, () -> graceEnded(reshard, sources));
    reshards.completed(reshard);
    return met;
  }

  /**
   * Runs it, rolls it back after its switch, and waits for its end.
   *
   * @return the moments at which a kill met it
   */
  Set<KilledMoment> rolledBack() {
    ReshardInfo reshard = copied();
    reshards.awaitPhase(reshard, "switching");
    at(KilledMoment.ROLLED_BACK, () -> rollback(reshard));
    controls.complete(reshard.changeLogId());
    assertThat(reshards.ended(reshard).status()).isEqualTo("rolled_back");
    return met;
  }

  private ReshardInfo copied() {
    int shards = reshards.shards(orders.table()) == 2 ? 3 : 2;
    ReshardOptions options =
        ReshardOptions.CONFIGURED.withRowsPerSecond(ROWS_PER_SECOND).withGrace(GRACE);
    ReshardInfo reshard =
        at(KilledMoment.QUEUED, () -> controls.start(orders.table(), shards, options));
    reshards.awaitPhase(reshard, "copying");
    at(KilledMoment.COPYING, () -> reshard);
    controls.throttle(reshard.changeLogId(), 0);
    return reshard;
  }

  private ReshardInfo rollback(ReshardInfo reshard) {
    await("the sources are level with the log")
        .atMost(Patience.ONE_STEP)
        .ignoreExceptions()
        .until(() -> controls.rollback(reshard.changeLogId()) != null);
    return reshard;
  }

  private ReshardInfo graceEnded(ReshardInfo reshard, ShardFiles sources) {
    controls.complete(reshard.changeLogId());
    await("the first node deletes its sources")
        .atMost(Patience.ONE_STEP)
        .pollInterval(POLL)
        .until(() -> sources.areGoneFrom(running.cluster().worker(1)));
    return reshard;
  }

  /** The files of the shards that serve now. */
  private ShardFiles files() {
    Cluster cluster = running.cluster();
    return ShardFiles.active(cluster, running.client().tables().describe(orders.table()));
  }

  /** Takes a step; if it is wanted, the process dies then and has to be everybody's again. */
  private ReshardInfo at(KilledMoment moment, Step step) {
    if (!wanted.contains(moment)) {
      return step.take();
    }
    JavaProcess process = victim.in(running.cluster());
    orders.watchGaps();
    ReshardInfo reshard =
        victim == Victim.WORKER || moment == KilledMoment.DROPPING_SOURCES
            ? HeldProcess.during(
                running.cluster().worker(2), () -> killedAfter(step, process, moment))
            : killedAfter(step, process, moment);
    long killedAt = System.nanoTime();
    process.start();
    running.client().execute("DROP TABLE IF EXISTS nothing_of_that_name");
    Duration away = Duration.ofNanos(System.nanoTime() - killedAt);
    orders.awaitServed();
    System.out.printf(
        "%s killed, %s: %s; it was back and a command answered after %d ms%s%n",
        victim,
        moment,
        orders.gaps(),
        away.toMillis(),
        met.contains(moment) ? "" : "; too late for that moment");
    return reshard;
  }

  private ReshardInfo killedAfter(Step step, JavaProcess process, KilledMoment moment) {
    ReshardInfo reshard = step.take();
    process.kill();
    if (reshards.now(reshard).status().equals(moment.status())) {
      met.add(moment);
    }
    return reshard;
  }
}
