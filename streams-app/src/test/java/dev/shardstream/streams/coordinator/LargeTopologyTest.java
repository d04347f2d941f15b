package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.TopologySize;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A topology is one record: what would make it larger than Kafka takes is refused. */
class LargeTopologyTest {
  private static final String[] NODES = {"a", "b", "c", "d", "e", "f", "g", "h"};

  private final Scenario scenario = new Scenario(NODES);

  private static DdlCommand range(String id, int shards, int replicas) {
    long[] splitAt = LongStream.range(1, shards).toArray();
    return Commands.of(id, Commands.rangeTable("orders", splitAt).setReplicas(replicas).build());
  }

  /** A node that is lost is taken to be gone for good. */
  private static Limits impatient() {
    Limits d = Limits.defaults();
    return new Limits(
        d.nodeTimeout(),
        d.taskTimeout(),
        d.taskAttempts(),
        d.lagBound(),
        d.verifyTimeout(),
        d.verifyAttempts(),
        d.grace(),
        d.dependencyTimeout(),
        d.copyRowsPerSecond(),
        d.liveQueryTimeout(),
        d.progressInterval(),
        d.backoffLag(),
        d.estimateRowsPerSecond(),
        d.tablesAtOnce(),
        0,
        0);
  }

  private void assertRefused(String command, String message) {
    assertThat(scenario.results(command)).last().isEqualTo("REJECTED INVALID_ARGUMENT");
    assertThat(scenario.message(command)).contains(message, "900000 that fit into a record");
  }

  private List<Topology> stored() {
    return scenario.journal().stream()
        .filter(Decision.TopologyStored.class::isInstance)
        .map(d -> ((Decision.TopologyStored) d).topology())
        .toList();
  }

  private void assertAllFit() throws IOException {
    for (Topology topology : stored()) {
      assertThat(topology.toByteBuffer().remaining()).isLessThan(950_000);
    }
  }

  @Test
  void a_table_with_too_many_shards_is_refused_before_anything_of_it_is_stored() {
    scenario.send(range("c1", 256, 8));

    assertThat(scenario.results("c1")).containsExactly("REJECTED INVALID_ARGUMENT");
    assertRefused("c1", "the topology of table 'orders' would have ");
    assertRefused("c1", " bytes with 2048 shards at a time");
    assertThat(scenario.state().tables()).isEmpty();
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void as_many_shards_as_there_can_be_of_a_hash_table_fit() throws IOException {
    scenario.send(Commands.of("c1", Commands.table("orders", 256).setReplicas(8).build()));
    scenario.run(2_000);

    assertThat(scenario.results("c1")).endsWith("APPLIED");
    assertThat(scenario.topology().getShards()).hasSize(2_048);
    assertAllFit();
  }

  @Test
  void a_reshard_counts_the_shards_that_are_there_beside_those_that_it_makes() {
    scenario.send(range("c1", 100, 8));
    scenario.run(2_000);
    List<Topology> before = stored();
    scenario.send(Commands.explain("c2", "orders", 200, null));
    scenario.send(Commands.reshard("c3", "orders", 200));

    assertRefused("c2", " bytes with 2400 shards at a time");
    assertRefused("c3", " bytes with 2400 shards at a time");
    assertThat(stored()).isEqualTo(before);
    assertThat(scenario.state().reshards()).isEmpty();
  }

  @Test
  void split_points_that_are_too_long_fail_a_reshard_before_its_targets_are_stored()
      throws IOException {
    scenario.send(range("c1", 1, 8));
    scenario.run(2_000);
    scenario.send(Commands.reshard("c2", "orders", 235));
    scenario.run(2_000);

    assertThat(scenario.results("c2")).last().isEqualTo("REJECTED RESHARD_FAILED");
    assertThat(scenario.message("c2"))
        .contains("the topology of table 'orders' would have ", "fit into a record");
    assertThat(scenario.topology().getShards()).hasSize(8);
    assertThat(scenario.topology().getChangeLogId()).isNull();
    assertAllFit();
  }

  @Test
  void replicas_that_could_never_all_be_made_are_refused() {
    scenario.send(range("c1", 256, 1));
    scenario.run(2_000);
    scenario.send(Commands.alter("c2", "orders", new SetReplicas(8)));

    assertRefused("c2", " bytes with 2048 shards at a time");
    assertThat(scenario.state().table(Scenario.TABLE).orElseThrow().getReplicas()).isEqualTo(1);
  }

  @Test
  void replicas_are_made_again_as_far_as_they_fit_beside_those_that_are_lost() throws IOException {
    IntStream.range(0, 4).forEach(i -> scenario.nodes().add("spare-" + i));
    scenario.run(1_000);
    scenario.send(range("c1", 190, 8));
    scenario.run(2_000);
    assertThat(scenario.results("c1")).endsWith("APPLIED");
    List.of("a", "b", "c", "d").forEach(scenario.nodes()::kill);
    scenario.hold(task -> true);
    scenario.limits = impatient();
    scenario.run(32_000);

    assertThat(scenario.topology().getChangeLogId()).isNotNull();
    int made = scenario.topology().getShards().size() - 190 * 8;
    assertThat(made).isBetween(1, 190 * 8 / 3);
    assertAllFit();
  }

  @Test
  void rows_are_made_anew_from_the_log_as_far_as_they_fit() throws IOException {
    String[] longNames =
        IntStream.range(0, 8).mapToObj(i -> i + "n".repeat(99)).toArray(String[]::new);
    Scenario lost = new Scenario(longNames);
    lost.send(range("c1", 190, 8));
    lost.run(2_000);
    assertThat(lost.results("c1")).endsWith("APPLIED");
    lost.nodes().add("spare");
    lost.run(1_000);
    List.of(longNames).forEach(lost.nodes()::kill);
    lost.hold(task -> true);
    lost.limits = impatient();
    lost.run(32_000);

    int made = lost.topology().getShards().size() - 190 * 8;
    assertThat(made).isBetween(1, 189);
    assertThat(lost.topology().toByteBuffer().remaining()).isLessThan(TopologySize.MOST_BYTES);
  }
}
