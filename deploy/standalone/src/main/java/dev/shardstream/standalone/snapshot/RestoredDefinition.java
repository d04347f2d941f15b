package dev.shardstream.standalone.snapshot;

import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table that a snapshot is restored into: the same columns under ids of its own, the same keys,
 * partitions and shards.
 *
 * @param manifest of the snapshot
 * @param table the definition to be restored, the snapshot's or a later one
 */
record RestoredDefinition(SnapshotManifest manifest, Table table) {
  static {
    Events.trust(CreateTable.class);
  }

  private static final List<String> EDGE_ENDS = List.of("_from", "_to");

  /** How the table is created. */
  CreateTable create(String name) {
    boolean edge = table.getType() == TableType.EDGE;
    List<String> primaryKey = names(table.getPrimaryKey());
    List<String> shardKey = names(table.getShardKey());
    List<ByteBuffer> splitAt =
        manifest.splitAt().stream()
            .map(each -> ByteBuffer.wrap(Base64.getDecoder().decode(each)))
            .toList();
    return CreateTable.newBuilder()
        .setTable(name)
        .setIfNotExists(false)
        .setColumns(
            table.getColumns().stream()
                .filter(column -> !edge || !EDGE_ENDS.contains(column.getName()))
                .map(RestoredDefinition::definition)
                .toList())
        .setPrimaryKey(edge && primaryKey.equals(EDGE_ENDS) ? List.of() : primaryKey)
        .setShardKey(shardKey.equals(primaryKey) ? List.of() : shardKey)
        .setShards(splitAt.isEmpty() ? manifest.shards() : splitAt.size() + 1)
        .setPartitions(table.getPartitions())
        .setStrategy(table.getStrategy())
        .setType(table.getType())
        .setFrom(edge ? manifest.fromTable() : null)
        .setTo(edge ? manifest.toTable() : null)
        .setTtlSeconds(table.getTtlSeconds())
        .setBlockSize(table.getBlockSize())
        .setComment(table.getComment())
        .setReplicas(table.getReplicas())
        .setSplitAt(splitAt)
        .build();
  }

  private static ColumnDefinition definition(Column column) {
    return ColumnDefinition.newBuilder()
        .setName(column.getName())
        .setType(column.getType())
        .setLength(column.getLength())
        .setNullable(column.getNullable())
        .setDefaultValue(column.getDefaultValue())
        .build();
  }

  private List<String> names(List<Integer> ids) {
    return names(table, ids);
  }

  private static List<String> names(Table of, List<Integer> ids) {
    List<String> names = new ArrayList<>(ids.size());
    for (int id : ids) {
      of.getColumns().stream()
          .filter(column -> column.getId() == id)
          .forEach(column -> names.add(column.getName()));
    }
    return names;
  }

  /** Names of the columns of an index. */
  List<String> columnNames(List<Integer> ids) {
    return names(ids);
  }

  /** What a table that is there has different from the one that would be created. */
  Optional<String> difference(Table there) {
    if (there.getType() != table.getType()
        || there.getPartitions() != table.getPartitions()
        || !Objects.equals(there.getTtlSeconds(), table.getTtlSeconds())) {
      return Optional.of("it is of another type, or has other partitions or another TTL");
    }
    if (!names(there, there.getPrimaryKey()).equals(names(table.getPrimaryKey()))
        || !names(there, there.getShardKey()).equals(names(table.getShardKey()))) {
      return Optional.of("it has another key");
    }
    List<String> wanted = table.getColumns().stream().map(RestoredDefinition::text).toList();
    List<String> found = there.getColumns().stream().map(RestoredDefinition::text).toList();
    return wanted.equals(found)
        ? Optional.empty()
        : Optional.of("it has the columns " + found + ", and " + wanted + " are to be restored");
  }

  private static String text(Column column) {
    @Nullable Integer length = column.getLength();
    return column.getName().toLowerCase(Locale.ROOT)
        + " "
        + column.getType()
        + (length == null ? "" : "(" + length + ")")
        + (column.getNullable() ? "" : " NOT NULL");
  }

  /** Whether a table has an index of these columns already. */
  static boolean hasIndex(Table there, boolean unique, List<String> columns) {
    return there.getIndexes().stream()
        .anyMatch(
            index ->
                index.getUnique() == unique && same(names(there, index.getColumns()), columns));
  }

  private static boolean same(List<String> one, List<String> other) {
    boolean same = one.size() == other.size();
    for (int i = 0; same && i < one.size(); i++) {
      same = Names.same(one.get(i), other.get(i));
    }
    return same;
  }
}
