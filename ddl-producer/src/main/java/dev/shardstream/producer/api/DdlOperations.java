package dev.shardstream.producer.api;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.ddl.DdlAnswer;
import dev.shardstream.producer.ddl.DdlEvents;
import dev.shardstream.producer.ddl.DdlHistory;
import dev.shardstream.producer.ddl.DdlPublisher;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.http.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * DDL as events, with ids and dependencies, and what became of it.
 *
 * <pre>{@code
 * DdlOperations ddl = shardstream.ddl();
 * ddl.parse(Files.readString(file)).forEach(ddl::publish);
 *
 * DdlCommand command = ddl.createDdlEvent("ADD_COLUMN",
 *     Map.of("table", "users", "column", "note", "dataType", "TEXT"));
 * List<ShardstreamException> errors = ddl.validate(command);
 * try (DdlAnswer answer = ddl.publishForAnswer(command)) {
 *   answer.await();
 * }
 * ddl.getSchemaState().table("users"); // as this client knows it
 * }</pre>
 */
public final class DdlOperations {
  private final ClientConfig config;
  private final Metadata metadata;
  private final DdlPublisher publisher;
  private final DdlHistory history;

  DdlOperations(
      ClientConfig config, Metadata metadata, DdlPublisher publisher, DdlHistory history) {
    this.config = config;
    this.metadata = metadata;
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

  /**
   * A command from the fields of its event, as docs/sql.md lists them: texts, numbers, booleans,
   * null, lists and maps of these. Without an {@code id} it gets one that nobody else has.
   *
   * @param type like {@code ADD_COLUMN}
   * @throws ShardstreamException INVALID_COMMAND that names the field, INVALID_ARGUMENT for a value
   *     that JSON cannot say
   */
  public DdlCommand createDdlEvent(
      String type, Map<String, ? extends @Nullable Object> parameters) {
    Map<String, @Nullable Object> event = new LinkedHashMap<>(parameters);
    event.put("type", type);
    return DdlEvents.parse(json(event), config).get(0);
  }

  private static String json(Map<String, @Nullable Object> event) {
    try {
      return Json.write(event);
    } catch (RuntimeException notJson) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "no event: " + event)
          .causedBy(notJson);
    }
  }

  /**
   * What is wrong with a command as far as this client can tell: its fields, and what it asks of
   * the catalog as it is now. The control plane decides when it comes to it; a command that depends
   * on others may be right although it is not yet.
   *
   * @return empty when nothing is
   */
  public List<ShardstreamException> validate(DdlCommand command) {
    MetadataSnapshot snapshot = metadata.snapshot();
    long now = System.currentTimeMillis();
    CommandCheck check =
        new CommandCheck(
            snapshot,
            (tableId, columnId) ->
                TableFacts.liveQueries(
                    snapshot, now, config.liveQueryTimeout(), tableId, columnId));
    return check.errors(command);
  }

  /** Publishes a command; returns as soon as Kafka has it. */
  public void publish(DdlCommand command) {
    publisher.publish(command);
  }

  /**
   * Publishes a command; returns as soon as Kafka has it. A command that depends on others is
   * waited for after they are published.
   *
   * @return its answer, to be closed: it comes when the command is applied or, for one that moves
   *     rows (a reshard, a move, a drain, a rebalance, a verify), accepted
   */
  public DdlAnswer publishForAnswer(DdlCommand command) {
    boolean goesOn = Definitions.goesOn(command.getOperation());
    return publisher.publishForAnswer(command, goesOn ? DdlStatus.ACCEPTED : DdlStatus.APPLIED);
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

  /** The last state of every command that Kafka still knows, oldest first. */
  public List<DdlTransition> getDdl() {
    List<DdlTransition> all = new ArrayList<>();
    results(false, result -> all.add(DdlTransition.of(result)));
    return lastStates(all);
  }

  /**
   * @param transitions those of one command in their order
   */
  static List<DdlTransition> lastStates(List<DdlTransition> transitions) {
    Map<String, DdlTransition> first = new LinkedHashMap<>();
    Map<String, DdlTransition> last = new LinkedHashMap<>();
    for (DdlTransition transition : transitions) {
      first.putIfAbsent(transition.commandId(), transition);
      last.put(transition.commandId(), transition);
    }
    return first.values().stream()
        .sorted(Comparator.comparingLong(DdlTransition::at))
        .map(transition -> last.get(transition.commandId()))
        .toList();
  }

  /**
   * Every transition of a command, in order.
   *
   * @throws ShardstreamException DDL_NOT_FOUND
   */
  public List<DdlTransition> getDdl(String commandId) {
    List<DdlTransition> transitions = new ArrayList<>();
    results(
        false,
        result -> {
          if (result.getCommandId().equals(commandId)) {
            transitions.add(DdlTransition.of(result));
          }
          return true;
        });
    if (transitions.isEmpty()) {
      throw new ShardstreamException(ErrorCode.DDL_NOT_FOUND, commandId);
    }
    return transitions;
  }

  /** The commands that all shards have, oldest first. */
  public List<DdlTransition> getAppliedDdl() {
    return withStatus(DdlStatus.APPLIED);
  }

  /** The commands that wait, oldest first; their message says what for. */
  public List<DdlTransition> getPendingDdl() {
    return withStatus(DdlStatus.PENDING);
  }

  private List<DdlTransition> withStatus(DdlStatus status) {
    return getDdl().stream()
        .filter(transition -> transition.status().equals(TableFacts.lower(status)))
        .toList();
  }

  /** The tables of the configured namespace as this client knows them now. */
  public SchemaState getSchemaState() {
    return TableFacts.schema(metadata.snapshot(), config.database());
  }

  /** Whether there is a table of that name, in any case. */
  public boolean hasTable(String name) {
    return table(name).isPresent();
  }

  /** Whether there is a table of that name with a column of that name, in any case. */
  public boolean hasColumn(String table, String column) {
    return table(table).flatMap(found -> Tables.column(found, column)).isPresent();
  }

  /**
   * The schema version of a table, from 1.
   *
   * @throws ShardstreamException NAMESPACE_NOT_FOUND, TABLE_NOT_FOUND
   */
  public int getSchemaVersion(String table) {
    QualifiedName name = QualifiedName.parse(table);
    return metadata.snapshot().requireTable(databaseOf(name), name.name()).getSchemaVersion();
  }

  private Optional<Table> table(String written) {
    QualifiedName name = QualifiedName.parse(written);
    return metadata.snapshot().table(databaseOf(name), name.name());
  }

  private String databaseOf(QualifiedName name) {
    String database = name.database();
    return database == null ? config.database() : database;
  }
}
