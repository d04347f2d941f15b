package dev.shardstream.producer.api;

import dev.shardstream.producer.write.AppliedChanges;
import dev.shardstream.producer.write.ChangeLog;
import dev.shardstream.producer.write.PreparedChange;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.AwaitResponse.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sends the changes of one statement and counts those that had an effect. */
final class ChangeSender {
  private final ChangeLog log;
  private final AppliedChanges applied;
  private final boolean awaitsApplied;
  private final Duration timeout;

  /**
   * @param awaitsApplied whether to wait for the shards; otherwise rows count when they are durable
   */
  ChangeSender(ChangeLog log, AppliedChanges applied, boolean awaitsApplied, Duration timeout) {
    this.log = log;
    this.applied = applied;
    this.awaitsApplied = awaitsApplied;
    this.timeout = timeout;
  }

  /**
   * Sends new rows.
   *
   * @return how many
   * @throws ShardstreamException the first rejection
   */
  long sendInserts(List<PreparedChange> changes) {
    List<Receipt> receipts = append(changes);
    if (awaitsApplied) {
      applied.requireApplied(receipts, timeout);
    }
    return receipts.size();
  }

  /**
   * Sends updates or deletions. A row that is not there (any more) is none that matches, and no
   * error.
   *
   * @return how many rows were there
   * @throws ShardstreamException the first rejection but NOT_FOUND
   */
  long sendToExisting(List<PreparedChange> changes) {
    List<Receipt> receipts = append(changes);
    if (!awaitsApplied) {
      return receipts.size();
    }
    Map<Receipt, Rejection> rejections = applied.rejections(receipts, timeout);
    for (Receipt receipt : receipts) {
      Rejection rejection = rejections.get(receipt);
      if (rejection != null && !rejection.code().equals(ErrorCode.NOT_FOUND.name())) {
        throw ShardstreamException.reported(rejection.code(), rejection.message());
      }
    }
    return receipts.size() - rejections.size();
  }

  private List<Receipt> append(List<PreparedChange> changes) {
    List<CompletableFuture<Receipt>> sent = log.appendAll(changes);
    try {
      return sent.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ShardstreamException cause ? cause : e;
    }
  }
}
