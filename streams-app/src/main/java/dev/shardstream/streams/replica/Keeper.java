package dev.shardstream.streams.replica;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Turn;
import java.util.NavigableSet;
import java.util.Optional;

/** Looks after tables with replicas, or with rows that are lost, as time passes. */
public final class Keeper {
  private Keeper() {}

  /** Time has passed, and the nodes may look different. */
  public static void look(Turn turn) {
    NavigableSet<String> tables = turn.state().replicatedTables();
    tables.addAll(LostRows.tables(turn));
    for (String tableId : tables) {
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
    LostRows.makeAnew(turn, topology);
    if (isReady) {
      Promotion.promote(turn, topology);
    }
    if (topology.getChangeLogId() == null) {
      Surplus.drop(turn, table, topology(turn, table));
      FromLog.begin(turn, topology(turn, table));
      Rebuild.begin(turn, table, topology(turn, table));
    }
  }

  private static Topology topology(Turn turn, Table table) {
    return turn.state().topology(table.getTableId()).orElseThrow();
  }
}
