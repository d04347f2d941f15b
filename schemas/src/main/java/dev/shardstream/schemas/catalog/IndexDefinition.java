package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The indexes of a table, and the one that a CREATE INDEX asks for. */
public final class IndexDefinition {
  private IndexDefinition() {}

  /**
   * The index as it begins: BUILDING.
   *
   * @param commandId command that makes it
   * @return empty when there is an index of that name and that is no error
   * @throws ShardstreamException the first rule that the definition breaks
   */
  public static Optional<Index> of(
      CreateIndex create, Table table, String commandId, CatalogView view) {
    if (table.getType() == TableType.STREAM) {
      throw new ShardstreamException(ErrorCode.STREAM_TABLE_IMMUTABLE);
    }
    Names.requireUsable(create.getIndex());
    if (view.tableOfIndex(create.getIndex()).isPresent()) {
      if (create.getIfNotExists()) {
        return Optional.empty();
      }
      throw new ShardstreamException(ErrorCode.INDEX_EXISTS, create.getIndex());
    }
    List<Integer> columns = columns(create, table);
    if (create.getUnique() && !columns.containsAll(table.getShardKey())) {
      throw new ShardstreamException(
          ErrorCode.UNIQUE_WITHOUT_SHARD_KEY,
          String.join(", ", create.getColumns()),
          table.getName(),
          String.join(", ", Tables.shardKey(table).stream().map(Column::getName).toList()));
    }
    return Optional.of(
        new Index(
            table.getNextIndexId(),
            create.getIndex(),
            create.getUnique(),
            columns,
            IndexStatus.BUILDING,
            null,
            create.getComment(),
            commandId));
  }

  private static List<Integer> columns(CreateIndex create, Table table) {
    if (create.getColumns().isEmpty()) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "index '" + create.getIndex() + "' names no column");
    }
    List<Integer> ids = new ArrayList<>();
    for (String name : create.getColumns()) {
      int id = Tables.requireColumn(table, name).getId();
      if (ids.contains(id)) {
        throw new ShardstreamException(ErrorCode.DUPLICATE_COLUMN, name, table.getName());
      }
      ids.add(id);
    }
    return ids;
  }

  /** The index of that name, in any case. */
  public static Optional<Index> find(Table table, String name) {
    return table.getIndexes().stream().filter(i -> Names.same(i.getName(), name)).findFirst();
  }

  /** The index of that id. */
  public static Optional<Index> find(Table table, int id) {
    return table.getIndexes().stream().filter(i -> i.getId() == id).findFirst();
  }

  /** The table with one more index, at the same version. */
  public static Table added(Table table, Index index) {
    List<Index> indexes = new ArrayList<>(table.getIndexes());
    indexes.add(index);
    return NextVersion.of(table).indexes(indexes).indexesOnly(index.getId() + 1);
  }

  /** The table with an index changed, at the same version. */
  public static Table replaced(Table table, Index index) {
    return NextVersion.of(table)
        .indexes(
            table.getIndexes().stream().map(i -> i.getId() == index.getId() ? index : i).toList())
        .indexesOnly(table.getNextIndexId());
  }

  /** The table without an index, at the same version. */
  public static Table removed(Table table, int id) {
    return NextVersion.of(table)
        .indexes(table.getIndexes().stream().filter(i -> i.getId() != id).toList())
        .indexesOnly(table.getNextIndexId());
  }
}
