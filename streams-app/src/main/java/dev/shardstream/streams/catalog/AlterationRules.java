package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.Rules;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Optional;

/**
 * Which rules in the log begin and end with a version.
 *
 * @param enforced begins, when no row breaks it: a column takes no NULL from here on
 * @param lifted end
 * @param passedByAll whether every shard must have passed the ends before the catalog changes. A
 *     unique index needs its columns in the shard as long as a change is to be judged by it
 */
record AlterationRules(Optional<String> enforced, List<String> lifted, boolean passedByAll) {

  static AlterationRules of(Table before, Table after) {
    List<String> indexes =
        droppedUnique(before, after).stream().map(i -> Rules.uniqueId(i.getId())).toList();
    if (!indexes.isEmpty()) {
      return new AlterationRules(Optional.empty(), indexes, true);
    }
    for (Column column : after.getColumns()) {
      Optional<Boolean> wasNullable = nullable(before, column.getId());
      if (wasNullable.isPresent() && wasNullable.get() != column.getNullable()) {
        String rule = Rules.notNullId(column.getId());
        return column.getNullable()
            ? new AlterationRules(Optional.empty(), List.of(rule), false)
            : new AlterationRules(Optional.of(rule), List.of(), false);
      }
    }
    return new AlterationRules(Optional.empty(), List.of(), false);
  }

  private static Optional<Boolean> nullable(Table table, int columnId) {
    return table.getColumns().stream()
        .filter(c -> c.getId() == columnId)
        .map(Column::getNullable)
        .findFirst();
  }

  private static List<Index> droppedUnique(Table before, Table after) {
    return before.getIndexes().stream()
        .filter(Index::getUnique)
        .filter(i -> after.getIndexes().stream().noneMatch(a -> a.getId() == i.getId()))
        .toList();
  }

  /** What has to be over before a rule can end: it must not begin afterwards. */
  Optional<String> unfinished(Turn turn, Table table) {
    return table.getIndexes().stream()
        .filter(i -> lifted.contains(Rules.uniqueId(i.getId())))
        .filter(i -> isUnfinished(turn, i))
        .map(AlterationRules::waitsFor)
        .findFirst();
  }

  /** Whether the command that makes an index has not come to its end. */
  static boolean isUnfinished(Turn turn, Index index) {
    CommandProgress maker = turn.state().progress(index.getCommandId());
    return maker != null && maker.getStage() != CommandStage.FINISHED;
  }

  static String waitsFor(Index index) {
    return "waits until unique index '" + index.getName() + "' is built";
  }
}
