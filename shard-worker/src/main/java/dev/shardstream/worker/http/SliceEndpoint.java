package dev.shardstream.worker.http;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.slice.SliceDownload;
import dev.shardstream.worker.copy.Slice;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.ShardRef;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Makes slices for other nodes, a few at a time. */
final class SliceEndpoint {
  private static final int MOST_AT_ONCE = 4;
  private static final long WAIT_SECONDS = 60;

  private final ShardRegistry shards;
  private final Path temporary;
  private final Semaphore permits = new Semaphore(MOST_AT_ONCE, true);

  SliceEndpoint(ShardRegistry shards, Path temporary) {
    this.shards = shards;
    this.temporary = temporary;
  }

  void handle(Context context) {
    HostedShard shard =
        shards
            .find(new ShardRef(context.pathParam("table"), number(context, "shard")))
            .orElseThrow(() -> gone(context))
            .requireReadable();
    Slice slice =
        make(shard, VirtualShards.require(number(context, "virtualShard")), range(context))
            .orElseThrow(() -> gone(context));
    try {
      context
          .contentType("application/vnd.sqlite3")
          .header("Content-Length", Long.toString(slice.bytes()))
          .header(SliceDownload.CHECKSUM_HEADER, Long.toString(slice.checksum()))
          .header(SliceDownload.ROWS_HEADER, Long.toString(slice.rows()))
          .result(Files.newInputStream(slice.file(), StandardOpenOption.DELETE_ON_CLOSE));
    } catch (IOException failure) {
      throw unusable(slice.file(), failure);
    }
  }

  private Optional<Slice> make(HostedShard shard, int virtualShard, KeyRange range) {
    Path file = temporary.resolve("slice-" + UUID.randomUUID() + ".sqlite");
    acquire();
    try {
      return Slice.make(shard.file(), virtualShard, range, file);
    } catch (SQLException | IOException failure) {
      shard.file().noticed(failure);
      discard(file, failure);
      throw unusable(file, failure);
    } catch (RuntimeException failure) {
      discard(file, failure);
      throw failure;
    } finally {
      permits.release();
    }
  }

  private static void discard(Path file, Exception failure) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  private void acquire() {
    try {
      if (permits.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new ShardstreamException(
        ErrorCode.INTERNAL, "too many slices are being made on this node");
  }

  private static int number(Context context, String name) {
    try {
      return Integer.parseInt(context.pathParam(name));
    } catch (NumberFormatException e) {
      throw new ShardstreamException(
              ErrorCode.INVALID_ARGUMENT, name + " '" + context.pathParam(name) + "'")
          .causedBy(e);
    }
  }

  private static KeyRange range(Context context) {
    try {
      return Paths.sliceRange(
          context.queryParam(Paths.SLICE_FROM), context.queryParam(Paths.SLICE_TO));
    } catch (IllegalArgumentException e) {
      throw new ShardstreamException(
              ErrorCode.INVALID_ARGUMENT, "no range of keys: " + context.queryString())
          .causedBy(e);
    }
  }

  private static SliceNotFoundException gone(Context context) {
    return new SliceNotFoundException(context.path());
  }

  private static ShardstreamException unusable(Path file, Exception cause) {
    return new ShardstreamException(
            ErrorCode.FILE_ERROR, file.getFileName(), "the slice failed: " + cause.getMessage())
        .causedBy(cause);
  }

  /** Answered as 404: the shard or the virtual shard is not held here. */
  static final class SliceNotFoundException extends RuntimeException {
    SliceNotFoundException(String path) {
      super("No slice at " + path);
    }
  }
}
