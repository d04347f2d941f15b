package dev.shardstream.worker.copy;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.worker.shard.FileFailure;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches slices from other nodes into files. */
public final class SliceClient {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final int MOST_WORDS = 500;

  private final Caller caller;
  private final HttpClient http;
  private final Duration limit;

  /**
   * @param limit longest time for one slice
   * @param caller as whom this node asks; role NODE is needed
   */
  public SliceClient(Duration limit, Caller caller) {
    this.limit = limit;
    this.caller = caller;
    this.http = caller.client().connectTimeout(CONNECT_LIMIT).build();
  }

  /**
   * Fetches a slice whole, or nothing.
   *
   * @param range the shard keys whose rows are wanted
   * @param file a path without a file; the caller deletes it
   * @throws ShardstreamException SHARD_UNREACHABLE, DISK_FULL, STALE_TOPOLOGY when the node does
   *     not hold all of that
   */
  Slice fetch(CopySource source, ShardRef shard, int virtualShard, KeyRange range, Path file)
      throws IOException {
    URI uri =
        URI.create(
            source.getEndpoint()
                + Paths.slice(shard.tableId(), shard.shardId(), virtualShard, range));
    HttpRequest request = caller.request(uri).timeout(limit).GET().build();
    try {
      HttpResponse<Path> response = http.send(request, HttpResponse.BodyHandlers.ofFile(file));
      if (response.statusCode() == 404 || response.statusCode() == 409) {
        throw new ShardstreamException(ErrorCode.STALE_TOPOLOGY, shard);
      }
      if (response.statusCode() != 200) {
        throw unreachable(
            source, shard, "status " + response.statusCode() + ", " + beginning(file));
      }
      return checked(response.headers(), source, shard, file);
    } catch (IOException e) {
      throw FileFailure.isDiskFull(file, e)
          ? new ShardstreamException(ErrorCode.DISK_FULL, file).causedBy(e)
          : unreachable(source, shard, String.valueOf(e.getMessage())).causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(source, shard, "interrupted").causedBy(e);
    }
  }

  /** Of an answer that is no slice. */
  private static String beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
    }
  }

  private Slice checked(HttpHeaders headers, CopySource source, ShardRef shard, Path file)
      throws IOException {
    long bytes = headers.firstValueAsLong("Content-Length").orElse(-1);
    long checksum = headers.firstValueAsLong(Slice.CHECKSUM_HEADER).orElse(-1);
    if (Files.size(file) != bytes || Slice.checksum(file) != checksum) {
      throw unreachable(source, shard, "the slice arrived damaged");
    }
    return new Slice(file, bytes, checksum, headers.firstValueAsLong(Slice.ROWS_HEADER).orElse(-1));
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
