package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.api.CommandReceipt;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.serde.Events;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandWatchTest {
  static {
    Events.trust(DdlResult.class);
  }

  private final StringWriter out = new StringWriter();

  @Test
  void each_transition_that_says_something_new_is_a_line_until_the_command_is_applied() {
    watch(
        result("other", DdlStatus.APPLIED, null),
        result("c1", DdlStatus.PENDING, "before it began"),
        result("c1", DdlStatus.ACCEPTED, "3 shards to move"),
        result("c1", DdlStatus.ACCEPTED, "1 shard to move"),
        result("c1", DdlStatus.ACCEPTED, "1 shard to move"),
        result("c1", DdlStatus.APPLIED, null),
        result("c1", DdlStatus.ACCEPTED, "never seen"));
    assertThat(out.toString())
        .isEqualTo("Command c1 is accepted: 1 shard to move\nCommand c1 is applied\n");
  }

  @Test
  void a_rejection_is_an_error_with_its_code() {
    DdlResult rejected =
        DdlResult.newBuilder(result("c1", DdlStatus.REJECTED, "node 'n1' is gone"))
            .setCode("NODE_LOST")
            .build();
    assertThatThrownBy(() -> watch(rejected)).hasMessage("node 'n1' is gone");
    assertThat(out.toString()).isEmpty();
  }

  private void watch(DdlResult... results) {
    CommandWatch.follow(
        new CommandReceipt("c1", null, "accepted", "3 shards to move"),
        (Predicate<DdlResult> sink) ->
            List.of(results).stream().takeWhile(sink).forEach(more -> {}),
        new PrintWriter(out, true));
  }

  private static DdlResult result(String id, DdlStatus status, @Nullable String message) {
    return DdlResult.newBuilder()
        .setCommandId(id)
        .setDatabase("default")
        .setStatus(status)
        .setAt(1)
        .setOperation("DRAIN_NODE")
        .setIssuedBy("ada")
        .setMessage(message)
        .build();
  }
}
