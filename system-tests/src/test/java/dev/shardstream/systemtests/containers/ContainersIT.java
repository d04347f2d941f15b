package dev.shardstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The images do what the processes do, confined as deploy/compose.yaml confines them. */
class ContainersIT {
  private static final long SEED = 17;
  private static final int ROWS = 5_000;

  /** What a JVM says that ended because it was asked to by SIGTERM. */
  private static final int ENDED_BY_TERM = 128 + 15;

  /** What a reader may meet while a worker that it needs is away. */
  private static final Set<ErrorCode> AWAY =
      EnumSet.of(
          ErrorCode.SHARD_UNREACHABLE, ErrorCode.READ_TOO_STALE, ErrorCode.KAFKA_UNREACHABLE);

  private static ContainerCluster cluster;

  @BeforeAll
  static void start() {
    cluster = ContainerCluster.start(3);
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void a_table_is_resharded_and_verified_while_it_is_written_and_read() {
    Reshards reshards = new Reshards(cluster.client());
    try (LiveOrders orders =
        LiveOrders.load(cluster, "moved", 3, ROWS, SEED).withTraffic().atWork()) {
      ReshardInfo info = reshards.complete("moved", 5);

      System.out.printf("reshard in containers: %s%n", orders.gaps());
      assertThat(info.rowsCopied()).isGreaterThanOrEqualTo(ROWS / 2);
      assertThat(reshards.shards("moved")).isEqualTo(5);
      orders.mustBeWhole();
    }
  }

  @Test
  void a_worker_that_is_asked_to_end_does_so_in_order_and_one_that_is_killed_loses_nothing() {
    try (LiveOrders orders =
        LiveOrders.load(cluster, "kept", 3, ROWS, SEED)
            .withTraffic(ContainersIT::isAway)
            .atWork()) {
      OwnContainer asked = cluster.worker(1);
      ContainerState ended = asked.stopInOrder();
      assertThat(ended.getExitCodeLong()).isEqualTo(ENDED_BY_TERM);
      assertThat(asked.getLogs().lines())
          .allSatisfy(line -> assertThat(line).startsWith("{\"timestamp\":").endsWith("}"))
          .last()
          .asString()
          .contains("\"worker.stopped node=worker-1\"");
      asked.startAgain();
      orders.awaitServed();

      OwnContainer killed = cluster.worker(2);
      killed.killNow();
      killed.startAgain();
      orders.awaitServed();

      cluster.awaitHeard();
      new Reshards(cluster.client()).complete("kept", 4);
      orders.mustBeWhole();
    }
  }

  @Test
  void the_control_plane_ends_in_order_and_goes_on_with_what_it_had() {
    Reshards reshards = new Reshards(cluster.client());
    try (LiveOrders orders =
        LiveOrders.load(cluster, "steered", 2, ROWS, SEED).withTraffic().atWork()) {
      ReshardInfo started = reshards.start("steered", 4);
      reshards.awaitPhase(started, "copying");

      ContainerState ended = cluster.streams().stopInOrder();
      assertThat(ended.getExitCodeLong()).isEqualTo(ENDED_BY_TERM);
      cluster.streams().startAgain();

      reshards.completed(started);
      orders.mustBeWhole();
    }
  }

  @Test
  void no_process_is_root_or_can_write_anything_but_its_data() throws Exception {
    for (OwnContainer own : cluster.own()) {
      assertThat(own.execInContainer("bash", "-c", "id -u; touch /opt/shardstream/x; echo $?"))
          .satisfies(
              result ->
                  assertThat(result.getStdout().lines().toList()).containsExactly("10001", "1"));
    }
  }

  private static boolean isAway(RuntimeException failure) {
    return failure instanceof ShardstreamException known && AWAY.contains(known.code());
  }
}
