package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlAnswer;
import dev.shardstream.producer.ddl.DdlEvents;
import dev.shardstream.producer.ddl.DdlHistory;
import dev.shardstream.producer.ddl.DdlPublisher;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.ReshardTable;
import java.util.List;
import java.util.function.Predicate;

/**
 * DDL as events, with ids and dependencies.
 *
 * <pre>{@code
 * DdlOperations ddl = shardstream.ddl();
 * ddl.parse(Files.readString(file)).forEach(ddl::publish);
 *
 * try (DdlAnswer answer = ddl.publishForAnswer(command)) {
 *   answer.await();
 * }
 * }</pre>
 */
public final class DdlOperations {
  private final ClientConfig config;
  private final DdlPublisher publisher;
  private final DdlHistory history;

  DdlOperations(ClientConfig config, DdlPublisher publisher, DdlHistory history) {
    this.config = config;
    this.publisher = publisher;
    this.history = history;
  }

  /**
   * Commands from JSON.
   *
   * @throws ShardstreamException INVALID_COMMAND that names command and field, INVALID_ARGUMENT for
   *     what is no JSON
   */
  public List<DdlCommand> parse(String json) {
    return DdlEvents.parse(json, config);
  }

  /** Publishes a command; returns as soon as Kafka has it. */
  public void publish(DdlCommand command) {
    publisher.publish(command);
  }

  /**
   * Publishes a command; returns as soon as Kafka has it. A command that depends on others is
   * waited for after they are published.
   *
   * @return its answer, to be closed: it comes when the command is applied or, for a reshard,
   *     accepted
   */
  public DdlAnswer publishForAnswer(DdlCommand command) {
    boolean isReshard = command.getOperation() instanceof ReshardTable;
    return publisher.publishForAnswer(command, isReshard ? DdlStatus.ACCEPTED : DdlStatus.APPLIED);
  }

  /**
   * Reads the results that Kafka still holds, oldest first within a command.
   *
   * @param follow whether to go on with those that come
   * @param sink gets each result; false ends the reading
   */
  public void results(boolean follow, Predicate<DdlResult> sink) {
    history.read(follow, sink);
  }
}
