package dev.shardstream.producer.query;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks any of those who hold an owner's rows: they are equal. One that does not answer, or is not
 * as far as it has to be, is passed over for the next one at once, and asked last for a while.
 *
 * <p>Each call asks every holder once: who calls decides about another try. Safe for several
 * threads.
 */
public final class Holders {
  /** Errors that tell of a shard's state and not of the statement. */
  static final Set<ErrorCode> OF_SHARDS =
      EnumSet.of(ErrorCode.SHARD_FAILED, ErrorCode.WRITE_NOT_APPLIED, ErrorCode.INTERNAL);

  /** How long a holder may let those wait who can ask another one. */
  private static final Duration SHORT_WAIT = Duration.ofMillis(500);

  private final ShardClient client;
  private final HolderOrder order;

  /**
   * @param client stays the caller's
   * @param nodeTimeout after which silence of a node its shards are asked last
   */
  public Holders(ShardClient client, Duration nodeTimeout) {
    this(client, nodeTimeout, System::nanoTime);
  }

  Holders(ShardClient client, Duration nodeTimeout, LongSupplier nanoTime) {
    this.client = client;
    this.order = new HolderOrder(nodeTimeout, nanoTime);
  }

  /**
   * Runs a read-only statement on one of the holders.
   *
   * @param metadata of which the owner is
   * @param request for the owner
   * @param sink gets the answer of one holder only: once it has got something, a failure is the
   *     caller's
   * @return the positions that the holder stood at
   * @throws ShardUnavailableException when no holder answered to the end
   * @throws ShardstreamException what a shard reports
   */
  public List<Position> query(
      MetadataSnapshot metadata, Shard owner, QueryRequest request, ShardClient.AnswerSink sink) {
    Begun begun = new Begun(sink);
    return ask(
        metadata,
        request.tableId(),
        owner,
        (holder, last) -> {
          if (last) {
            client.query(holder, at(holder, request, request.maxWaitMillis()), begun);
          } else {
            QueryRequest hurried = at(holder, request, shortWait(request.maxWaitMillis()));
            client.whileThere().query(holder, hurried, begun);
          }
          return begun.positions;
        },
        begun);
  }

  private static long shortWait(long millis) {
    return Math.min(millis, SHORT_WAIT.toMillis());
  }

  private static QueryRequest at(ShardAddress holder, QueryRequest request, long maxWaitMillis) {
    return new QueryRequest(
        request.tableId(),
        holder.shardId(),
        request.schemaVersion(),
        request.view(),
        request.sql(),
        request.parameters(),
        request.minPositions(),
        maxWaitMillis,
        request.maxRows(),
        request.blockRows(),
        request.timeoutMillis(),
        request.maxStalenessMillis());
  }

  /**
   * Waits until one of the holders has applied changes.
   *
   * @param metadata of which the owner is
   * @param request for the owner
   * @throws ShardUnavailableException when no holder answered
   * @throws ShardstreamException what a shard reports
   */
  public AwaitResponse await(MetadataSnapshot metadata, Shard owner, AwaitRequest request) {
    return ask(
        metadata,
        request.tableId(),
        owner,
        (holder, last) -> {
          if (last) {
            return client.await(holder, at(holder, request, request.maxWaitMillis()));
          }
          AwaitResponse answer =
              client
                  .whileThere()
                  .await(holder, at(holder, request, shortWait(request.maxWaitMillis())));
          if (!answer.applied()) {
            throw new ShardstreamException(
                ErrorCode.WRITE_NOT_APPLIED, request.changes(), SHORT_WAIT.toSeconds());
          }
          return answer;
        },
        null);
  }

  private static AwaitRequest at(ShardAddress holder, AwaitRequest request, long maxWaitMillis) {
    return new AwaitRequest(request.tableId(), holder.shardId(), request.changes(), maxWaitMillis);
  }

  private interface Call<T> {
    /**
     * @param last whether nobody else is left
     */
    T at(ShardAddress holder, boolean last);
  }

  private <T> T ask(
      MetadataSnapshot metadata, String tableId, Shard owner, Call<T> call, @Nullable Begun begun) {
    List<RuntimeException> failures = new ArrayList<>();
    List<Shard> holders = order.of(metadata, tableId, owner);
    Shard last = holders.get(holders.size() - 1);
    for (Shard holder : holders) {
      try {
        ShardAddress address = ShardAddress.of(metadata, tableId, holder);
        T answer = call.at(address, holder == last);
        order.answered(metadata, address);
        return answer;
      } catch (ShardUnavailableException failure) {
        note(metadata, failure);
        failures.add(failure);
      } catch (ShardstreamException failure) {
        if (!OF_SHARDS.contains(failure.code())) {
          throw failure;
        }
        order.failed(new ShardAddress(tableId, holder.getId(), holder.getNodeId(), ""));
        failures.add(failure);
      }
      if (begun != null && begun.hasBegun || Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    throw ofAll(failures);
  }

  private void note(MetadataSnapshot metadata, ShardUnavailableException failure) {
    if (failure.answered()) {
      order.failed(failure.shard());
    } else {
      order.unreachable(metadata, failure.shard());
    }
  }

  /** One failure for all: another try is worth it as long as it is for one of them. */
  private static RuntimeException ofAll(List<RuntimeException> failures) {
    for (RuntimeException failure : failures) {
      if (failure instanceof ShardUnavailableException first) {
        return first.with(failures.stream().filter(other -> other != first).toList());
      }
    }
    return failures.get(failures.size() - 1);
  }

  /** Notes whether something has been given away. */
  private static final class Begun implements ShardClient.AnswerSink {
    private final ShardClient.AnswerSink sink;
    private List<Position> positions = List.of();
    private boolean hasBegun;

    private Begun(ShardClient.AnswerSink sink) {
      this.sink = sink;
    }

    @Override
    public void header(QueryHeader header) {
      hasBegun = true;
      positions = header.positions();
      sink.header(header);
    }

    @Override
    public void row(List<@Nullable Object> values) {
      sink.row(values);
    }
  }
}
