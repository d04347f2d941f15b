package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.CommentOnTable;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The next version of a table after a change, or why there is none. Commands come from any client,
 * so everything is checked here, whatever the client has checked.
 */
public final class TableEvolution {
  private static final int MOST_REPLICAS = 8;
  private static final int LARGEST_BLOCK = 10_000;

  static {
    Events.trust(Table.class);
  }

  private TableEvolution() {}

  /**
   * The table at its next version. Pure: the same table, change and view give the same version.
   *
   * @param change one of the changes of an ALTER TABLE
   * @return empty when the change changes nothing, which makes no version
   * @throws ShardstreamException the first rule that the change breaks
   */
  public static Optional<Table> next(Table table, Object change, CatalogView view) {
    if (change instanceof SetReplicas set) {
      return replicated(table, set.getReplicas());
    }
    if (table.getType() == TableType.STREAM) {
      throw new ShardstreamException(ErrorCode.STREAM_TABLE_IMMUTABLE);
    }
    if (change instanceof RenameTable rename) {
      return renamed(table, rename.getNewName(), view);
    } else if (change instanceof SetBlockSize size) {
      return resized(table, size.getBlockSize());
    } else if (change instanceof CommentOnTable comment) {
      return Objects.equals(table.getComment(), comment.getComment())
          ? Optional.empty()
          : Optional.of(NextVersion.of(table).comment(comment.getComment()).table());
    } else if (change instanceof AddColumn add) {
      return ColumnChanges.added(table, add);
    } else if (change instanceof DropColumn drop) {
      return ColumnChanges.dropped(table, drop, view);
    }
    return ColumnChanges.altered(table, change);
  }

  private static Optional<Table> renamed(Table table, String name, CatalogView view) {
    Names.requireUsable(name);
    Optional<Table> holder = view.table(name);
    if (holder.isPresent() && !holder.get().getTableId().equals(table.getTableId())) {
      throw new ShardstreamException(ErrorCode.TABLE_EXISTS, name);
    }
    return table.getName().equals(name)
        ? Optional.empty()
        : Optional.of(NextVersion.of(table).name(name).table());
  }

  private static Optional<Table> resized(Table table, int blockSize) {
    requireBlockSize(blockSize);
    return table.getBlockSize() == blockSize
        ? Optional.empty()
        : Optional.of(NextVersion.of(table).blockSize(blockSize).table());
  }

  private static Optional<Table> replicated(Table table, int replicas) {
    requireReplicas(replicas);
    return table.getReplicas() == replicas
        ? Optional.empty()
        : Optional.of(NextVersion.of(table).replicas(replicas).table());
  }

  /**
   * @throws ShardstreamException INVALID_REPLICAS
   */
  static void requireReplicas(int replicas) {
    if (replicas < 1 || replicas > MOST_REPLICAS) {
      throw new ShardstreamException(ErrorCode.INVALID_REPLICAS, replicas);
    }
  }

  /**
   * @throws ShardstreamException INVALID_BLOCK_SIZE
   */
  static void requireBlockSize(int blockSize) {
    if (blockSize < 1 || blockSize > LARGEST_BLOCK) {
      throw new ShardstreamException(ErrorCode.INVALID_BLOCK_SIZE, blockSize);
    }
  }

  /** The indexes that use a column, by id. */
  public static List<Index> indexesOn(Table table, int columnId) {
    return table.getIndexes().stream().filter(i -> i.getColumns().contains(columnId)).toList();
  }
}
