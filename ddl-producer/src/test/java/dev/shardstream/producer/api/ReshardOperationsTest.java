package dev.shardstream.producer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.AnsweringControlPlane;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Throttle;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReshardOperationsTest {
  static {
    Events.trust(Table.class);
  }

  private static final Table USERS = SampleTables.USERS;

  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "bootstrap.servers", "x:1",
              "schema.registry.url", "mock://reshards",
              "issued.by", "ada",
              "command.timeout.ms", "200"));
  private final SampleTables.Fixed metadata = new SampleTables.Fixed(SampleTables.snapshot(1));
  private final List<Object> asked = new ArrayList<>();

  @Test
  void a_start_is_answered_when_it_is_queued_and_known() {
    ReshardOperations reshards =
        reshards(
            command -> {
              know(reshard("default-r1", ReshardStatus.QUEUED).build());
              return result(command, DdlStatus.ACCEPTED).setChangeLogId("default-r1").build();
            });
    ReshardInfo queued =
        reshards.start(
            "users",
            8,
            dev.shardstream.producer.api.ReshardOptions.CONFIGURED
                .withRowsPerSecond(10)
                .withGrace(Duration.ofSeconds(2))
                .withManualCutover()
                .withRepair());
    assertThat(queued.changeLogId()).isEqualTo("default-r1");
    assertThat(reshards.start("users", 8)).isEqualTo(queued);
    assertThat(asked)
        .containsExactly(
            new ReshardTable("users", 8, new ReshardOptions(10L, 2_000L, true, true), false),
            new ReshardTable("users", 8, null, false));
    assertThat(reshards.list()).containsExactly(queued);
    assertThat(reshards.find("default-r1")).contains(queued);
    assertThat(reshards.find("default-r9")).isEmpty();
  }

  @Test
  void an_explanation_is_the_plan_of_a_dry_run() {
    ReshardPlan plan = new ReshardPlan("users", List.of(0), List.of(), List.of(), 1L, 2L, 3L);
    ReshardOperations reshards =
        reshards(command -> result(command, DdlStatus.APPLIED).setPlan(plan).build());
    assertThat(reshards.explain("users", 8)).isEqualTo(PlannedReshard.of(plan, null));
    assertThat(asked).containsExactly(new ReshardTable("users", 8, null, true));
  }

  @Test
  void a_control_is_answered_with_what_it_did() {
    know(reshard("default-r1", ReshardStatus.COPYING).build());
    ReshardOperations reshards =
        reshards(
            command -> {
              know(reshard("default-r1", ReshardStatus.COPYING).setPaused(true).build());
              return result(command, DdlStatus.APPLIED).build();
            });
    assertThat(reshards.pause("default-r1").paused()).isTrue();
    assertThat(asked).containsExactly(new ControlReshard("default-r1", ReshardVerb.PAUSE));
  }

  @Test
  void a_retry_is_answered_with_the_reshard_that_does_it() {
    ReshardOperations reshards =
        reshards(
            command -> {
              know(reshard("default-r2", ReshardStatus.QUEUED).setRetryOf("default-r1").build());
              return result(command, DdlStatus.ACCEPTED).setChangeLogId("default-r2").build();
            });
    assertThat(reshards.retry("default-r1").retryOf()).isEqualTo("default-r1");
  }

  @Test
  void a_throttle_may_end_by_itself() {
    ReshardOperations reshards =
        reshards(
            command -> {
              ThrottleReshard throttle = (ThrottleReshard) command.getOperation();
              know(
                  reshard("default-r1", ReshardStatus.COPYING)
                      .setThrottle(new Throttle(throttle.getRowsPerSecond(), null))
                      .build());
              return result(command, DdlStatus.APPLIED).build();
            });
    assertThat(reshards.throttle("default-r1", 5).waitsFor())
        .isEqualTo("its throttle of 5 rows per second");
    assertThat(reshards.throttle("default-r1", 0, Duration.ofSeconds(3)).waitsFor()).isNull();
    assertThat(asked)
        .containsExactly(
            new ThrottleReshard("default-r1", 5L, null),
            new ThrottleReshard("default-r1", 0L, 3_000L));
  }

  @Test
  void what_cannot_be_done_is_thrown_with_its_reason() {
    ReshardOperations reshards =
        reshards(
            command ->
                result(command, DdlStatus.REJECTED)
                    .setCode("RESHARD_CANNOT")
                    .setMessage("Cannot cancel reshard 'default-r1': it has switched: roll it back")
                    .build());
    assertThatThrownBy(() -> reshards.cancel("default-r1"))
        .hasMessage("Cannot cancel reshard 'default-r1': it has switched: roll it back");
  }

  @Test
  void a_drain_is_answered_when_it_has_begun() {
    NodeOperations nodes =
        new NodeOperations(
            config,
            metadata,
            definitions(
                command ->
                    result(command, DdlStatus.ACCEPTED).setMessage("3 shards to move").build()));
    CommandReceipt receipt = nodes.drain("n1");
    assertThat(receipt)
        .isEqualTo(new CommandReceipt(receipt.commandId(), null, "accepted", "3 shards to move"));
    assertThat(asked).containsExactly(new DrainNode("n1"));
  }

  @Test
  void a_retry_that_was_made_already_is_answered_with_it() {
    know(
        reshard("default-r2", ReshardStatus.FAILED).setRetryOf("default-r1").build(),
        reshard("default-r3", ReshardStatus.COPYING).setRetryOf("default-r1").build());
    ReshardOperations reshards = reshards(command -> result(command, DdlStatus.APPLIED).build());
    assertThat(reshards.retry("default-r1").changeLogId()).isEqualTo("default-r3");
  }

  @Test
  void an_end_is_told_when_the_table_is_as_the_reshard_left_it() {
    know(reshard("default-r1", ReshardStatus.COMPLETE).build());
    MetadataSnapshot ended = metadata.snapshot();
    MetadataSnapshot half = with(topology(ended).setChangeLogId("default-r1").build());
    News news = new News(half, ended);

    ReshardInfo told =
        reshards(news, command -> result(command, DdlStatus.APPLIED).build())
            .await("default-r1", Duration.ofMinutes(1));

    assertThat(told.ended()).isTrue();
    assertThat(news.snapshot()).isEqualTo(ended);
  }

  @Test
  void a_rollback_is_told_when_the_table_has_its_sources_again() {
    know(reshard("default-r1", ReshardStatus.SWITCHING).build());
    MetadataSnapshot before = metadata.snapshot();
    know(reshard("default-r1", ReshardStatus.SWITCHING).setRolledBackAt(5L).build());
    MetadataSnapshot half = metadata.snapshot();
    MetadataSnapshot back = with(topology(half).setEpoch(2).build());
    News news = new News(before, half, back);

    ReshardInfo told =
        reshards(news, command -> result(command, DdlStatus.APPLIED).build())
            .rollback("default-r1");

    assertThat(told).isEqualTo(ReshardInfo.of(back.reshards().get("default-r1")));
    assertThat(news.snapshot()).isEqualTo(back);
  }

  private static Topology.Builder topology(MetadataSnapshot of) {
    return Topology.newBuilder(of.topologies().get(USERS.getTableId()));
  }

  private MetadataSnapshot with(Topology topology) {
    MetadataSnapshot now = metadata.snapshot();
    return new MetadataSnapshot(
        now.tablesById(), Map.of(topology.getTableId(), topology), now.reshards(), now.nodes());
  }

  /** What is read one after the other by whoever waits. */
  private static final class News extends SampleTables.Fixed {
    private final Deque<MetadataSnapshot> next;

    News(MetadataSnapshot... news) {
      super(news[0]);
      next = new ArrayDeque<>(List.of(news).subList(1, news.length));
    }

    @Override
    public boolean await(Predicate<MetadataSnapshot> condition, Duration timeout) {
      while (!condition.test(snapshot()) && !next.isEmpty()) {
        set(next.remove());
      }
      return condition.test(snapshot());
    }
  }

  @Test
  void a_control_says_how_the_reshard_is() {
    DdlResult done = silent(DdlStatus.APPLIED).build();
    assertThat(
            ReshardAnswers.controlled(
                ReshardVerb.PAUSE,
                done,
                reshard("r1", ReshardStatus.COPYING).setPaused(true).build()))
        .isEqualTo(
            Result.row(
                List.of("change_log_id", "verb", "status", "message"),
                "r1",
                "pause",
                "applied",
                "Reshard 'r1' of table 'users' is copying, paused; it waits for resumeReshard"));
    DdlResult again = silent(DdlStatus.ACCEPTED).setChangeLogId("r2").build();
    assertThat(
            ReshardAnswers.controlled(
                    ReshardVerb.RETRY, again, reshard("r2", ReshardStatus.QUEUED).build())
                .rows())
        .containsExactly(
            List.of("r2", "retry", "accepted", "Reshard 'r2' of table 'users' is queued"));
    assertThat(
            ReshardAnswers.controlled(
                    ReshardVerb.ROLLBACK,
                    done,
                    reshard("r1", ReshardStatus.SWITCHING).setRolledBackAt(5L).build())
                .rows())
        .containsExactly(
            List.of(
                "r1",
                "rollback",
                "applied",
                "Reshard 'r1' of table 'users' is rolled back; it waits for the end of the grace"
                    + " period, or completeReshard"));
    assertThat(
            List.of(new ThrottleReshard("r1", 5L, 60_000L), new ThrottleReshard("r1", 0L, null))
                .stream()
                .map(throttle -> ReshardAnswers.throttled(throttle, done).rows().get(0))
                .toList())
        .containsExactly(
            List.of(
                "r1",
                "throttle",
                "applied",
                "Reshard 'r1' copies at most 5 rows per second for 60 s"),
            List.of("r1", "throttle", "applied", "Reshard 'r1' copies as fast as it goes"));
  }

  private ReshardOperations reshards(Function<DdlCommand, DdlResult> answer) {
    return reshards(metadata, answer);
  }

  private ReshardOperations reshards(Metadata known, Function<DdlCommand, DdlResult> answer) {
    return new ReshardOperations(config, known, definitions(known, answer));
  }

  private Definitions definitions(Function<DdlCommand, DdlResult> answer) {
    return definitions(metadata, answer);
  }

  private Definitions definitions(Metadata known, Function<DdlCommand, DdlResult> answer) {
    return new Definitions(
        config,
        known,
        AnsweringControlPlane.publisher(
            config,
            command -> {
              asked.add(command.getOperation());
              return List.of(answer.apply(command));
            }));
  }

  private void know(Reshard... reshards) {
    MetadataSnapshot now = metadata.snapshot();
    metadata.set(
        new MetadataSnapshot(
            now.tablesById(),
            now.topologies(),
            List.of(reshards).stream()
                .collect(Collectors.toMap(Reshard::getChangeLogId, Function.identity())),
            now.nodes()));
  }

  private static DdlResult.Builder result(DdlCommand command, DdlStatus status) {
    return DdlResult.newBuilder(
        AnsweringControlPlane.result(command, status, USERS.getTableId(), 1));
  }

  private static DdlResult.Builder silent(DdlStatus status) {
    return DdlResult.newBuilder()
        .setCommandId("c")
        .setDatabase("default")
        .setStatus(status)
        .setAt(1)
        .setOperation("X")
        .setIssuedBy("ada");
  }

  private static Reshard.Builder reshard(String id, ReshardStatus status) {
    return Reshard.newBuilder()
        .setDatabase("default")
        .setChangeLogId(id)
        .setCommandId("c")
        .setTableId(USERS.getTableId())
        .setTable("users")
        .setStatus(status)
        .setSourceShards(List.of(0))
        .setTargetShards(List.of(1))
        .setStartedAt(1)
        .setUpdatedAt(1)
        .setPhases(List.of())
        .setTargets(List.of());
  }
}
