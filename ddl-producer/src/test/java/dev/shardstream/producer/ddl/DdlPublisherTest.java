package dev.shardstream.producer.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class DdlPublisherTest {
  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "bootstrap.servers", "x:1",
              "schema.registry.url", "mock://ddl",
              "command.timeout.ms", "100"));
  private final DdlResults results = new DdlResults();
  private final MockProducer<String, DdlCommand> producer =
      new MockProducer<>(
          true,
          null,
          new StringSerializer(),
          new Events(ConfluentRegistry.connect(config.registryUrl(), config.connectTimeout()))
              .serde(DdlCommand.class)
              .serializer());
  private final DdlPublisher publisher = new DdlPublisher(config, results, producer);

  @Test
  void commands_that_are_waited_for_are_published_once_and_all_before_the_first_answer() {
    DdlCommand first = publisher.command("Shop", new DropTable("a", false, false, null));
    DdlCommand second = publisher.command("Shop", new DropTable("b", false, false, null));

    try (DdlAnswer one = publisher.publishForAnswer(first, DdlStatus.APPLIED);
        DdlAnswer two = publisher.publishForAnswer(second, DdlStatus.ACCEPTED)) {
      results.accept(result(second, DdlStatus.ACCEPTED));
      results.accept(result(first, DdlStatus.APPLIED));

      assertThat(one.await()).isEqualTo(result(first, DdlStatus.APPLIED));
      assertThat(two.await()).isEqualTo(result(second, DdlStatus.ACCEPTED));
    }

    String topic = config.topics().ddlCommands();
    assertThat(producer.history())
        .isEqualTo(
            List.of(
                new ProducerRecord<>(topic, "shop", inDatabase("shop", first)),
                new ProducerRecord<>(topic, "shop", inDatabase("shop", second))));
  }

  @Test
  void an_answer_that_does_not_come_says_how_far_the_command_is() {
    DdlCommand command = publisher.command(null, new DropTable("a", false, false, null));

    try (DdlAnswer answer = publisher.publishForAnswer(command, DdlStatus.APPLIED)) {
      results.accept(result(command, DdlStatus.PENDING));

      assertThatThrownBy(answer::await)
          .hasMessage("Command '" + command.getId() + "' is still pending after 0 s");
    }
  }

  @Test
  void a_command_is_sent_for_whom_the_thread_works_or_else_the_client() {
    TraceContext ofThread =
        new TraceContext(
            "invoice-17", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1");
    ClientConfig named =
        ClientConfig.of(
            Map.of(
                "bootstrap.servers", "x:1",
                "schema.registry.url", "mock://ddl",
                "correlation.id", "nightly"));
    DdlPublisher ofClient = new DdlPublisher(named, results, producer);
    DdlCommand command = publisher.command("Shop", new DropTable("a", false, false, null));

    publisher.publish(command);
    TraceScope.none().with(ofThread).run(() -> publisher.publish(command));
    ofClient.publish(command);
    TraceScope.none().with(ofThread).run(() -> ofClient.publish(command));

    assertThat(producer.history())
        .extracting(record -> TraceHeaders.read(record.headers()))
        .containsExactly(
            Optional.empty(),
            Optional.of(ofThread),
            Optional.of(TraceContext.of("nightly")),
            Optional.of(ofThread));
  }

  @Test
  void a_correlation_id_that_no_log_line_could_hold_is_refused() {
    assertThatThrownBy(
            () ->
                ClientConfig.of(
                    Map.of(
                        "bootstrap.servers", "x:1",
                        "schema.registry.url", "mock://ddl",
                        "correlation.id", "two words")))
        .hasMessageContaining("correlation.id");
  }

  private static DdlCommand inDatabase(String database, DdlCommand command) {
    return DdlCommand.newBuilder(command).setDatabase(database).build();
  }

  private static DdlResult result(DdlCommand command, DdlStatus status) {
    return DdlResult.newBuilder()
        .setCommandId(command.getId())
        .setDatabase(command.getDatabase())
        .setStatus(status)
        .setAt(1)
        .setOperation("DROP_TABLE")
        .setIssuedBy("ada")
        .build();
  }
}
