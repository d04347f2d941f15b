package dev.shardstream.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.worker.Orders;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RangeConditionTest {
  private static final List<TypeName> KEY =
      List.of(TypeName.TEXT, TypeName.BIGINT, TypeName.DOUBLE, TypeName.BLOB);

  static {
    Events.trust(Table.class);
  }

  @TempDir Path directory;

  /** A table whose shard key has a column of each storage class, not in the primary key's order. */
  private static Table table() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < KEY.size(); i++) {
      columns.add(new Column(i + 1, "k" + i, KEY.get(i), null, false, null, null, null));
    }
    return Table.newBuilder(Orders.RANGED)
        .setColumns(columns)
        .setPrimaryKey(List.of(4, 3, 2, 1))
        .setShardKey(List.of(1, 2, 3, 4))
        .build();
  }

  private static List<Object> key(Random random) {
    String[] texts = {"", "a", "a\u0000", "a\u0000b", "ab", "é", "😀", "\uffff"};
    long[] numbers = {Long.MIN_VALUE, -1, 0, 1, 1L << 60, Long.MAX_VALUE};
    double[] reals = {Double.NEGATIVE_INFINITY, -1.5, -0.0, 0.0, 1e-300, 2.5};
    byte[][] blobs = {{}, {0}, {0, 1}, {1}, {-1}, {0, -1}};
    return List.of(
        texts[random.nextInt(texts.length)],
        numbers[random.nextInt(numbers.length)],
        reals[random.nextInt(reals.length)],
        blobs[random.nextInt(blobs.length)]);
  }

  private static ByteBuffer bound(Random random) {
    return random.nextInt(5) == 0
        ? null
        : ByteBuffer.wrap(OrderedKey.of(key(random).subList(0, 1 + random.nextInt(KEY.size()))));
  }

  @Test
  void sqlite_finds_exactly_the_keys_that_are_in_a_range_with_bounds_of_any_length()
      throws Exception {
    Random random = new Random(11);
    Table table = table();
    ShardDefinition definition =
        new ShardDefinition(
            new ShardRef("t", 0), table, Orders.ALL, KeyRanges.ALL, ShardState.APPLYING);
    try (ShardFile file =
        ShardFile.create(directory.resolve("0.sqlite"), Orders.SETTINGS, definition)) {
      Set<String> keys = new HashSet<>();
      for (int i = 0; i < 600; i++) {
        List<Object> key = key(random);
        keys.add(text(key));
        insert(file, key);
      }
      for (int i = 0; i < 300; i++) {
        KeyRange range = new KeyRange(bound(random), bound(random));
        assertThat(found(file, range)).as(KeyRanges.text(range)).isEqualTo(within(keys, range));
      }
    }
  }

  private static String text(List<Object> key) {
    return HexFormat.of().formatHex(OrderedKey.of(key));
  }

  private static Set<String> within(Set<String> keys, KeyRange range) {
    Set<String> within = new HashSet<>(keys);
    within.removeIf(key -> !KeyRanges.contains(range, HexFormat.of().parseHex(key)));
    return within;
  }

  private static void insert(ShardFile file, List<Object> key) throws Exception {
    try (PreparedStatement insert =
        file.writer()
            .prepareStatement(
                "INSERT OR IGNORE INTO "
                    + file.shape().name()
                    + " (_virtualShard, c1, c2, c3, c4, _version, _updated)"
                    + " VALUES (3, ?, ?, ?, ?, 0, 0)")) {
      for (int i = 0; i < key.size(); i++) {
        insert.setObject(i + 1, key.get(i));
      }
      insert.executeUpdate();
    }
  }

  private static Set<String> found(ShardFile file, KeyRange range) throws Exception {
    RangeCondition condition = new RangeCondition(file.shape(), range);
    Set<String> found = new HashSet<>();
    try (PreparedStatement select =
        file.writer()
            .prepareStatement(
                "SELECT c1, c2, c3, c4 FROM "
                    + file.shape().name()
                    + " WHERE _virtualShard = ?"
                    + condition.sql())) {
      select.setInt(1, 3);
      condition.bind(select, 2);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              text(List.of(row.getString(1), row.getLong(2), row.getDouble(3), row.getBytes(4))));
        }
      }
    }
    return found;
  }
}
