package dev.shardstream.standalone.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestoredDefinitionTest {
  static {
    Events.trust(Table.class);
  }

  private static SnapshotManifest manifest(
      List<String> splitAt, @Nullable String from, @Nullable String to) {
    return new SnapshotManifest(
        1,
        "s",
        0,
        "c",
        "k",
        3,
        splitAt,
        from,
        to,
        Json.mapper().nullNode(),
        "",
        List.of(),
        "",
        List.of());
  }

  private static Table.Builder orders() {
    return Table.newBuilder()
        .setDatabase("shop")
        .setTableId("shop-orders-1")
        .setName("orders")
        .setSchemaVersion(5)
        .setStatus(TableStatus.ACTIVE)
        .setType(TableType.REGULAR)
        .setColumns(
            List.of(
                new Column(1, "country", TypeName.VARCHAR, 2, false, null, null, null),
                new Column(4, "number", TypeName.BIGINT, null, false, null, null, null),
                new Column(7, "state", TypeName.TEXT, null, false, "open", "new", "of it")))
        .setPrimaryKey(List.of(1, 4))
        .setShardKey(List.of(4))
        .setStrategy(Strategy.HASH)
        .setPartitions(8)
        .setNextColumnId(9)
        .setBlockSize(100)
        .setReplicas(2)
        .setCreatedAt(1)
        .setComment("all of them");
  }

  private static CreateTable.Builder created() {
    return CreateTable.newBuilder()
        .setTable("again")
        .setColumns(
            List.of(
                new ColumnDefinition("country", TypeName.VARCHAR, 2, false, null),
                new ColumnDefinition("number", TypeName.BIGINT, null, false, null),
                new ColumnDefinition("state", TypeName.TEXT, null, false, "open")))
        .setPrimaryKey(List.of("country", "number"))
        .setShardKey(List.of("number"))
        .setShards(3)
        .setPartitions(8)
        .setStrategy(Strategy.HASH)
        .setType(TableType.REGULAR)
        .setBlockSize(100)
        .setComment("all of them")
        .setReplicas(2);
  }

  @Test
  void a_table_is_created_as_it_was_with_ids_of_its_own() {
    assertThat(
            new RestoredDefinition(manifest(List.of(), null, null), orders().build())
                .create("again"))
        .isEqualTo(created().build());
  }

  @Test
  void a_ranged_table_is_split_where_it_was() {
    byte[] point = OrderedKey.of(List.of(1_000L));
    SnapshotManifest manifest =
        manifest(List.of(Base64.getEncoder().encodeToString(point)), null, null);
    assertThat(
            new RestoredDefinition(manifest, orders().setStrategy(Strategy.RANGE).build())
                .create("again"))
        .isEqualTo(
            created()
                .setStrategy(Strategy.RANGE)
                .setShards(2)
                .setSplitAt(List.of(ByteBuffer.wrap(point)))
                .build());
  }

  @Test
  void an_edge_table_names_its_ends_and_not_their_columns() {
    Table edge =
        orders()
            .setType(TableType.EDGE)
            .setColumns(
                List.of(
                    new Column(1, "_from", TypeName.BIGINT, null, false, null, null, null),
                    new Column(2, "_to", TypeName.BIGINT, null, false, null, null, null),
                    new Column(3, "weight", TypeName.DOUBLE, null, true, null, null, null)))
            .setPrimaryKey(List.of(1, 2))
            .setShardKey(List.of(1))
            .build();
    CreateTable create =
        new RestoredDefinition(manifest(List.of(), "people", "places"), edge).create("again");
    assertThat(create.getColumns())
        .isEqualTo(List.of(new ColumnDefinition("weight", TypeName.DOUBLE, null, true, null)));
    assertThat(List.of(create.getFrom(), create.getTo())).isEqualTo(List.of("people", "places"));
    assertThat(create.getPrimaryKey()).isEmpty();
  }

  @Test
  void a_table_that_is_there_is_the_one_or_differs() {
    RestoredDefinition wanted =
        new RestoredDefinition(manifest(List.of(), null, null), orders().build());
    Table same =
        orders()
            .setTableId("shop-again-2")
            .setName("again")
            .setColumns(
                List.of(
                    new Column(1, "country", TypeName.VARCHAR, 2, false, null, null, null),
                    new Column(2, "number", TypeName.BIGINT, null, false, null, null, null),
                    new Column(3, "state", TypeName.TEXT, null, false, "open", null, null)))
            .setPrimaryKey(List.of(1, 2))
            .setShardKey(List.of(2))
            .build();
    assertThat(wanted.difference(same)).isEqualTo(Optional.empty());
    assertThat(wanted.difference(orders().setPartitions(4).build())).isPresent();
    assertThat(wanted.difference(orders().setShardKey(List.of(1)).build())).isPresent();
    assertThat(
            wanted.difference(
                orders().setColumns(orders().build().getColumns().subList(0, 2)).build()))
        .isPresent();
  }

  @Test
  void an_index_is_known_by_its_columns() {
    Table there =
        orders()
            .setIndexes(
                List.of(
                    new Index(
                        1, "by_state", false, List.of(7, 4), IndexStatus.READY, null, null, "c")))
            .build();
    assertThat(
            List.of(
                RestoredDefinition.hasIndex(there, false, List.of("STATE", "number")),
                RestoredDefinition.hasIndex(there, true, List.of("state", "number")),
                RestoredDefinition.hasIndex(there, false, List.of("number", "state"))))
        .isEqualTo(List.of(true, false, false));
  }
}
