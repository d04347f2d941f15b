package dev.shardstream.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SplitPointsTest {
  private static ByteBuffer key(Object... values) {
    return ByteBuffer.wrap(OrderedKey.of(List.of(values)));
  }

  private static CreateTable.Builder orders(ByteBuffer... splitAt) {
    return Samples.create("orders").setStrategy(Strategy.RANGE).setSplitAt(Arrays.asList(splitAt));
  }

  private static CreateTable.Builder twoColumns(ByteBuffer... splitAt) {
    return orders(splitAt)
        .setColumns(
            List.of(Samples.column("n", TypeName.INTEGER), Samples.column("day", TypeName.DATE)))
        .setPrimaryKey(List.of("n", "day"));
  }

  private static Table defined(CreateTable create) {
    return TableDefinition.of(create, "shop", 7, 42, new Samples.View());
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            orders(key(1L)).setStrategy(Strategy.HASH),
            "only a table with STRATEGY='range' is split at shard keys"),
        Arguments.of(
            orders(LongStream.range(0, 256).mapToObj(i -> key(i)).toArray(ByteBuffer[]::new)),
            "256 split points, and at most 255 are possible"),
        Arguments.of(orders().setShards(4), "4 shards need 3 split points, and 0 are given"),
        Arguments.of(
            orders(key(1L), key(2L)).setShards(2), "2 shards need 1 split points, and 2 are given"),
        Arguments.of(orders(key("a")), "column 'id' is BIGINT and cannot hold 'a'"),
        Arguments.of(orders(key(1.5)), "column 'id' is BIGINT and cannot hold 1.5"),
        Arguments.of(twoColumns(key(1L << 31)), "column 'n' is INTEGER and cannot hold 2147483648"),
        Arguments.of(
            twoColumns(key(1L), key(1L, "1998-02-30")),
            "column 'day' is DATE and cannot hold '1998-02-30'"),
        Arguments.of(orders(key(1L, "a")), "(1, 'a') has 2 values, and the shard key (id) has 1"),
        Arguments.of(twoColumns(key()), "() has 0 values, and the shard key (n, day) has 2"),
        Arguments.of(
            orders(ByteBuffer.wrap(new byte[] {1, 2})), "x'0102' is not the bytes of a key"),
        Arguments.of(orders(ByteBuffer.wrap(new byte[] {9})), "x'09' is not the bytes of a key"),
        Arguments.of(
            orders(key(2L), key(1L)), "(1) does not come after (2): split points must ascend"),
        Arguments.of(
            twoColumns(key(1L, "1998-02-01"), key(1L)),
            "(1) does not come after (1, '1998-02-01'): split points must ascend"),
        Arguments.of(
            orders(key(2L), key(2L)), "(2) does not come after (2): split points must ascend"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refused")
  void split_points_that_break_a_rule_are_refused(CreateTable.Builder create, String why) {
    assertThatThrownBy(() -> defined(create.build()))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SPLIT))
        .hasMessage("Invalid SPLIT AT of table 'orders': " + why);
  }

  @Test
  void a_table_begins_with_one_shard_more_than_it_has_split_points() {
    for (CreateTable create :
        List.of(
            orders().build(),
            orders(key(1L), key(2L)).build(),
            orders(key(1L), key(2L)).setShards(3).build(),
            twoColumns(key(1L), key(1L, "1998-02-01"), key(2L)).build())) {
      assertThat(defined(create).getStrategy()).isEqualTo(Strategy.RANGE);
      assertThat(SplitPoints.shards(create)).isEqualTo(create.getSplitAt().size() + 1);
    }
    assertThat(SplitPoints.shards(Samples.create("orders").setShards(5).build())).isEqualTo(5);
  }
}
