package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.row.StoredValues;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Where a RANGE table that is created begins a shard. */
public final class SplitPoints {
  /** As many as divide a table into the most shards that it can have. */
  static final int MOST = VirtualShards.COUNT - 1;

  private SplitPoints() {}

  /** The split points of a CREATE TABLE, in its order. */
  public static List<byte[]> of(CreateTable create) {
    return create.getSplitAt().stream().map(KeyRanges::bytes).toList();
  }

  /**
   * How many shards a table begins with: as many as it asks for, or as its split points make.
   *
   * @param create a definition that breaks no rule
   */
  public static int shards(CreateTable create) {
    return create.getStrategy() == Strategy.RANGE
        ? create.getSplitAt().size() + 1
        : create.getShards();
  }

  /**
   * Checks the split points of a CREATE TABLE, and that its shards are as many as they make. One
   * shard beside split points is what a command says that says nothing of shards.
   *
   * @param shardKey columns of the shard key, in key order
   * @throws ShardstreamException INVALID_SPLIT
   */
  static void require(CreateTable create, List<Column> shardKey) {
    int points = create.getSplitAt().size();
    if (create.getStrategy() != Strategy.RANGE) {
      require(create, points == 0, "only a table with STRATEGY='range' is split at shard keys");
      return;
    }
    require(create, points <= MOST, "%d split points, and at most %d are possible", points, MOST);
    require(
        create,
        create.getShards() == points + 1 || create.getShards() == 1,
        "%d shards need %d split points, and %d are given",
        create.getShards(),
        create.getShards() - 1,
        points);
    byte[] last = null;
    for (byte[] point : of(create)) {
      requireKey(create, shardKey, point);
      require(
          create,
          last == null || OrderedKey.compare(last, point) < 0,
          "(%s) does not come after (%s): split points must ascend",
          text(point),
          last == null ? "" : text(last));
      last = point;
    }
  }

  private static void requireKey(CreateTable create, List<Column> shardKey, byte[] point) {
    List<Object> values = values(point).orElse(List.of());
    require(
        create,
        !values.isEmpty() || point.length == 0,
        "x'%s' is not the bytes of a key",
        HexFormat.of().formatHex(point));
    require(
        create,
        !values.isEmpty() && values.size() <= shardKey.size(),
        "(%s) has %d values, and the shard key (%s) has %d",
        Tables.keyText(values),
        values.size(),
        String.join(", ", shardKey.stream().map(Column::getName).toList()),
        shardKey.size());
    for (int i = 0; i < values.size(); i++) {
      Column column = shardKey.get(i);
      require(
          create,
          StoredValues.fits(column, values.get(i)),
          "column '%s' is %s and cannot hold %s",
          column.getName(),
          column.getType(),
          Tables.keyText(values.subList(i, i + 1)));
    }
  }

  /** Empty for bytes that are not those of their values: they would not compare as these do. */
  private static Optional<List<Object>> values(byte[] point) {
    try {
      List<Object> values = OrderedKey.values(point);
      return Arrays.equals(OrderedKey.of(values), point) ? Optional.of(values) : Optional.empty();
    } catch (IllegalArgumentException noKey) {
      return Optional.empty();
    }
  }

  private static String text(byte[] point) {
    return Tables.keyText(OrderedKey.values(point));
  }

  private static void require(
      CreateTable create, boolean isMet, String otherwise, Object... parameters) {
    if (!isMet) {
      throw new ShardstreamException(
          ErrorCode.INVALID_SPLIT, create.getTable(), String.format(otherwise, parameters));
    }
  }
}
