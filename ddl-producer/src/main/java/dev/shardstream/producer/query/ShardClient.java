package dev.shardstream.producer.query;

import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one shard, once: who calls it decides about another try. Safe for several threads. Both
 * calls are bounded by the times in their request and end early when their thread is interrupted.
 */
public interface ShardClient extends AutoCloseable {

  /** Takes an answer as it comes. What it throws ends the call and is thrown from there. */
  interface AnswerSink {
    /** Comes once, first. */
    void header(QueryHeader header);

    /** Comes for each row: stored values. The list is the receiver's. */
    void row(List<@Nullable Object> values);
  }

  /**
   * Runs a read-only statement on a shard.
   *
   * @throws ShardUnavailableException when the shard did not answer to the end
   * @throws dev.shardstream.schemas.contract.ShardstreamException what the shard reports
   */
  void query(ShardAddress shard, QueryRequest request, AnswerSink sink);

  /**
   * Asks a shard to wait until it has applied changes.
   *
   * @throws ShardUnavailableException when the shard did not answer
   * @throws dev.shardstream.schemas.contract.ShardstreamException what the shard reports
   */
  AwaitResponse await(ShardAddress shard, AwaitRequest request);

  /**
   * The same client for calls that somebody else can answer too: one that may end a call with
   * {@link ShardUnavailableException} as soon as the node does not answer anything any more, long
   * before the call's own time is over. Need not be closed.
   */
  default ShardClient whileThere() {
    return this;
  }

  @Override
  void close();
}
