package dev.shardstream.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IndexDefinitionTest {
  private static final Table ORDERS = Samples.table(Samples.create("orders").build());
  private final Samples.View view = new Samples.View();

  private static CreateIndex.Builder create() {
    return CreateIndex.newBuilder()
        .setTable("orders")
        .setIndex("by_note")
        .setColumns(List.of("NOTE", "id"));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            create().setIndex("_i"),
            "Name '_i' is reserved: names that start with '_' belong to Shardstream"),
        Arguments.of(
            create().setColumns(List.of()), "Invalid argument: index 'by_note' names no column"),
        Arguments.of(create().setColumns(List.of("no")), "Column 'no' not found in table 'orders'"),
        Arguments.of(
            create().setColumns(List.of("_updated")),
            "Column '_updated' not found in table 'orders'"),
        Arguments.of(
            create().setColumns(List.of("id", "ID")),
            "Column 'ID' is named twice in table 'orders'"),
        Arguments.of(
            create().setUnique(true).setColumns(List.of("note")),
            "UNIQUE (note) on table 'orders' does not contain the shard key (id): unique values across shards need a global unique index, which does not exist yet. Add the shard key to it"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refused")
  void what_breaks_a_rule_is_refused(CreateIndex.Builder create, String message) {
    assertThatThrownBy(() -> IndexDefinition.of(create.build(), ORDERS, "c", view))
        .hasMessage(message);
  }

  @Test
  void an_index_begins_as_building_with_an_id_of_its_own() {
    Index index =
        new Index(1, "by_note", true, List.of(2, 1), IndexStatus.BUILDING, null, "why", "c1");

    assertThat(
            IndexDefinition.of(
                create().setUnique(true).setComment("why").build(), ORDERS, "c1", view))
        .contains(index);
    Table with = IndexDefinition.added(ORDERS, index);
    assertThat(with)
        .isEqualTo(Table.newBuilder(ORDERS).setIndexes(List.of(index)).setNextIndexId(2).build());
    assertThat(IndexDefinition.find(with, "BY_NOTE")).contains(index);
    assertThat(IndexDefinition.removed(with, 1))
        .isEqualTo(Table.newBuilder(ORDERS).setNextIndexId(2).build());
  }

  @Test
  void a_name_is_taken_once_in_a_namespace() {
    view.tables.add(
        IndexDefinition.added(
            Samples.table(Samples.create("items").build()),
            new Index(1, "By_Note", false, List.of(1), IndexStatus.READY, null, null, "c0")));

    assertThatThrownBy(() -> IndexDefinition.of(create().build(), ORDERS, "c1", view))
        .hasMessage("Index 'by_note' already exists");
    assertThat(IndexDefinition.of(create().setIfNotExists(true).build(), ORDERS, "c1", view))
        .isEqualTo(Optional.empty());
  }

  @Test
  void a_stream_table_has_no_indexes() {
    Table stream = Table.newBuilder(ORDERS).setType(TableType.STREAM).build();

    assertThatThrownBy(() -> IndexDefinition.of(create().build(), stream, "c1", view))
        .hasMessage("Cannot alter stream tables (table_type: Stream)");
  }
}
