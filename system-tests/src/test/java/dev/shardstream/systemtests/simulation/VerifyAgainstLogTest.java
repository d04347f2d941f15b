package dev.shardstream.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyTable;
import org.junit.jupiter.api.Test;

class VerifyAgainstLogTest {
  private final CalmTable table = new CalmTable(1);

  private DdlResult verify() {
    return table.give(new VerifyTable("orders", null, true));
  }

  @Test
  void a_sound_table_passes_and_stays_as_it_was() {
    Topology before = table.topology();
    assertThat(verify().getStatus()).isEqualTo(DdlStatus.APPLIED);
    assertThat(table.topology().getShards()).isEqualTo(before.getShards());
    assertThat(table.topology().getEpoch()).isEqualTo(before.getEpoch());
  }

  @Test
  void a_damaged_row_of_a_live_shard_is_found() {
    Topology before = table.topology();
    assertThat(table.damageOneOf(Tables.owners(before))).as("some shard has rows").isTrue();
    DdlResult result = verify();
    assertThat(result.getStatus()).isEqualTo(DdlStatus.REJECTED);
    assertThat(result.getMessage()).contains("Verify found 1 virtual shards that differ");
    assertThat(table.topology().getShards()).isEqualTo(before.getShards());
  }
}
