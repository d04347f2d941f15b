package dev.shardstream.producer.write;

import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.Owners;
import dev.shardstream.producer.query.Holders;
import dev.shardstream.producer.query.ShardUnavailableException;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Waits until shards have applied changes, over whatever topology holds meanwhile. Safe for use by
 * several threads.
 */
public final class AppliedChanges {
  private static final int CHANGES_PER_REQUEST = 1000;
  private static final Duration ONE_REQUEST = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Metadata metadata;
  private final Holders holders;
  private final Executor executor;

  /**
   * @param holders who answers for shards
   * @param executor where shards are asked, in parallel and bounded; see {@link #end}
   */
  public AppliedChanges(Metadata metadata, Holders holders, Executor executor) {
    this.metadata = metadata;
    this.holders = holders;
    this.executor = executor;
  }

  /** Ends an executor of such waits: who waits for what has not begun yet is told so. */
  public static void end(ExecutorService executor) {
    for (Runnable dropped : executor.shutdownNow()) {
      if (dropped instanceof Future<?> answer) {
        answer.cancel(false);
      }
    }
  }

  /**
   * Waits until all changes are applied.
   *
   * @throws ShardstreamException the first rejection in the order of the receipts; otherwise as
   *     {@link #rejections}
   */
  public void requireApplied(Collection<Receipt> receipts, Duration timeout) {
    Map<Receipt, AwaitResponse.Rejection> rejections = rejections(receipts, timeout);
    for (Receipt receipt : receipts) {
      AwaitResponse.Rejection rejection = rejections.get(receipt);
      if (rejection != null) {
        throw ShardstreamException.reported(rejection.code(), rejection.message());
      }
    }
  }

  /**
   * Waits until the shards have passed all changes.
   *
   * @return those that were refused, and why
   * @throws ShardstreamException WRITE_NOT_APPLIED on timeout and when the client is closed
   *     meanwhile, TABLE_NOT_FOUND when the table is gone, SHARD_FAILED
   */
  public Map<Receipt, AwaitResponse.Rejection> rejections(
      Collection<Receipt> receipts, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Map<Receipt, AwaitResponse.Rejection> rejections = new HashMap<>();
    Set<Receipt> left = new LinkedHashSet<>(receipts);
    while (!left.isEmpty()) {
      MetadataSnapshot snapshot = metadata.snapshot();
      Duration patience = shorter(ONE_REQUEST, Duration.ofNanos(deadline - System.nanoTime()));
      int before = left.size();
      ShardstreamException problem = askAll(snapshot, left, rejections, patience);
      boolean out = System.nanoTime() >= deadline || Thread.currentThread().isInterrupted();
      if (!left.isEmpty() && out) {
        throw notApplied(left.iterator().next(), timeout, problem);
      }
      if (left.size() == before) {
        metadata.await(now -> now != snapshot, PAUSE);
      }
    }
    return rejections;
  }

  /** Asks every shard once; what has been passed leaves {@code left}. */
  private @Nullable ShardstreamException askAll(
      MetadataSnapshot snapshot,
      Set<Receipt> left,
      Map<Receipt, AwaitResponse.Rejection> rejections,
      Duration patience) {
    record Asked(List<Receipt> receipts, Future<AwaitResponse> answer) {}
    List<Asked> asked = new ArrayList<>();
    ShardstreamException problem = null;
    for (Map.Entry<Owner, List<Receipt>> group : byOwner(snapshot, left).entrySet()) {
      Shard owner = group.getKey().shard();
      for (List<Receipt> chunk : chunks(group.getValue())) {
        AwaitRequest request = request(group.getKey(), chunk, patience);
        FutureTask<AwaitResponse> answer =
            new FutureTask<>(() -> holders.await(snapshot, owner, request));
        try {
          executor.execute(answer);
        } catch (RejectedExecutionException e) {
          throw closed(chunk, e);
        }
        asked.add(new Asked(chunk, answer));
      }
    }
    for (Asked one : asked) {
      try {
        take(one.receipts(), one.answer().get(), left, rejections);
      } catch (ExecutionException e) {
        problem = requireTransient(e);
      } catch (CancellationException e) {
        throw closed(one.receipts(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return problem;
      }
    }
    return problem;
  }

  private static void take(
      List<Receipt> receipts,
      AwaitResponse answer,
      Set<Receipt> left,
      Map<Receipt, AwaitResponse.Rejection> rejections) {
    if (!answer.applied()) {
      return;
    }
    Map<Position, AwaitResponse.Rejection> byPosition = new HashMap<>();
    for (AwaitResponse.Rejection rejection : answer.rejections()) {
      byPosition.put(new Position(rejection.partition(), rejection.offset()), rejection);
    }
    for (Receipt receipt : receipts) {
      AwaitResponse.Rejection rejection = byPosition.get(receipt.position());
      if (rejection != null) {
        rejections.put(receipt, rejection);
      }
      left.remove(receipt);
    }
  }

  private record Owner(String tableId, Shard shard) {}

  private static Map<Owner, List<Receipt>> byOwner(
      MetadataSnapshot snapshot, Collection<Receipt> receipts) {
    Map<String, Owners> owners = new HashMap<>();
    Map<Owner, List<Receipt>> groups = new LinkedHashMap<>();
    for (Receipt receipt : receipts) {
      // A row whose shard is still being made is asked for later.
      owners
          .computeIfAbsent(receipt.tableId(), id -> owners(snapshot, id))
          .of(receipt.place())
          .ifPresent(
              shard ->
                  groups
                      .computeIfAbsent(new Owner(receipt.tableId(), shard), o -> new ArrayList<>())
                      .add(receipt));
    }
    return groups;
  }

  private static Owners owners(MetadataSnapshot snapshot, String tableId) {
    Topology topology = snapshot.topologies().get(tableId);
    if (topology == null) {
      throw new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, tableId);
    }
    return Owners.of(topology);
  }

  private static AwaitRequest request(Owner owner, List<Receipt> chunk, Duration patience) {
    return new AwaitRequest(
        owner.tableId(),
        owner.shard().getId(),
        chunk.stream().map(Receipt::position).toList(),
        Math.max(0, patience.toMillis()));
  }

  private static List<List<Receipt>> chunks(List<Receipt> receipts) {
    List<List<Receipt>> chunks = new ArrayList<>();
    for (int from = 0; from < receipts.size(); from += CHANGES_PER_REQUEST) {
      chunks.add(receipts.subList(from, Math.min(receipts.size(), from + CHANGES_PER_REQUEST)));
    }
    return chunks;
  }

  /** Shards that move or do not answer are asked again; anything else is the caller's to know. */
  private static ShardstreamException requireTransient(ExecutionException failure) {
    if (failure.getCause() instanceof ShardUnavailableException unavailable) {
      return unavailable.after(ONE_REQUEST);
    }
    throw failure.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException("Asking a shard broke down", failure.getCause());
  }

  private static ShardstreamException closed(List<Receipt> receipts, RuntimeException cause) {
    Receipt first = receipts.get(0);
    return ShardstreamException.reported(
            ErrorCode.WRITE_NOT_APPLIED,
            "The write at %s/%s was acknowledged, and the client was closed before it was seen to be applied"
                .formatted(first.tableId(), first.position()))
        .causedBy(cause);
  }

  private static ShardstreamException notApplied(
      Receipt receipt, Duration timeout, @Nullable ShardstreamException problem) {
    String text =
        ErrorCode.WRITE_NOT_APPLIED.text(
            receipt.tableId() + "/" + receipt.position(), timeout.toSeconds());
    return problem == null
        ? ShardstreamException.reported(ErrorCode.WRITE_NOT_APPLIED, text)
        : ShardstreamException.reported(
                ErrorCode.WRITE_NOT_APPLIED, text + ": " + problem.getMessage())
            .causedBy(problem);
  }

  private static Duration shorter(Duration left, Duration right) {
    return left.compareTo(right) < 0 ? left : right;
  }
}
