package dev.shardstream.worker.copy;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.slice.SliceDownload;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches slices from other nodes into files. */
public final class SliceClient {
  private final SliceDownload download;
  private final Duration limit;

  /**
   * @param limit how long a node may say nothing
   * @param caller as whom this node asks; role NODE is needed
   */
  public SliceClient(Duration limit, Caller caller) {
    this.limit = limit;
    this.download = new SliceDownload(limit, caller);
  }

  /**
   * Fetches a slice whole, or nothing.
   *
   * @param range the shard keys whose rows are wanted
   * @param file what is there is overwritten; the caller deletes it
   * @throws ShardstreamException SHARD_UNREACHABLE, DISK_FULL, STALE_TOPOLOGY when the node does
   *     not hold all of that
   */
  Slice fetch(CopySource source, ShardRef shard, int virtualShard, KeyRange range, Path file)
      throws IOException {
    try {
      SliceDownload.Fetched fetched =
          download
              .fetch(
                  source.getEndpoint(), shard.tableId(), shard.shardId(), virtualShard, range, file)
              .orElseThrow(() -> new ShardstreamException(ErrorCode.STALE_TOPOLOGY, shard));
      return new Slice(file, fetched.bytes(), fetched.checksum(), fetched.rows());
    } catch (IOException e) {
      throw FileFailure.isDiskFull(file, e)
          ? new ShardstreamException(ErrorCode.DISK_FULL, file).causedBy(e)
          : unreachable(source, shard, String.valueOf(e.getMessage())).causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(source, shard, "interrupted").causedBy(e);
    }
  }

  private ShardstreamException unreachable(CopySource source, ShardRef shard, String reason) {
    return new ShardstreamException(
        ErrorCode.SHARD_UNREACHABLE,
        shard,
        source.getNodeId(),
        source.getEndpoint(),
        limit.toSeconds(),
        reason);
  }
}
