package dev.shardstream.producer.ddl;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.kafka.Acknowledgement;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes commands. A command has one effect however often it is published, so whoever gets no
 * answer publishes the same command again. Safe for use by several threads.
 */
public final class DdlPublisher implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  static {
    Events.trust(DdlCommand.class);
  }

  private final ClientConfig config;
  private final DdlResults results;
  private final Producer<String, DdlCommand> producer;
  private final @Nullable String commandId;

  /**
   * @param results gets the results of the cluster, from before the first command on
   */
  public DdlPublisher(ClientConfig config, KafkaClients kafka, Events events, DdlResults results) {
    this(
        config,
        results,
        kafka.producer(
            new StringSerializer(),
            events.serde(DdlCommand.class).serializer(),
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0)));
  }

  DdlPublisher(ClientConfig config, DdlResults results, Producer<String, DdlCommand> producer) {
    this(config, results, producer, null);
  }

  private DdlPublisher(
      ClientConfig config,
      DdlResults results,
      Producer<String, DdlCommand> producer,
      @Nullable String commandId) {
    this.config = config;
    this.results = results;
    this.producer = producer;
    this.commandId = commandId;
  }

  /**
   * The same publisher for another's commands: it ends with this one, and need not be closed.
   *
   * @param commandId id of the one command that it is for; null for ids that nobody else has
   */
  public DdlPublisher with(ClientConfig other, @Nullable String commandId) {
    return new DdlPublisher(other, results, producer, commandId);
  }

  /**
   * A command of this client.
   *
   * @param database as the user wrote it; null for the configured one
   * @param operation one of those of {@link DdlCommand}
   * @throws ShardstreamException INVALID_NAME or RESERVED_NAME of the database
   */
  public DdlCommand command(@Nullable String database, Object operation) {
    return DdlCommand.newBuilder()
        .setId(commandId == null ? UUID.randomUUID().toString() : commandId)
        .setDatabase(Names.requireUsable(database == null ? config.database() : database))
        .setIssuedBy(config.issuedBy())
        .setOperation(operation)
        .build();
  }

  /**
   * Publishes a command and waits until Kafka has it. It is sent for whom this thread works (see
   * {@link TraceScope}), or else for whom the configuration names.
   *
   * @throws ShardstreamException INVALID_COMMAND when it is too large, WRITE_FAILED,
   *     KAFKA_UNREACHABLE, REGISTRY_UNREACHABLE
   */
  public void publish(DdlCommand command) {
    Operations.tooLarge(command)
        .ifPresent(
            problem -> {
              throw new ShardstreamException(ErrorCode.INVALID_COMMAND, command.getId(), problem);
            });
    String topic = config.topics().ddlCommands();
    // One spelling of a database, because its name is the key that orders its commands.
    String database = command.getDatabase().toLowerCase(Locale.ROOT);
    DdlCommand spelled = DdlCommand.newBuilder(command).setDatabase(database).build();
    ProducerRecord<String, DdlCommand> record = new ProducerRecord<>(topic, database, spelled);
    TraceScope.current()
        .trace()
        .or(config::trace)
        .ifPresent(trace -> TraceHeaders.write(trace, record.headers()));
    Acknowledgement.await(topic, config.commandTimeout(), () -> producer.send(record));
  }

  /**
   * Publishes a command and waits until Kafka has it.
   *
   * @param wanted what its answer waits for: ACCEPTED (it is in the catalog, or its reshard has
   *     started) or APPLIED (all shards have it, or the reshard is complete)
   * @return its answer, to be closed
   * @throws ShardstreamException what {@link #publish} throws
   */
  public DdlAnswer publishForAnswer(DdlCommand command, DdlStatus wanted) {
    // Before it is published: an answer may come at once.
    DdlResults.Expectation expectation = results.expect(command.getId());
    try {
      publish(command);
      return new DdlAnswer(command, expectation, wanted, config.commandTimeout());
    } catch (RuntimeException e) {
      expectation.close();
      throw e;
    }
  }

  /**
   * Publishes a command and waits for its result.
   *
   * @param wanted as for {@link #publishForAnswer}
   * @return the result with that status or a later one
   * @throws ShardstreamException the rejection's code and text; NO_ANSWER after the command
   *     timeout; what {@link #publish} throws
   */
  public DdlResult publishAndAwait(DdlCommand command, DdlStatus wanted) {
    try (DdlAnswer answer = publishForAnswer(command, wanted)) {
      return answer.await();
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_WAIT);
  }
}
