package dev.shardstream.streams.live;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Hands results of commands to those who wait for them. Safe for use by several threads. */
public final class Outcomes {
  private static final int MOST_WAITING = 1_000;

  private final Map<String, List<CompletableFuture<Optional<DdlResult>>>> waiting = new HashMap<>();
  private int count;

  /**
   * Begins to wait until a command is in the catalog, applied or rejected; call it before the
   * command is published.
   *
   * @return completes with the result, or empty when that time has passed
   * @throws ShardstreamException TOO_MANY_AT_ONCE
   */
  public synchronized CompletableFuture<Optional<DdlResult>> await(
      String commandId, Duration limit) {
    if (count >= MOST_WAITING) {
      throw new ShardstreamException(
          ErrorCode.TOO_MANY_AT_ONCE, "waits for commands", MOST_WAITING);
    }
    CompletableFuture<Optional<DdlResult>> outcome = new CompletableFuture<>();
    waiting.computeIfAbsent(commandId, id -> new ArrayList<>()).add(outcome);
    count++;
    outcome.completeOnTimeout(Optional.empty(), limit.toMillis(), TimeUnit.MILLISECONDS);
    outcome.whenComplete((result, failure) -> forget(commandId, outcome));
    return outcome;
  }

  private synchronized void forget(
      String commandId, CompletableFuture<Optional<DdlResult>> outcome) {
    List<CompletableFuture<Optional<DdlResult>>> all = waiting.get(commandId);
    if (all != null && all.remove(outcome)) {
      count--;
      if (all.isEmpty()) {
        waiting.remove(commandId);
      }
    }
  }

  /** A result was published. */
  public void tell(DdlResult result) {
    if (result.getStatus() != DdlStatus.PENDING) {
      waitingFor(result.getCommandId()).forEach(outcome -> outcome.complete(Optional.of(result)));
    }
  }

  private synchronized List<CompletableFuture<Optional<DdlResult>>> waitingFor(String commandId) {
    return List.copyOf(waiting.getOrDefault(commandId, List.of()));
  }
}
