package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.TableCreation;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.reshard.Resharding;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Turn;
import java.util.Objects;

/** Lets all that is in motion for one table take every step that it is ready for. */
final class TableSteps {
  private TableSteps() {}

  static void advance(Turn turn, String tableId) {
    DatabaseState state = turn.state();
    state.table(tableId).ifPresent(table -> makeOrDrop(turn, table));
    for (DdlCommand command : state.runningOn(tableId)) {
      CommandProgress progress = Objects.requireNonNull(state.progress(command.getId()));
      OperationSteps.advance(turn, command, progress);
    }
    state
        .topology(tableId)
        .map(Topology::getChangeLogId)
        .flatMap(state::reshard)
        .ifPresent(reshard -> Resharding.advance(turn, reshard));
    TableDrop.forgetStrayDrops(turn, tableId);
  }

  private static void makeOrDrop(Turn turn, Table table) {
    if (table.getStatus() == TableStatus.CREATING) {
      TableCreation.advance(turn, table);
    } else if (table.getStatus() == TableStatus.DROPPING) {
      TableDrop.advance(turn, table);
    }
  }
}
