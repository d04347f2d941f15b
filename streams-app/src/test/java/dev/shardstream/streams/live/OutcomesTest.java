package dev.shardstream.streams.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  static {
    Events.trust(DdlResult.class);
  }

  private final Outcomes outcomes = new Outcomes();

  @Test
  void everybody_who_waits_for_a_command_gets_its_first_result_that_is_not_pending() {
    CompletableFuture<Optional<DdlResult>> one = outcomes.await("c", Duration.ofMinutes(1));
    CompletableFuture<Optional<DdlResult>> two = outcomes.await("c", Duration.ofMinutes(1));
    CompletableFuture<Optional<DdlResult>> other = outcomes.await("d", Duration.ofMinutes(1));
    outcomes.tell(result("c", DdlStatus.PENDING));
    assertThat(one).isNotDone();

    outcomes.tell(result("c", DdlStatus.ACCEPTED));
    outcomes.tell(result("c", DdlStatus.APPLIED));

    assertThat(one).isCompletedWithValue(Optional.of(result("c", DdlStatus.ACCEPTED)));
    assertThat(two).isCompletedWithValue(Optional.of(result("c", DdlStatus.ACCEPTED)));
    assertThat(other).isNotDone();
  }

  @Test
  void whoever_waits_too_long_gets_nothing() {
    assertThat(outcomes.await("c", Duration.ofMillis(1)).join()).isEmpty();
  }

  private static DdlResult result(String command, DdlStatus status) {
    return DdlResult.newBuilder()
        .setCommandId(command)
        .setDatabase("shop")
        .setStatus(status)
        .setAt(1)
        .setOperation("ADD_COLUMN")
        .setIssuedBy("test")
        .build();
  }
}
