package dev.shardstream.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifyReplicasTest {
  private final CalmTable table = new CalmTable(3);

  private DdlResult verify() {
    return table.give(new VerifyTable("orders", null, false));
  }

  private List<Shard> replicas() {
    return table.topology().getShards().stream()
        .filter(shard -> shard.getRole() == ShardRole.REPLICA)
        .toList();
  }

  @Test
  void equal_replicas_pass_and_stay_as_they_were() {
    Topology before = table.topology();
    assertThat(replicas()).isNotEmpty();
    assertThat(verify().getStatus()).isEqualTo(DdlStatus.APPLIED);
    assertThat(table.topology().getShards()).isEqualTo(before.getShards());
    assertThat(table.topology().getEpoch()).isEqualTo(before.getEpoch());
  }

  @Test
  void a_damaged_row_of_a_replica_is_found() {
    Topology before = table.topology();
    assertThat(table.damageOneOf(replicas())).as("some replica has rows").isTrue();
    DdlResult result = verify();
    assertThat(result.getStatus()).isEqualTo(DdlStatus.REJECTED);
    assertThat(result.getMessage()).contains("Verify found 1 virtual shards that differ");
    assertThat(table.topology().getShards()).isEqualTo(before.getShards());
  }
}
