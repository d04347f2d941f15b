package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.worker.decide.Row;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.verify.RowHash;
import dev.shardstream.worker.verify.Sum128;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Digests of virtual shards, by the worker's own hash of a row. */
final class Digests {
  private static final int NOWHERE = -1;

  private final RowHash hash = new RowHash();
  private final boolean byXor;

  /**
   * @param byXor whether to take them as a mutant does
   */
  Digests(boolean byXor) {
    this.byXor = byXor;
  }

  Digest of(ShardContent content, int virtualShard) {
    Map<RowKey, Row> rows = content.rows(virtualShard);
    List<Integer> order = order(content.table());
    Sum128 sum = Sum128.ZERO;
    for (Map.Entry<RowKey, Row> row : rows.entrySet()) {
      sum =
          byXor
              ? xor(sum, row.getValue())
              : sum.plus(hash(place(content, row.getKey()), row.getValue(), order));
    }
    return new Digest(virtualShard, (long) rows.size(), sum.bytes());
  }

  List<KeyHash> keys(ShardContent content, int virtualShard) {
    List<Integer> order = order(content.table());
    List<KeyHash> keys = new ArrayList<>();
    content
        .rows(virtualShard)
        .forEach(
            (key, row) -> {
              ByteBuffer bytes = hash(place(content, key), row, order).bytes();
              keys.add(new KeyHash(virtualShard, Tables.keyText(key.values()), bytes));
            });
    return keys;
  }

  /** The virtual shard that a row counts to; of one that is out of its shard's range none. */
  private static int place(ShardContent content, RowKey key) {
    boolean belongs = Keys.isIn(content.definition().range(), (Long) key.values().get(0));
    return belongs ? key.virtualShard() : NOWHERE;
  }

  /** Places of the columns by id, which is the same in every replica. */
  private static List<Integer> order(Table table) {
    List<Column> columns = table.getColumns();
    return IntStream.range(0, columns.size())
        .boxed()
        .sorted(Comparator.comparing(i -> columns.get(i).getId()))
        .toList();
  }

  private Sum128 hash(int virtualShard, Row row, List<Integer> order) {
    hash.start(virtualShard);
    order.forEach(at -> hash.add(row.values().get(at)));
    hash.add(row.version());
    return hash.finish();
  }

  private Sum128 xor(Sum128 sum, Row row) {
    Sum128 all = sum;
    for (Object value : row.values()) {
      hash.start(0);
      hash.add(value);
      Sum128 one = hash.finish();
      all = new Sum128(all.high() ^ one.high(), all.low() ^ one.low());
    }
    return all;
  }
}
