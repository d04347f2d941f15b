package dev.shardstream.worker.http;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.ShardRef;
import io.javalin.http.Context;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Tells writers when their changes are applied, and which of them were refused. Holds no thread.
 */
final class AwaitEndpoint {
  private static final Duration READ_WAIT = Duration.ofSeconds(10);

  private final ShardRegistry shards;
  private final HttpSettings settings;
  private final Executor executor;

  AwaitEndpoint(ShardRegistry shards, HttpSettings settings, Executor executor) {
    this.shards = shards;
    this.settings = settings;
    this.executor = executor;
  }

  void handle(Context context, AwaitRequest request) {
    HostedShard shard =
        shards.require(new ShardRef(request.tableId(), request.shardId())).requireReadable();
    List<Position> behind = request.changes().stream().map(AwaitEndpoint::behind).toList();
    requireHeld(shard, behind);
    long wait = Math.min(Math.max(0, request.maxWaitMillis()), settings.waitMax().toMillis());
    context.future(
        () ->
            shard
                .board()
                .reach(behind, Duration.ofMillis(wait))
                .thenAcceptAsync(applied -> answer(context, shard, request, applied), executor));
  }

  private static Position behind(Position change) {
    if (change.offset() == Long.MAX_VALUE) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "no change is at " + change);
    }
    return new Position(change.partition(), change.offset() + 1);
  }

  private static void requireHeld(HostedShard shard, List<Position> positions) {
    for (Position position : positions) {
      if (shard.board().current().least(position.partition()).isEmpty()) {
        throw new ShardstreamException(ErrorCode.STALE_TOPOLOGY, shard.ref());
      }
    }
  }

  private static void answer(
      Context context, HostedShard shard, AwaitRequest request, boolean applied) {
    try {
      List<AwaitResponse.Rejection> rejections =
          shard
              .readers()
              .read(READ_WAIT, reader -> RejectionTable.find(reader, request.changes()))
              .stream()
              .map(AwaitEndpoint::response)
              .toList();
      context
          .contentType("application/json")
          .result(Json.write(new AwaitResponse(applied, rejections)));
    } catch (SQLException failure) {
      throw new ShardstreamException(ErrorCode.SHARD_FAILED, shard.ref(), failure.getMessage())
          .causedBy(failure);
    }
  }

  private static AwaitResponse.Rejection response(Rejection rejection) {
    return new AwaitResponse.Rejection(
        rejection.partition(), rejection.offset(), rejection.code(), rejection.message());
  }
}
