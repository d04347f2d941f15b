package dev.shardstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.ReshardTable;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static DdlCommand command(Object operation) {
    return DdlCommand.newBuilder()
        .setId("c1")
        .setDatabase("default")
        .setDependsOn(List.of("c0"))
        .setExpectedSchemaVersion(4)
        .setIssuedBy("test")
        .setOperation(operation)
        .build();
  }

  @Test
  void a_union_of_operations_comes_back_as_the_operation_it_was() {
    try (Registry registry = ConfluentRegistry.connect("mock://events", Duration.ofSeconds(1));
        Serde<DdlCommand> serde = new Events(registry).serde(DdlCommand.class)) {
      for (Object operation :
          List.of(new ReshardTable("t", 8, null, false), new DropTable("t", true, false, null))) {
        byte[] bytes = serde.serializer().serialize("p.ddl-commands", command(operation));
        assertThat(serde.deserializer().deserialize("p.ddl-commands", bytes))
            .isEqualTo(command(operation));
      }
      assertThat(serde.serializer().serialize("p.ddl-commands", null)).isNull();
    }
  }

  @Test
  void the_wire_format_is_a_zero_byte_and_the_registry_id() {
    try (Registry registry = ConfluentRegistry.connect("mock://wire", Duration.ofSeconds(1));
        Serde<DdlCommand> serde = new Events(registry).serde(DdlCommand.class)) {
      byte[] bytes =
          serde
              .serializer()
              .serialize("p.ddl-commands", command(new DropTable("t", true, false, null)));
      assertThat(bytes[0]).isZero();
      assertThat(registry.byId(WireFormat.schemaId(bytes))).contains(DdlCommand.getClassSchema());
    }
  }

  @Test
  void an_unknown_id_or_no_header_is_malformed() {
    try (Registry registry = ConfluentRegistry.connect("mock://unknown", Duration.ofSeconds(1));
        Serde<DdlCommand> serde = new Events(registry).serde(DdlCommand.class)) {
      assertThatThrownBy(
              () ->
                  serde.deserializer().deserialize("p.ddl-commands", new byte[] {0, 0, 0, 9, 9, 1}))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessage("unknown schema id 2313");
      assertThatThrownBy(() -> serde.deserializer().deserialize("p.ddl-commands", new byte[] {1}))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessage("no Confluent wire format header");
    }
  }

  @Test
  void a_registry_that_does_not_answer_is_named_after_a_bounded_wait() {
    try (Registry registry =
        ConfluentRegistry.connect("http://127.0.0.1:1", Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> registry.byId(1))
          .isInstanceOf(ShardstreamException.class)
          .hasMessage(
              "Schema registry is not reachable at http://127.0.0.1:1 (waited 1 s): check the"
                  + " address and the registry");
    }
  }
}
