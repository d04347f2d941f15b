package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table in the making: what a change sets, and the rest as it was. Avro's builders copy deeply.
 */
final class NextVersion {
  private final Table before;
  private String name;
  private List<Column> columns;
  private List<Column> droppedColumns;
  private int nextColumnId;
  private List<Index> indexes;
  private int blockSize;
  private int replicas;
  private @Nullable String comment;

  private NextVersion(Table before) {
    this.before = before;
    this.name = before.getName();
    this.columns = before.getColumns();
    this.droppedColumns = before.getDroppedColumns();
    this.nextColumnId = before.getNextColumnId();
    this.indexes = before.getIndexes();
    this.blockSize = before.getBlockSize();
    this.replicas = before.getReplicas();
    this.comment = before.getComment();
  }

  static NextVersion of(Table before) {
    return new NextVersion(before);
  }

  NextVersion name(String next) {
    name = next;
    return this;
  }

  NextVersion columns(List<Column> next) {
    columns = List.copyOf(next);
    return this;
  }

  /** One column less; what the log says of it stays. */
  NextVersion columnDropped(Column column) {
    List<Column> dropped = new ArrayList<>(droppedColumns);
    dropped.add(column);
    droppedColumns = List.copyOf(dropped);
    return columns(columns.stream().filter(c -> c != column).toList());
  }

  /** The column's id is given out with this version. */
  NextVersion columnAdded(List<Column> next) {
    nextColumnId++;
    return columns(next);
  }

  NextVersion indexes(List<Index> next) {
    indexes = List.copyOf(next);
    return this;
  }

  NextVersion blockSize(int next) {
    blockSize = next;
    return this;
  }

  NextVersion replicas(int next) {
    replicas = next;
    return this;
  }

  NextVersion comment(@Nullable String next) {
    comment = next;
    return this;
  }

  /** The table at its next version. */
  Table table() {
    return table(before.getSchemaVersion() + 1, before.getNextIndexId());
  }

  /** The table at the version that it has: indexes make none. */
  Table indexesOnly(int nextIndexId) {
    return table(before.getSchemaVersion(), nextIndexId);
  }

  private Table table(int schemaVersion, int nextIndexId) {
    return new Table(
        before.getDatabase(),
        before.getTableId(),
        name,
        schemaVersion,
        before.getStatus(),
        before.getType(),
        columns,
        before.getPrimaryKey(),
        before.getShardKey(),
        before.getStrategy(),
        before.getPartitions(),
        nextColumnId,
        indexes,
        nextIndexId,
        blockSize,
        before.getTtlSeconds(),
        before.getFromTable(),
        before.getToTable(),
        before.getCreatedAt(),
        comment,
        replicas,
        droppedColumns);
  }
}
