package dev.shardstream.streams.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.serde.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReshardTransitionTest {
  static {
    Events.trust(Reshard.class);
  }

  private static final Map<String, ReshardStatus> LEGAL =
      Map.ofEntries(
          Map.entry("QUEUED TARGETS_CHOSEN", ReshardStatus.QUEUED),
          Map.entry("QUEUED TARGETS_CREATED", ReshardStatus.COPYING),
          Map.entry("QUEUED FAULT", ReshardStatus.FAILED),
          Map.entry("COPYING TARGETS_COPIED", ReshardStatus.REPLAYING),
          Map.entry("COPYING FAULT", ReshardStatus.FAILED),
          Map.entry("REPLAYING CAUGHT_UP", ReshardStatus.VERIFYING),
          Map.entry("REPLAYING FAULT", ReshardStatus.FAILED),
          Map.entry("VERIFYING DIGESTS_EQUAL", ReshardStatus.SWITCHING),
          Map.entry("VERIFYING DIGESTS_DIFFER", ReshardStatus.FAILED),
          Map.entry("VERIFYING FELL_BEHIND", ReshardStatus.REPLAYING),
          Map.entry("VERIFYING FAULT", ReshardStatus.FAILED),
          Map.entry("QUEUED CANCEL_ASKED", ReshardStatus.CANCELLED),
          Map.entry("COPYING CANCEL_ASKED", ReshardStatus.CANCELLED),
          Map.entry("REPLAYING CANCEL_ASKED", ReshardStatus.CANCELLED),
          Map.entry("VERIFYING CANCEL_ASKED", ReshardStatus.CANCELLED),
          Map.entry("VERIFYING REPAIR", ReshardStatus.COPYING),
          Map.entry("VERIFYING HELD", ReshardStatus.VERIFYING),
          Map.entry("VERIFYING PROVED", ReshardStatus.COMPLETE),
          Map.entry("VERIFYING REPLICAS_EQUAL", ReshardStatus.COMPLETE),
          Map.entry("SWITCHING ROLLBACK_ASKED", ReshardStatus.SWITCHING),
          Map.entry("SWITCHING TARGETS_DROPPED", ReshardStatus.ROLLED_BACK),
          Map.entry("SWITCHING SOURCES_DROPPED", ReshardStatus.COMPLETE));

  @Test
  void the_protocol_page_prints_this_table() throws IOException {
    assertThat(Files.readString(Path.of("../docs/protocol.md")))
        .contains(ReshardTransition.markdown());
  }

  @Test
  void every_cell_leads_where_the_table_says_or_nowhere() {
    Map<String, ReshardStatus> found = new TreeMap<>();
    for (ReshardStatus from : ReshardStatus.values()) {
      for (ReshardEvent on : ReshardEvent.values()) {
        ReshardTransition.next(from, on).ifPresent(to -> found.put(from + " " + on, to));
        if (ReshardTransition.next(from, on).isEmpty()) {
          assertThatIllegalStateException()
              .isThrownBy(() -> Phases.after(in(from), on, 5))
              .withMessageContaining(on + " cannot happen in " + from);
        }
      }
    }
    assertThat(found).isEqualTo(LEGAL);
  }

  @Test
  void a_step_closes_a_phase_and_opens_the_next() {
    assertThat(Phases.after(in(ReshardStatus.QUEUED), ReshardEvent.FAULT, 5).build().getPhases())
        .containsExactly(
            new ReshardPhase(ReshardStatus.QUEUED, 1L, 5L),
            new ReshardPhase(ReshardStatus.FAILED, 5L, 5L));
  }

  @Test
  void the_table_prints_one_line_per_step() {
    assertThat(ReshardTransition.markdown().lines())
        .hasSize(2 + LEGAL.size())
        .contains(
            "| verifying | digests equal | switching | one topology record: targets active,"
                + " sources to_be_deleted, epoch + 1 |");
  }

  private static Reshard in(ReshardStatus status) {
    return Reshard.newBuilder()
        .setDatabase("shop")
        .setChangeLogId("shop-r1")
        .setCommandId("c")
        .setTableId("shop-orders-1")
        .setTable("orders")
        .setStatus(status)
        .setSourceShards(List.of(0))
        .setTargetShards(List.of(1))
        .setStartedAt(1)
        .setUpdatedAt(1)
        .setPhases(List.of(new ReshardPhase(status, 1L, null)))
        .setTargets(List.of())
        .build();
  }
}
