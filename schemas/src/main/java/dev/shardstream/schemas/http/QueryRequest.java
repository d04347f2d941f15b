package dev.shardstream.schemas.http;

import dev.shardstream.schemas.contract.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read-only statement for one shard. The shard shows its table as a view of the given name and
 * columns, so that names are resolved by the client and a rename needs no agreement.
 *
 * <p>The answer is NDJSON: a {@link QueryHeader}, then one array of {@link JsonValues} per row,
 * then a {@link QueryEnd}; or, after any of them, an {@link ErrorBody} as the last line.
 *
 * @param tableId the table
 * @param shardId the shard; STALE_TOPOLOGY when it is not held here or its table is being dropped
 * @param schemaVersion the table's version that the view is made from: the shard waits until it is
 *     there, and answers STALE_SCHEMA when it is past it and a column of the view is gone
 * @param view how the statement names the table
 * @param sql the statement
 * @param parameters values for its {@code ?}, as {@link JsonValues} encodes them
 * @param minPositions positions that the shard must have reached before it reads; null for none
 * @param maxWaitMillis how long it may wait for them
 * @param maxRows ROW_LIMIT when there are more
 * @param blockRows rows that are sent at once
 * @param timeoutMillis STATEMENT_TIMEOUT when it runs longer
 * @param maxStalenessMillis the answer shows everything that was readable in the log that long
 *     before the shard got the request, or more; 0 for no bound. A shard that cannot say so asks
 *     Kafka and waits, within {@code maxWaitMillis}, and then answers READ_TOO_STALE
 */
public record QueryRequest(
    String tableId,
    int shardId,
    int schemaVersion,
    View view,
    String sql,
    List<Object> parameters,
    @Nullable List<Position> minPositions,
    long maxWaitMillis,
    long maxRows,
    int blockRows,
    long timeoutMillis,
    long maxStalenessMillis) {
  public QueryRequest {
    Json.require("tableId", tableId);
    Json.require("view", view);
    Json.require("sql", sql);
    Json.require("parameters", parameters);
    minPositions = minPositions == null ? List.of() : Json.requireAll("minPositions", minPositions);
  }

  /**
   * A table as a statement sees it.
   *
   * @param name its name in the statement
   * @param columns its columns in order
   * @param virtualShards only rows of these; null for all of the shard's
   */
  public record View(String name, List<ViewColumn> columns, @Nullable List<Integer> virtualShards) {
    public View {
      Json.require("the view's name", name);
      columns = Json.requireAll("the view's columns", columns);
      virtualShards =
          virtualShards == null ? null : Json.requireAll("virtualShards", virtualShards);
    }
  }

  /** The id under which a view shows {@code _version}: the log offset of a row's last change. */
  public static final int ROW_VERSION = -1;

  /** A column: its id, or {@link #ROW_VERSION}, and its name in the statement. */
  public record ViewColumn(int id, String name) {
    public ViewColumn {
      Json.require("a column's name", name);
    }
  }
}
