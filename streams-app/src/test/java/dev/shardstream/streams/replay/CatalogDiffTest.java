package dev.shardstream.streams.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogDiffTest {
  static {
    Events.trust(Table.class);
  }

  private static final Column KEY =
      new Column(1, "id", TypeName.BIGINT, null, false, null, null, null);
  private static final Column NOTE =
      new Column(2, "note", TypeName.TEXT, null, true, null, null, null);
  private static final Table TABLE =
      Table.newBuilder()
          .setDatabase("shop")
          .setTableId("shop-orders-1")
          .setName("orders")
          .setSchemaVersion(3)
          .setStatus(TableStatus.ACTIVE)
          .setType(TableType.REGULAR)
          .setColumns(List.of(KEY, NOTE))
          .setPrimaryKey(List.of(1))
          .setShardKey(List.of(1))
          .setStrategy(Strategy.HASH)
          .setPartitions(4)
          .setNextColumnId(3)
          .setIndexes(List.of(index(IndexStatus.READY, null)))
          .setCreatedAt(7)
          .build();

  @Test
  void how_far_the_shards_are_is_no_difference() {
    Table building =
        Table.newBuilder(TABLE)
            .setStatus(TableStatus.CREATING)
            .setIndexes(List.of(index(IndexStatus.BUILDING, null)))
            .build();
    assertThat(CatalogDiff.between(List.of(TABLE), List.of(building))).isEmpty();
  }

  @Test
  void each_field_that_differs_is_named() {
    Table other =
        Table.newBuilder(TABLE)
            .setName("Orders")
            .setSchemaVersion(4)
            .setColumns(
                List.of(
                    new Column(3, "more", TypeName.DATE, null, true, null, null, null),
                    Column.newBuilder(KEY).setComment("key").build()))
            .setIndexes(List.of(index(IndexStatus.FAILED, "duplicates")))
            .setTtlSeconds(5L)
            .build();
    assertThat(CatalogDiff.between(List.of(TABLE), List.of(other)))
        .map(CatalogDiff.Difference::toString)
        .containsExactly(
            "shop/shop-orders-1 name: replayed orders, live Orders",
            "shop/shop-orders-1 schemaVersion: replayed 3, live 4",
            "shop/shop-orders-1 columns[1].comment: replayed (none), live key",
            "shop/shop-orders-1 columns[2]: replayed " + NOTE + ", live (none)",
            "shop/shop-orders-1 columns[3]: replayed (none), live " + other.getColumns().get(0),
            "shop/shop-orders-1 indexes[1].status: replayed READY, live FAILED",
            "shop/shop-orders-1 ttlSeconds: replayed (none), live 5");
  }

  @Test
  void the_order_of_columns_counts() {
    Table other = Table.newBuilder(TABLE).setColumns(List.of(NOTE, KEY)).build();
    assertThat(CatalogDiff.between(List.of(TABLE), List.of(other)))
        .containsExactly(
            new CatalogDiff.Difference(
                "shop/shop-orders-1", "columns in order", "[1, 2]", "[2, 1]"));
  }

  @Test
  void tables_on_one_side_only_are_named_and_those_being_dropped_are_not_there() {
    Table gone = Table.newBuilder(TABLE).setStatus(TableStatus.DROPPING).build();
    Table more = Table.newBuilder(TABLE).setTableId("shop-users-2").setName("users").build();
    assertThat(CatalogDiff.between(List.of(TABLE), List.of(gone, more)))
        .map(CatalogDiff.Difference::toString)
        .containsExactly(
            "shop/shop-orders-1: replayed table 'orders' version 3, live (none)",
            "shop/shop-users-2: replayed (none), live table 'users' version 3");
  }

  private static Index index(IndexStatus status, String error) {
    return new Index(1, "by_note", false, List.of(2), status, error, null, "c2");
  }
}
