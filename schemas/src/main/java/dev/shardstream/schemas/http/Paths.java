package dev.shardstream.schemas.http;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** GET {@link SnapshotsSeen}: the snapshots of a table that a node can begin shards with. */
  public static final String SNAPSHOTS_PATTERN = "/v1/snapshots/{table}";

  /**
   * Query parameters of a slice: the ordered keys that bound the rows in it, Base64 for URLs
   * without padding. One that is missing is no bound.
   */
  public static final String SLICE_FROM = "from";

  public static final String SLICE_TO = "to";

  private Paths() {}

  /** The path of {@link #SNAPSHOTS_PATTERN} of a table. */
  public static String snapshots(String tableId) {
    return "/v1/snapshots/" + tableId;
  }

  /**
   * The path of the rows of one virtual shard, as far as their shard keys are in a range, at one
   * position, as a SQLite file.
   */
  public static String slice(String tableId, int shardId, int virtualShard, KeyRange range) {
    List<String> bounds = new ArrayList<>();
    if (range.getFrom() != null) {
      bounds.add(SLICE_FROM + "=" + encoded(range.getFrom()));
    }
    if (range.getTo() != null) {
      bounds.add(SLICE_TO + "=" + encoded(range.getTo()));
    }
    return "/v1/shards/"
        + tableId
        + "/"
        + shardId
        + "/slices/"
        + virtualShard
        + (bounds.isEmpty() ? "" : "?" + String.join("&", bounds));
  }

  private static String encoded(ByteBuffer bound) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(KeyRanges.bytes(bound));
  }

  /**
   * The range of a slice.
   *
   * @param from value of {@link #SLICE_FROM}, null when it is missing
   * @param to value of {@link #SLICE_TO}, null when it is missing
   * @throws IllegalArgumentException when one is no Base64 of an ordered key
   */
  public static KeyRange sliceRange(@Nullable String from, @Nullable String to) {
    return new KeyRange(decoded(from), decoded(to));
  }

  private static @Nullable ByteBuffer decoded(@Nullable String bound) {
    if (bound == null) {
      return null;
    }
    byte[] key = Base64.getUrlDecoder().decode(bound);
    OrderedKey.values(key);
    return ByteBuffer.wrap(key);
  }
}
