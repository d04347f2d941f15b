package dev.shardstream.streams.placement;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.Tasks;

/** Whether tables are on as many nodes as they shall be. */
public final class Replication {
  private Replication() {}

  /**
   * Whether each row of a table is on as many nodes that are not lost as it shall be, and on no
   * more, and nothing is left of what was too many.
   */
  public static boolean isAsWanted(Turn turn, Table table) {
    Topology topology = turn.state().topology(table.getTableId()).orElseThrow();
    boolean isDropping =
        !Tasks.allOver(turn.state().tasks(table.getTableId(), TaskKind.DROP_SHARD));
    return !isDropping && Group.of(topology).stream().allMatch(g -> isAsWanted(turn, table, g));
  }

  private static boolean isAsWanted(Turn turn, Table table, Group group) {
    long live =
        group.holders().stream()
            .filter(s -> !turn.cluster().isLost(s.getNodeId(), turn.limits()))
            .count();
    return live >= table.getReplicas() && group.holders().size() <= table.getReplicas();
  }
}
