package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.SnapshotsSeen;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks nodes which snapshots they could begin shards with. Safe for use by several threads. */
public final class NodeSnapshots {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final Caller caller;
  private final HttpClient http;
  private final Duration limit;

  /**
   * @param limit longest time for one answer: the node reads what its place has
   * @param caller who asks; role NODE is needed
   */
  public NodeSnapshots(Duration limit, Caller caller) {
    this.limit = limit;
    this.caller = caller;
    this.http = caller.client().connectTimeout(CONNECT_LIMIT).build();
  }

  /**
   * What one node sees.
   *
   * @param endpoint URL of its HTTP server
   * @throws ShardstreamException what the node says is wrong
   * @throws IOException when it does not answer
   * @throws InterruptedException when the caller's thread was interrupted
   */
  public SnapshotsSeen seenBy(String endpoint, String tableId)
      throws IOException, InterruptedException {
    URI uri = URI.create(endpoint + Paths.snapshots(tableId));
    HttpRequest request = caller.request(uri).timeout(limit).GET().build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw Json.read(response.body(), ErrorBody.class).toException();
    }
    return Json.read(response.body(), SnapshotsSeen.class);
  }
}
