package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlEvents;
import dev.shardstream.producer.ddl.DdlHistory;
import dev.shardstream.producer.ddl.DdlPublisher;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import java.util.List;
import java.util.function.Predicate;

/**
 * DDL as events, with ids and dependencies.
 *
 * <pre>{@code
 * List<DdlCommand> commands = shardstream.ddl().parse(Files.readString(file));
 * commands.forEach(shardstream.ddl()::publish);
 * shardstream.ddl().await(commands.get(0));
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
   * Publishes a command, again if it already was (it has one effect), and waits until it is applied
   * or, for a reshard, accepted.
   *
   * @throws ShardstreamException the rejection's code and text; NO_ANSWER
   */
  public DdlResult await(DdlCommand command) {
    boolean reshard = command.getOperation() instanceof dev.shardstream.schemas.event.ReshardTable;
    return publisher.publishAndAwait(command, reshard ? DdlStatus.ACCEPTED : DdlStatus.APPLIED);
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
