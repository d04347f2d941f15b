package dev.shardstream.streams.replica;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Turn;
import java.util.Optional;

/** Looks after tables with replicas as time passes. */
public final class Keeper {
  private Keeper() {}

  /** Time has passed, and the nodes may look different. */
  public static void look(Turn turn) {
    for (String tableId : turn.state().replicatedTables()) {
      turn.state()
          .table(tableId)
          .filter(t -> t.getStatus() == TableStatus.ACTIVE)
          .ifPresent(table -> look(turn, table));
    }
    Orphans.drop(turn);
  }

  private static void look(Turn turn, Table table) {
    Topology topology = topology(turn, table);
    Optional<Reshard> running =
        Optional.ofNullable(topology.getChangeLogId()).flatMap(turn.state()::reshard);
    boolean isReady = running.filter(r -> r.getStatus() != ReshardStatus.SWITCHING).isEmpty();
    if (isReady) {
      Promotion.promote(turn, topology);
    }
    if (topology.getChangeLogId() == null) {
      Surplus.drop(turn, table, topology(turn, table));
      Rebuild.begin(turn, table, topology(turn, table));
    }
  }

  private static Topology topology(Turn turn, Table table) {
    return turn.state().topology(table.getTableId()).orElseThrow();
  }
}
