package dev.shardstream.producer.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DdlResultsTest {
  private final DdlResults results = new DdlResults();

  @Test
  void whoever_waits_gets_the_first_result_that_is_far_enough() {
    try (DdlResults.Expectation expectation = results.expect("c1")) {
      results.accept(result("c1", DdlStatus.PENDING));
      results.accept(result("other", DdlStatus.APPLIED));
      assertThat(expectation.await(DdlStatus.ACCEPTED, Duration.ofMillis(10))).isEmpty();
      assertThat(expectation.last()).contains(result("c1", DdlStatus.PENDING));

      results.accept(result("c1", DdlStatus.ACCEPTED));
      assertThat(expectation.await(DdlStatus.ACCEPTED, Duration.ZERO))
          .contains(result("c1", DdlStatus.ACCEPTED));
      assertThat(expectation.await(DdlStatus.APPLIED, Duration.ofMillis(10))).isEmpty();
    }
  }

  @Test
  void a_result_wakes_the_one_who_waits() {
    try (DdlResults.Expectation expectation = results.expect("c1")) {
      CompletableFuture<Boolean> waiting =
          CompletableFuture.supplyAsync(
              () -> expectation.await(DdlStatus.APPLIED, Duration.ofSeconds(30)).isPresent());
      results.accept(result("c1", DdlStatus.REJECTED));
      assertThat(waiting.join()).isTrue();
    }
  }

  @Test
  void a_rejection_is_thrown_as_what_it_is() {
    DdlResult rejected =
        builder("c1", DdlStatus.REJECTED)
            .setCode("TABLE_EXISTS")
            .setMessage("Table 'x' already exists")
            .build();
    assertThatThrownBy(() -> DdlAnswer.requireNotRejected(rejected))
        .hasMessage("Table 'x' already exists");
  }

  private static DdlResult result(String command, DdlStatus status) {
    return builder(command, status).build();
  }

  private static DdlResult.Builder builder(String command, DdlStatus status) {
    return DdlResult.newBuilder()
        .setCommandId(command)
        .setDatabase("default")
        .setStatus(status)
        .setAt(1)
        .setOperation("DROP_TABLE")
        .setIssuedBy("ada");
  }
}
