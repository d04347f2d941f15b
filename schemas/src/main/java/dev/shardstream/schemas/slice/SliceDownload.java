package dev.shardstream.schemas.slice;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
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
import java.util.Optional;
import java.util.zip.CRC32C;

/** Fetches slices from nodes into files. Safe for use by several threads. */
public final class SliceDownload {
  /** Response header with the CRC-32C of the slice's bytes, decimal. */
  public static final String CHECKSUM_HEADER = "X-Shardstream-Crc32c";

  /** Response header with the rows in the slice, decimal. */
  public static final String ROWS_HEADER = "X-Shardstream-Rows";

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final int MOST_WORDS = 500;
  private static final int NOT_HELD = 404;
  private static final int CONFLICT = 409;
  private static final int UNAUTHENTICATED = 401;
  private static final int FORBIDDEN = 403;

  private final Caller caller;
  private final HttpClient http;
  private final Duration limit;

  /**
   * @param limit how long a node may say nothing: until its answer begins, and between two pieces
   *     of the slice
   * @param caller who asks; role NODE is needed
   */
  public SliceDownload(Duration limit, Caller caller) {
    this(CONNECT_LIMIT, limit, caller);
  }

  SliceDownload(Duration connectLimit, Duration limit, Caller caller) {
    this.limit = limit;
    this.caller = caller;
    this.http = caller.client().connectTimeout(connectLimit).build();
  }

  /**
   * What has come whole.
   *
   * @param bytes length of the file
   * @param checksum CRC-32C of its bytes
   * @param rows rows in it, as the node says
   */
  public record Fetched(long bytes, long checksum, long rows) {}

  /**
   * Fetches the rows of one virtual shard, as far as their shard keys are in a range.
   *
   * @param endpoint URL of the node's HTTP server
   * @param file what is there is overwritten; the caller deletes it, whatever becomes of this, and
   *     then it is gone for good
   * @return empty when the node does not hold all of that
   * @throws RefusedException when the caller may not have slices
   * @throws IOException when the node does not answer, answers something else, or the slice arrived
   *     damaged; its message says which
   * @throws InterruptedException when the caller's thread was interrupted
   */
  public Optional<Fetched> fetch(
      String endpoint, String tableId, int shardId, int virtualShard, KeyRange range, Path file)
      throws IOException, InterruptedException {
    URI uri = URI.create(endpoint + Paths.slice(tableId, shardId, virtualShard, range));
    HttpRequest request = caller.request(uri).GET().build();
    HttpResponse<Void> response;
    try (Receiving receiving = Receiving.into(file)) {
      response = receiving.whole(http, request, limit);
    }
    if (response.statusCode() == NOT_HELD || response.statusCode() == CONFLICT) {
      return Optional.empty();
    }
    if (response.statusCode() == UNAUTHENTICATED || response.statusCode() == FORBIDDEN) {
      throw new RefusedException(response.statusCode(), beginning(file));
    }
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode() + ", " + beginning(file));
    }
    return Optional.of(checked(response.headers(), file));
  }

  /** The node does not give slices to this caller: asking again will not help. */
  public static final class RefusedException extends IOException {
    private final String answer;

    RefusedException(int status, String answer) {
      super("status " + status + ", " + answer);
      this.answer = answer;
    }

    /** What the node says, as the error that it is. */
    public ShardstreamException reported() {
      return Json.read(answer, ErrorBody.class).toException().causedBy(this);
    }
  }

  /** Of an answer that is no slice. */
  private static String beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
    }
  }

  private static Fetched checked(HttpHeaders headers, Path file) throws IOException {
    long bytes = headers.firstValueAsLong("Content-Length").orElse(-1);
    long checksum = headers.firstValueAsLong(CHECKSUM_HEADER).orElse(-1);
    if (Files.size(file) != bytes || checksum(file) != checksum) {
      throw new IOException("the slice arrived damaged");
    }
    return new Fetched(bytes, checksum, headers.firstValueAsLong(ROWS_HEADER).orElse(-1));
  }

  /** CRC-32C of a file's bytes. */
  public static long checksum(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        checksum.update(buffer, 0, n);
      }
    }
    return checksum.getValue();
  }
}
