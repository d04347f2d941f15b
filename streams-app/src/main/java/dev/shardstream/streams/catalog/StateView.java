package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.CatalogView;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.state.DatabaseState;
import java.util.Optional;

/** What a definition has to know of its namespace, from the state of the control plane. */
record StateView(DatabaseState state) implements CatalogView {

  @Override
  public Optional<Table> table(String name) {
    return state.tableNamed(name);
  }

  @Override
  public Optional<Table> tableOfIndex(String index) {
    return state.tableOfIndex(index);
  }

  @Override
  public int liveQueries(String tableId, int columnId) {
    return (int)
        state.liveQueries(tableId).stream().filter(q -> q.getColumns().contains(columnId)).count();
  }
}
