package dev.shardstream.producer.gateway;

import dev.shardstream.producer.api.CallOptions;
import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where statements go. */
public interface StatementPort {
  /**
   * Executes a statement.
   *
   * @param parameters stored values
   * @throws dev.shardstream.schemas.contract.ShardstreamException with the code of what is wrong
   */
  Result execute(Statement statement, CallOptions options, List<@Nullable Object> parameters);
}
