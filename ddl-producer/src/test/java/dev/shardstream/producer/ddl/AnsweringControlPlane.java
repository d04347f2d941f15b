package dev.shardstream.producer.ddl;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Answers each command at once with what a test decides. */
public final class AnsweringControlPlane {
  private AnsweringControlPlane() {}

  /** A publisher whose commands get these results. */
  public static DdlPublisher publisher(
      ClientConfig config, Function<DdlCommand, List<DdlResult>> answers) {
    DdlResults results = new DdlResults();
    return new DdlPublisher(
        config,
        results,
        new MockProducer<>(
            true,
            null,
            new StringSerializer(),
            new Events(ConfluentRegistry.connect(config.registryUrl(), config.connectTimeout()))
                .serde(DdlCommand.class)
                .serializer()) {
          @Override
          public synchronized Future<RecordMetadata> send(
              ProducerRecord<String, DdlCommand> sent, Callback callback) {
            Future<RecordMetadata> done = super.send(sent, callback);
            answers.apply(sent.value()).forEach(results);
            return done;
          }
        });
  }

  /** A result of a command about a table. */
  public static DdlResult result(
      DdlCommand command, DdlStatus status, String tableId, int schemaVersion) {
    return DdlResult.newBuilder()
        .setCommandId(command.getId())
        .setDatabase(command.getDatabase())
        .setStatus(status)
        .setAt(1)
        .setOperation(Operations.name(command.getOperation()))
        .setIssuedBy(command.getIssuedBy())
        .setTable(Operations.table(command.getOperation()).orElse(null))
        .setTableId(tableId)
        .setSchemaVersion(schemaVersion)
        .build();
  }
}
