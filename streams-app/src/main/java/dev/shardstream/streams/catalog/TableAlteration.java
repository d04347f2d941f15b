package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.ChangeText;
import dev.shardstream.schemas.catalog.TableEvolution;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.placement.Acceptance;
import dev.shardstream.streams.placement.Holding;
import dev.shardstream.streams.placement.Replication;
import dev.shardstream.streams.placement.TopologySize;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStep;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.NextTable;
import dev.shardstream.streams.task.ShardVersions;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Optional;

/**
 * ALTER TABLE. What can refuse it comes first: the rule that rows may break, then the registry.
 * From the registration on it must succeed, because writers can see the schema: rules that end are
 * lifted, the version enters the catalog, the shards follow.
 */
public final class TableAlteration {
  private TableAlteration() {}

  /**
   * Begins to change a table. A change that changes nothing is at its end at once.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY, SCHEMA_VERSION_CONFLICT,
   *     TOO_FEW_NODES, INVALID_ARGUMENT, or what {@link TableEvolution} says
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    AlterTable alter = (AlterTable) command.getOperation();
    Optional<Table> found = turn.state().tableNamed(alter.getTable());
    if (found.isEmpty() && alter.getIfExists()) {
      Outcomes.applied(turn, command);
      return;
    }
    Table table = ReadyTable.require(found, alter.getTable());
    ExpectedVersion.require(command, table);
    Optional<Table> next =
        TableEvolution.next(table, alter.getChange(), new StateView(turn.state()));
    if (next.isEmpty()) {
      Outcomes.applied(turn, command, table);
      return;
    }
    requireFits(turn, table, next.get());
    AlterationRules rules = AlterationRules.of(table, next.get());
    Optional<String> toWaitFor =
        rules.unfinished(turn, table).or(() -> nodes(turn, table, next.get()));
    if (toWaitFor.isPresent()) {
      Outcomes.pending(turn, command, toWaitFor.get());
      return;
    }
    CommandStep first =
        rules.enforced().isPresent() ? CommandStep.ENFORCING : CommandStep.REGISTERING;
    CommandProgress begun = CommandSteps.begin(turn, progress, table.getTableId(), first, null);
    advance(turn, command, begun);
  }

  /** Replicas that can never all be made are not promised. */
  private static void requireFits(Turn turn, Table table, Table next) {
    if (next.getReplicas() > table.getReplicas()) {
      Topology topology = turn.state().topology(table.getTableId()).orElseThrow();
      List<Holding> holdings = Tables.owners(topology).stream().map(Holding::of).toList();
      TopologySize.require(table.getName(), holdings, next.getReplicas());
    }
  }

  /** The nodes that more replicas need. */
  private static Optional<String> nodes(Turn turn, Table table, Table next) {
    return next.getReplicas() > table.getReplicas()
        ? Acceptance.nodesToWaitFor(turn, table.getName(), next.getReplicas())
        : Optional.empty();
  }

  /** Takes every step that an alteration that has begun is ready for. */
  public static void advance(Turn turn, DdlCommand command, CommandProgress progress) {
    Optional<Table> found =
        turn.state()
            .table(String.valueOf(progress.getTableId()))
            .filter(t -> t.getStatus() != TableStatus.DROPPING);
    if (found.isEmpty()) {
      tableGone(turn, command, progress);
      return;
    }
    Table table = found.get();
    switch (progress.getStep()) {
      case ENFORCING -> enforcing(turn, command, progress, table);
      case REGISTERING -> registering(turn, command, progress, table);
      case LIFTING -> lifting(turn, command, progress, table);
      case UNDOING -> undoing(turn, command, progress, table);
      case SPREADING -> spreading(turn, command, progress, table);
      case BEGUN -> throw new IllegalStateException("An alteration without a step: " + progress);
    }
  }

  /** A version that the catalog had is history; one that it never had is refused. */
  private static void tableGone(Turn turn, DdlCommand command, CommandProgress progress) {
    if (progress.getStep() == CommandStep.SPREADING) {
      Outcomes.applied(turn, command);
    } else {
      CommandSteps.reject(
          turn,
          command,
          progress,
          new ShardstreamException(
              ErrorCode.TABLE_NOT_FOUND, ((AlterTable) command.getOperation()).getTable()));
    }
  }

  private static void enforcing(
      Turn turn, DdlCommand command, CommandProgress progress, Table table) {
    String ruleId = rules(table, command).enforced().orElseThrow();
    LogRules.Outcome outcome = LogRules.enforce(turn, progress, ruleId);
    if (outcome instanceof LogRules.Outcome.Passed) {
      registering(turn, command, CommandSteps.go(turn, progress, CommandStep.REGISTERING), table);
    } else if (outcome instanceof LogRules.Outcome.Waiting) {
      Outcomes.pending(turn, command, "the shards look for NULL in the column");
    } else {
      CommandProgress undone = CommandSteps.undo(turn, progress, LogRules.refusal(turn, outcome));
      undoing(turn, command, undone, table);
    }
  }

  private static void registering(
      Turn turn, DdlCommand command, CommandProgress progress, Table table) {
    Tasks.openRegistration(turn, progress);
    OpenTask task =
        turn.state()
            .task(TaskIds.registerSchema(table.getTableId(), progress.getSequence()))
            .orElseThrow();
    if (task.getStatus() == TaskStatus.DONE) {
      lifting(turn, command, CommandSteps.go(turn, progress, CommandStep.LIFTING), table);
    } else if (task.getStatus() == TaskStatus.FAILED) {
      ShardstreamException refused =
          new ShardstreamException(
              ErrorCode.SCHEMA_REFUSED,
              table.getSchemaVersion() + 1,
              table.getName(),
              task.getErrorMessage() == null ? "no reason given" : task.getErrorMessage());
      undoing(turn, command, CommandSteps.undo(turn, progress, refused), table);
    } else {
      Outcomes.pending(turn, command, "its row schema is being registered");
    }
  }

  private static void lifting(
      Turn turn, DdlCommand command, CommandProgress progress, Table table) {
    AlterationRules rules = rules(table, command);
    boolean over =
        rules.passedByAll()
            ? LogRules.lift(turn, progress, rules.lifted())
            : rules.lifted().stream().allMatch(rule -> LogRules.end(turn, progress, rule));
    if (over) {
      accept(turn, command, progress, table);
    } else {
      Outcomes.pending(turn, command, "the shards pass the end of a rule");
    }
  }

  private static void accept(Turn turn, DdlCommand command, CommandProgress progress, Table table) {
    Table next = NextTable.decided(table, command);
    LogRules.close(turn, progress);
    turn.emit(new Decision.TableStored(next));
    turn.emit(
        new Decision.VersionRecorded(
            new SchemaVersion(
                next.getDatabase(),
                next.getTableId(),
                next.getSchemaVersion(),
                command.getId(),
                progress.getAt(),
                ChangeText.of(((AlterTable) command.getOperation()).getChange()),
                next)));
    CommandProgress accepted = CommandSteps.go(turn, progress, CommandStep.SPREADING);
    Outcomes.accepted(turn, command, next);
    spreading(turn, command, accepted, next);
  }

  private static void undoing(
      Turn turn, DdlCommand command, CommandProgress progress, Table table) {
    Optional<String> rule = rules(table, command).enforced();
    if (rule.isEmpty() || LogRules.end(turn, progress, rule.get())) {
      CommandSteps.reject(turn, command, progress, CommandSteps.reason(progress));
    }
  }

  private static void spreading(
      Turn turn, DdlCommand command, CommandProgress progress, Table table) {
    int version =
        turn.state().result(command.getId()).map(DdlResult::getSchemaVersion).orElseThrow();
    boolean isSpread =
        !(((AlterTable) command.getOperation()).getChange() instanceof SetReplicas)
            || Replication.isAsWanted(turn, table);
    if (isSpread && ShardVersions.haveAllReached(turn, table.getTableId(), version)) {
      Outcomes.applied(turn, command, table, version);
    }
  }

  private static AlterationRules rules(Table table, DdlCommand command) {
    return AlterationRules.of(table, NextTable.decided(table, command));
  }
}
