package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.PlannedNode;
import dev.shardstream.schemas.event.PlannedTarget;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

class DdlLinesTest {
  static {
    Events.trust(DdlResult.class);
  }

  @Test
  void the_plan_of_a_dry_run_is_a_part_of_its_line() {
    DdlResult planned =
        DdlResult.newBuilder()
            .setCommandId("c1")
            .setDatabase("default")
            .setStatus(DdlStatus.APPLIED)
            .setAt(1_000)
            .setOperation("RESHARD_TABLE")
            .setIssuedBy("ada")
            .setTable("users")
            .setPlan(
                new ReshardPlan(
                    "users",
                    List.of(0),
                    List.of(new PlannedTarget(1, "n1", 256, 5L, 50L, 5L, ShardRole.OWNER)),
                    List.of(new PlannedNode("n1", 60L, 100L)),
                    5L,
                    50L,
                    7L))
            .build();
    assertThat(DdlLines.result(planned))
        .isEqualTo(
            "{\"id\":\"c1\",\"database\":\"default\",\"status\":\"applied\","
                + "\"operation\":\"RESHARD_TABLE\",\"at\":\"1970-01-01T00:00:01Z\","
                + "\"table\":\"users\",\"tableId\":null,\"schemaVersion\":null,"
                + "\"changeLogId\":null,\"code\":null,\"message\":null,"
                + "\"plan\":{\"table\":\"users\",\"sourceShards\":[0],\"targets\":[{\"shardId\":1,"
                + "\"nodeId\":\"n1\",\"virtualShards\":256,\"rows\":5,\"bytes\":50,"
                + "\"rowsLocally\":5,\"role\":\"owner\"}],"
                + "\"nodes\":[{\"nodeId\":\"n1\",\"bytesNeeded\":60,"
                + "\"bytesFree\":100}],\"rows\":5,\"bytes\":50,\"estimatedMillis\":7}}");
  }
}
