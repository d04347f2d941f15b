package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExpressionValuesTest {
  private static ShardstreamException refused(Duration limit, String... exprs) {
    try (ExpressionValues values = new ExpressionValues(limit)) {
      for (String expr : exprs) {
        values.valueOf(expr, List.of());
      }
    } catch (ShardstreamException refused) {
      return refused;
    }
    throw new AssertionError("every expression has a value");
  }

  @Test
  void parameters_are_taken_by_number() {
    try (ExpressionValues values = new ExpressionValues(Duration.ofSeconds(30))) {
      assertThat(values.valueOf("?2 || upper(?1)", List.of("a", "b", "c"))).isEqualTo("bA");
      assertThat(values.valueOf("1 + 1", List.of("a"))).isEqualTo(2L);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "replicate('x', 2)       | no such function: replicate",
        "upper(\"padl\"('x', 2)) | no such function: padl",
        "nope(1)                 | no such function: nope",
        "zeroblob(17000000)      | string or blob too big",
      })
  void what_no_process_can_bear_is_refused(String expr, String message) {
    ShardstreamException refused = refused(Duration.ofSeconds(30), expr);
    assertThat(refused.code()).isEqualTo(ErrorCode.QUERY_FAILED);
    assertThat(refused).hasMessage(message);
  }

  @Test
  void patterns_are_as_long_as_in_a_shard() {
    assertThat(refused(Duration.ofSeconds(30), "'x' LIKE '" + "%x".repeat(1_000) + "'"))
        .hasMessage("LIKE or GLOB pattern too complex");
  }

  @Test
  void what_never_ends_is_stopped() {
    assertThat(
            refused(
                Duration.ofMillis(100),
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c)"
                    + " SELECT count(*) FROM c"))
        .hasMessage("The statement ran longer than 100 ms");
  }

  @Test
  void all_expressions_of_a_statement_share_its_time() {
    try (ExpressionValues values = new ExpressionValues(Duration.ZERO)) {
      assertThatThrownBy(() -> values.valueOf("1 + 1", List.of()))
          .hasMessage("The statement ran longer than 0 ms");
    }
  }
}
