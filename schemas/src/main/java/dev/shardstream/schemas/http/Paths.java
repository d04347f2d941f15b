package dev.shardstream.schemas.http;

/** Paths that processes serve. */
public final class Paths {
  /** Alive: 200 as long as the process can answer. */
  public static final String HEALTH = "/healthz";

  /** Ready for work: 200 or 503 with the reason. */
  public static final String READY = "/readyz";

  /** Prometheus text format. */
  public static final String METRICS = "/metrics";

  /** POST a {@link QueryRequest}, get NDJSON, see {@link QueryRequest}. */
  public static final String QUERY = "/v1/query";

  /** POST an {@link AwaitRequest}, get an {@link AwaitResponse}. */
  public static final String AWAIT = "/v1/await";

  /** GET a slice: {@link #slice}. */
  public static final String SLICE_PATTERN = "/v1/shards/{table}/{shard}/slices/{virtualShard}";

  private Paths() {}

  /** The path of the rows of one virtual shard at one position, as a SQLite file. */
  public static String slice(String tableId, int shardId, int virtualShard) {
    return "/v1/shards/" + tableId + "/" + shardId + "/slices/" + virtualShard;
  }
}
