package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.IndexDefinition;
import dev.shardstream.schemas.catalog.Rules;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStep;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.ShardVersions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * DROP INDEX. A unique one is a rule in the log, which ends first; then the index leaves the
 * catalog, and the shards follow.
 */
public final class IndexDrop {
  private IndexDrop() {}

  /**
   * Begins to drop an index.
   *
   * @throws ShardstreamException INDEX_NOT_FOUND, SCHEMA_VERSION_CONFLICT
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    DropIndex drop = (DropIndex) command.getOperation();
    Optional<Table> found = turn.state().tableOfIndex(drop.getIndex());
    if (found.isEmpty() && drop.getIfExists()) {
      Outcomes.applied(turn, command);
      return;
    }
    Table table =
        found.orElseThrow(
            () -> new ShardstreamException(ErrorCode.INDEX_NOT_FOUND, drop.getIndex()));
    ExpectedVersion.require(command, table);
    Index index = IndexDefinition.find(table, drop.getIndex()).orElseThrow();
    if (index.getUnique() && AlterationRules.isUnfinished(turn, index)) {
      Outcomes.pending(turn, command, AlterationRules.waitsFor(index));
      return;
    }
    advance(
        turn,
        command,
        CommandSteps.begin(turn, progress, table.getTableId(), CommandStep.LIFTING, index.getId()));
  }

  /** Takes every step that an index in removal is ready for. */
  public static void advance(Turn turn, DdlCommand command, CommandProgress progress) {
    Optional<Table> table =
        turn.state()
            .table(String.valueOf(progress.getTableId()))
            .filter(t -> t.getStatus() != TableStatus.DROPPING);
    if (table.isEmpty()) {
      LogRules.close(turn, progress);
      Outcomes.applied(turn, command);
    } else if (progress.getStep() == CommandStep.LIFTING) {
      lifting(turn, command, progress, table.get());
    } else {
      spreading(turn, command, progress, table.get());
    }
  }

  private static void lifting(
      Turn turn, DdlCommand command, CommandProgress progress, Table table) {
    Index index =
        IndexDefinition.find(table, Objects.requireNonNull(progress.getIndexId())).orElseThrow();
    boolean over =
        !index.getUnique() || LogRules.lift(turn, progress, List.of(Rules.uniqueId(index.getId())));
    if (!over) {
      Outcomes.pending(turn, command, "the shards pass the end of its rule");
      return;
    }
    LogRules.close(turn, progress);
    Table without = IndexDefinition.removed(table, index.getId());
    turn.emit(new Decision.TableStored(without));
    CommandProgress dropped = CommandSteps.go(turn, progress, CommandStep.SPREADING);
    Outcomes.accepted(turn, command, without);
    spreading(turn, command, dropped, without);
  }

  private static void spreading(
      Turn turn, DdlCommand command, CommandProgress progress, Table table) {
    int indexId = Objects.requireNonNull(progress.getIndexId());
    if (ShardVersions.haveNone(turn, table.getTableId(), indexId)) {
      Outcomes.applied(turn, command, table);
    }
  }
}
