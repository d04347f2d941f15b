package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.IndexDefinition;
import dev.shardstream.schemas.catalog.Rules;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStep;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.ShardVersions;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CREATE INDEX. The index enters the catalog, the shards build it as they follow, and it is ready
 * when all have it. A unique one is then a rule in the log; if rows break it already, the rule ends
 * again and the index has failed.
 */
public final class IndexCreation {
  private IndexCreation() {}

  /**
   * Begins to make an index.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY, SCHEMA_VERSION_CONFLICT, or what
   *     {@link IndexDefinition} says
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    CreateIndex create = (CreateIndex) command.getOperation();
    Table table = ReadyTable.require(turn.state().tableNamed(create.getTable()), create.getTable());
    ExpectedVersion.require(command, table);
    Optional<Index> index =
        IndexDefinition.of(create, table, command.getId(), new StateView(turn.state()));
    if (index.isEmpty()) {
      Outcomes.applied(turn, command, table);
      return;
    }
    CommandProgress begun =
        CommandSteps.begin(
            turn, progress, table.getTableId(), CommandStep.SPREADING, index.get().getId());
    turn.emit(new Decision.TableStored(IndexDefinition.added(table, index.get())));
    Outcomes.accepted(turn, command, table);
    advance(turn, command, begun);
  }

  /** Takes every step that an index in the making is ready for. */
  public static void advance(Turn turn, DdlCommand command, CommandProgress progress) {
    int indexId = Objects.requireNonNull(progress.getIndexId());
    Optional<Table> table =
        turn.state()
            .table(String.valueOf(progress.getTableId()))
            .filter(t -> t.getStatus() != TableStatus.DROPPING)
            .filter(t -> IndexDefinition.find(t, indexId).isPresent());
    if (table.isEmpty()) {
      // Dropped on the way: that it was made first is not undone by that.
      Outcomes.applied(turn, command);
      return;
    }
    Index index = IndexDefinition.find(table.get(), indexId).orElseThrow();
    switch (progress.getStep()) {
      case SPREADING -> building(turn, command, progress, table.get(), index);
      case ENFORCING -> enforcing(turn, command, progress, table.get(), index);
      case UNDOING -> undoing(turn, command, progress, table.get(), index);
      default -> throw new IllegalStateException("An index in the making at " + progress);
    }
  }

  private static void building(
      Turn turn, DdlCommand command, CommandProgress progress, Table table, Index index) {
    if (!ShardVersions.haveAll(turn, table.getTableId(), index.getId())) {
      return;
    }
    if (index.getUnique()) {
      enforcing(
          turn, command, CommandSteps.go(turn, progress, CommandStep.ENFORCING), table, index);
    } else {
      ready(turn, command, progress, table, index);
    }
  }

  private static void enforcing(
      Turn turn, DdlCommand command, CommandProgress progress, Table table, Index index) {
    LogRules.Outcome outcome = LogRules.enforce(turn, progress, Rules.uniqueId(index.getId()));
    if (outcome instanceof LogRules.Outcome.Passed) {
      ready(turn, command, progress, table, index);
    } else if (!(outcome instanceof LogRules.Outcome.Waiting)) {
      CommandProgress undone = CommandSteps.undo(turn, progress, LogRules.refusal(turn, outcome));
      undoing(turn, command, undone, table, index);
    }
  }

  private static void ready(
      Turn turn, DdlCommand command, CommandProgress progress, Table table, Index index) {
    LogRules.close(turn, progress);
    Table ready = with(table, index, IndexStatus.READY, null);
    turn.emit(new Decision.TableStored(ready));
    Outcomes.applied(turn, command, ready);
  }

  private static void undoing(
      Turn turn, DdlCommand command, CommandProgress progress, Table table, Index index) {
    if (LogRules.end(turn, progress, Rules.uniqueId(index.getId()))) {
      ShardstreamException why = CommandSteps.reason(progress);
      turn.emit(new Decision.TableStored(with(table, index, IndexStatus.FAILED, why.getMessage())));
      CommandSteps.reject(turn, command, progress, why);
    }
  }

  private static Table with(Table table, Index index, IndexStatus status, @Nullable String error) {
    return IndexDefinition.replaced(
        table,
        new Index(
            index.getId(),
            index.getName(),
            index.getUnique(),
            index.getColumns(),
            status,
            error,
            index.getComment(),
            index.getCommandId()));
  }
}
