package dev.shardstream.producer.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataSnapshotTest {
  private final MetadataSnapshot snapshot = SampleTables.snapshot(2);

  @Test
  void a_table_is_found_in_any_case_and_only_in_its_database() {
    assertThat(snapshot.table("default", "uSERS")).contains(SampleTables.USERS);
    assertThat(snapshot.table("DEFAULT", "users")).contains(SampleTables.USERS);
    assertThat(snapshot.table("other", "users")).isEmpty();
  }

  @Test
  void tables_are_listed_by_name() {
    assertThat(snapshot.tables("default")).containsExactly(SampleTables.EVENTS, SampleTables.USERS);
  }

  @Test
  void a_table_that_is_being_dropped_is_gone_and_its_name_is_free() {
    Table dropping = Table.newBuilder(SampleTables.USERS).setStatus(TableStatus.DROPPING).build();
    Table again = Table.newBuilder(SampleTables.USERS).setTableId("default-users-9").build();
    MetadataSnapshot both =
        new MetadataSnapshot(
            Map.of(dropping.getTableId(), dropping, again.getTableId(), again),
            Map.of(),
            Map.of(),
            Map.of());
    assertThat(both.requireTable("default", "users")).isEqualTo(again);
    assertThatThrownBy(() -> both.requireTopology(again))
        .hasMessage("Table 'Users' is still being created: try again when it is active");
    MetadataSnapshot gone =
        new MetadataSnapshot(Map.of(dropping.getTableId(), dropping), Map.of(), Map.of(), Map.of());
    assertThatThrownBy(() -> gone.requireTable("default", "users"))
        .hasMessage("Table 'users' not found");
  }
}
