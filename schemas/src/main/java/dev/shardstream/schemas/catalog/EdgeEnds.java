package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The node tables where the edges of an edge table begin and end. */
record EdgeEnds(Table from, Table to) {
  /** Where an edge begins comes first: it decides on the shard. */
  static final List<Integer> SHARD_KEY = List.of(1);

  /** An edge table that names no primary key has at most one edge from one node to another. */
  static final List<Integer> KEY = List.of(1, 2);

  /**
   * @throws ShardstreamException INVALID_ARGUMENT, NODE_TABLE_NOT_FOUND
   */
  static EdgeEnds of(CreateTable create, CatalogView view) {
    return new EdgeEnds(node(create, create.getFrom(), view), node(create, create.getTo(), view));
  }

  private static Table node(CreateTable create, @Nullable String name, CatalogView view) {
    if (name == null) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "edge table '" + create.getTable() + "' must say FROM which node table TO which");
    }
    return view.table(name)
        .filter(t -> t.getType() == TableType.NODE && t.getStatus() == TableStatus.ACTIVE)
        .orElseThrow(
            () ->
                new ShardstreamException(ErrorCode.NODE_TABLE_NOT_FOUND, name, create.getTable()));
  }

  List<Column> columns() {
    return List.of(column(1, "_from", from), column(2, "_to", to));
  }

  private static Column column(int id, String name, Table node) {
    Column key = Tables.primaryKey(node).get(0);
    return new Column(id, name, key.getType(), key.getLength(), false, null, null, null);
  }
}
