package dev.shardstream.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.shard.ShardFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The time of a statement may be over before SQLite has taken its first step. */
class ShortStatementTest {
  private static final StatementRunner.Answer NOWHERE =
      new StatementRunner.Answer() {
        @Override
        public void begin(QueryHeader header) {}

        @Override
        public void row(List<@Nullable Object> values) {}

        @Override
        public void end(long rows) {}
      };

  private static QueryRequest endless() {
    return new QueryRequest(
        Orders.TABLE.getTableId(),
        0,
        1,
        new QueryRequest.View("orders", List.of(new QueryRequest.ViewColumn(1, "id")), null),
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        List.of(),
        List.of(),
        0,
        100,
        500,
        0,
        0);
  }

  @RepeatedTest(20)
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_statement_whose_time_is_over_as_it_begins_is_stopped_too(@TempDir Path directory)
      throws Exception {
    StatementRunner runner = new StatementRunner(Clock.systemUTC());
    try (ShardFile file = Orders.shard(directory, 0, List.of());
        Connection reader = file.openReader()) {
      assertThatThrownBy(
              () -> runner.run(reader, file.shape(), endless(), Duration.ZERO, 100, NOWHERE))
          .isInstanceOfSatisfying(
              ShardstreamException.class,
              stopped -> assertThat(stopped.code()).isEqualTo(ErrorCode.STATEMENT_TIMEOUT));
    }
  }
}
