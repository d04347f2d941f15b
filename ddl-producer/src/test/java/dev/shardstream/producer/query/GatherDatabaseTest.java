package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

class GatherDatabaseTest {
  private static final Query ENDLESS =
      new Query(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
          List.of());

  private static final RowSink NOWHERE =
      new RowSink() {
        @Override
        public void columns(List<String> names) {}

        @Override
        public void row(List<@Nullable Object> values) {}
      };

  /** The time is over while the statement is still being prepared, or has not taken a step. */
  @RepeatedTest(20)
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_statement_whose_time_is_over_as_it_begins_is_stopped_too() {
    try (GatherDatabase database = new GatherDatabase(1 << 20)) {
      assertThatThrownBy(() -> database.run(ENDLESS, null, Duration.ZERO, NOWHERE))
          .isInstanceOfSatisfying(
              ShardstreamException.class,
              stopped -> assertThat(stopped.code()).isEqualTo(ErrorCode.STATEMENT_TIMEOUT))
          .hasMessage("The statement ran longer than 0 ms");
    }
  }
}
