package dev.shardstream.systemtests.recovery;

import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.systemtests.cluster.Clients;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.reshard.LiveOrders;
import java.util.EnumSet;
import java.util.Set;

/** Reading rows that a disk or a node has taken along, until they are there again. */
public final class RowsAway {
  private static final Set<ErrorCode> CODES =
      EnumSet.of(
          ErrorCode.SHARD_UNREACHABLE,
          ErrorCode.SHARD_FAILED,
          ErrorCode.READ_TOO_STALE,
          ErrorCode.STALE_TOPOLOGY,
          ErrorCode.KAFKA_UNREACHABLE);

  private RowsAway() {}

  /** What a reader may meet while the rows are not there. */
  public static boolean isMeant(Throwable failure) {
    return failure instanceof ShardstreamException known && CODES.contains(known.code());
  }

  /** Waits until every row is read again, by the traffic too. */
  public static void awaitBack(Clients cluster, LiveOrders orders) {
    await("all rows are read again")
        .atMost(Patience.MANY_STEPS)
        .ignoreExceptionsMatching(RowsAway::isMeant)
        .until(
            () ->
                !cluster
                    .client()
                    .execute("SELECT count(*) FROM " + orders.table())
                    .rows()
                    .isEmpty());
    orders.awaitServed();
  }
}
