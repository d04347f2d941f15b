package dev.shardstream.worker.fresh;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Where logs end. */
@FunctionalInterface
public interface LogEnds {
  /**
   * Asks the brokers, anew at each call, and does not wait for them.
   *
   * @return for each of the partitions, the end offset that a read-committed reader can reach; each
   *     fails on its own when there is no answer within a few seconds
   */
  Map<LogPartition, CompletableFuture<Long>> ask(Set<LogPartition> partitions);
}
