package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnDefault;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.AlterColumnType;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CommentOnColumn;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.RenameColumn;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The changes of a table's columns. */
final class ColumnChanges {
  private ColumnChanges() {}

  static Optional<Table> added(Table table, AddColumn add) {
    ColumnDefinition definition = add.getColumn();
    String name = definition.getName();
    requireUser(table, name);
    Names.requireUsable(name);
    if (Tables.column(table, name).isPresent()) {
      if (add.getIfNotExists()) {
        return Optional.empty();
      }
      throw new ShardstreamException(ErrorCode.COLUMN_EXISTS, name, table.getName());
    }
    if (table.getColumns().size() >= ColumnDefinitions.MOST_COLUMNS) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED,
          "a table of more than " + ColumnDefinitions.MOST_COLUMNS + " columns");
    }
    Column column = ColumnDefinitions.column(definition, table.getNextColumnId());
    if (!column.getNullable() && column.getDefaultValue() == null) {
      throw new ShardstreamException(ErrorCode.NOT_NULL_WITHOUT_DEFAULT, name, table.getName());
    }
    List<Column> columns = new ArrayList<>(table.getColumns());
    columns.add(column);
    return Optional.of(NextVersion.of(table).columnAdded(columns).table());
  }

  static Optional<Table> dropped(Table table, DropColumn drop, CatalogView view) {
    Optional<Column> found = find(table, drop.getColumn(), drop.getIfExists());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Column column = found.get();
    requireNoKey(table, column);
    List<Index> on = TableEvolution.indexesOn(table, column.getId());
    if (!on.isEmpty() && !drop.getCascade()) {
      throw new ShardstreamException(
          ErrorCode.COLUMN_IN_INDEX,
          column.getName(),
          on.stream().map(i -> "'" + i.getName() + "'").collect(Collectors.joining(", ")));
    }
    int liveQueries = view.liveQueries(table.getTableId(), column.getId());
    if (liveQueries > 0) {
      throw new ShardstreamException(ErrorCode.COLUMN_IN_LIVE_QUERY, column.getName(), liveQueries);
    }
    return Optional.of(
        NextVersion.of(table)
            .columnDropped(column)
            .indexes(table.getIndexes().stream().filter(i -> !on.contains(i)).toList())
            .table());
  }

  /** A change of one column that stays. */
  static Optional<Table> altered(Table table, Object change) {
    if (change instanceof RenameColumn rename) {
      return find(table, rename.getColumn(), rename.getIfExists())
          .flatMap(column -> renamed(table, column, rename.getNewName()));
    } else if (change instanceof AlterColumnType alter) {
      return find(table, alter.getColumn(), alter.getIfExists())
          .flatMap(column -> retyped(table, column, alter));
    } else if (change instanceof AlterColumnDefault alter) {
      return find(table, alter.getColumn(), alter.getIfExists())
          .flatMap(column -> redefaulted(table, column, alter));
    } else if (change instanceof AlterColumnNullability alter) {
      return find(table, alter.getColumn(), alter.getIfExists())
          .flatMap(
              column -> {
                requireNoKey(table, column);
                return replaced(
                    table, column, c -> ColumnParts.of(c).nullable(alter.getNullable()).column());
              });
    } else if (change instanceof CommentOnColumn comment) {
      return find(table, comment.getColumn(), false)
          .flatMap(
              column ->
                  replaced(
                      table,
                      column,
                      c -> ColumnParts.of(c).comment(comment.getComment()).column()));
    }
    throw new IllegalArgumentException("No change of a table: " + change);
  }

  private static Optional<Table> renamed(Table table, Column column, String name) {
    requireNoKey(table, column);
    Names.requireUsable(name);
    Optional<Column> holder = Tables.column(table, name);
    if (holder.isPresent() && holder.get() != column) {
      throw new ShardstreamException(ErrorCode.COLUMN_EXISTS, name, table.getName());
    }
    return replaced(table, column, c -> ColumnParts.of(c).name(name).column());
  }

  private static Optional<Table> retyped(Table table, Column column, AlterColumnType alter) {
    requireNoKey(table, column);
    ColumnDefinitions.requireLength(column.getName(), alter.getType(), alter.getLength());
    TypeChange next = new TypeChange(alter.getType(), alter.getLength());
    TypeChange.of(column).requireWidening(next);
    boolean nullable = column.getNullable() && !alter.getNotNull();
    return replaced(table, column, c -> ColumnParts.of(c).type(next).nullable(nullable).column());
  }

  private static Optional<Table> redefaulted(Table table, Column column, AlterColumnDefault alter) {
    requireNoKey(table, column);
    Object value = ColumnDefinitions.defaultValue(column, alter.getDefaultValue());
    return replaced(table, column, c -> ColumnParts.of(c).defaultValue(value).column());
  }

  private static Optional<Table> replaced(
      Table table, Column column, UnaryOperator<Column> operator) {
    Column next = operator.apply(column);
    return next.equals(column)
        ? Optional.empty()
        : Optional.of(
            NextVersion.of(table)
                .columns(table.getColumns().stream().map(c -> c == column ? next : c).toList())
                .table());
  }

  private static Optional<Column> find(Table table, String name, boolean ifExists) {
    requireUser(table, name);
    Optional<Column> found = Tables.column(table, name);
    if (found.isEmpty() && !ifExists) {
      throw new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, name, table.getName());
    }
    return found;
  }

  /** The columns that every table has besides its own; an edge table's ends are its own. */
  private static void requireUser(Table table, String name) {
    if (name.startsWith("_") && Tables.column(table, name).isEmpty()) {
      throw new ShardstreamException(ErrorCode.SYSTEM_COLUMN);
    }
  }

  private static void requireNoKey(Table table, Column column) {
    if (table.getShardKey().contains(column.getId())) {
      throw new ShardstreamException(ErrorCode.SHARD_KEY_COLUMN, column.getName(), table.getName());
    }
    if (table.getPrimaryKey().contains(column.getId())) {
      throw new ShardstreamException(
          ErrorCode.PRIMARY_KEY_COLUMN, column.getName(), table.getName());
    }
  }
}
