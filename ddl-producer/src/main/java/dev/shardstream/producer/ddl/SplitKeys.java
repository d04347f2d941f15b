package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.row.StoredValues;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings the values at which a RANGE table is split into the form of its shard key. */
final class SplitKeys {
  private SplitKeys() {}

  /**
   * A definition split at these points. What cannot be converted stays as it is: whether the points
   * fit the shard key is the catalog's rule.
   *
   * @param definition without split points, and with one shard
   * @param points values of the shard key's first columns each: Long, Double, String or byte[]
   * @param shards how many the user said, null for as many as the points make
   * @throws ShardstreamException what {@link TableRules} refuse in the definition
   */
  static CreateTable split(
      CreateTable definition, List<? extends List<?>> points, @Nullable Integer shards) {
    List<Column> shardKey = shardKey(definition);
    return CreateTable.newBuilder(definition)
        .setShards(shards == null ? points.size() + 1 : shards)
        .setSplitAt(points.stream().map(point -> key(shardKey, point)).toList())
        .build();
  }

  /** Empty for an edge table: it has the type of its node table's key, which the catalog knows. */
  private static List<Column> shardKey(CreateTable definition) {
    Table table = TableRules.table(definition);
    return table.getType() == TableType.EDGE ? List.of() : Tables.shardKey(table);
  }

  private static ByteBuffer key(List<Column> shardKey, List<?> point) {
    List<Object> values = new ArrayList<>(point.size());
    for (int i = 0; i < point.size(); i++) {
      Object written = point.get(i);
      values.add(
          i < shardKey.size()
              ? StoredValues.store(shardKey.get(i), written).orElse(written)
              : written);
    }
    return ByteBuffer.wrap(OrderedKey.of(values));
  }
}
