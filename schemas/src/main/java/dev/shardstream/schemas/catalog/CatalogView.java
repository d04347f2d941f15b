package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.event.Table;
import java.util.Optional;

/** What a change of one table has to know of the rest of its namespace. */
public interface CatalogView {

  /** A namespace that holds nothing else. */
  CatalogView EMPTY =
      new CatalogView() {
        @Override
        public Optional<Table> table(String name) {
          return Optional.empty();
        }

        @Override
        public Optional<Table> tableOfIndex(String index) {
          return Optional.empty();
        }

        @Override
        public int liveQueries(String tableId, int columnId) {
          return 0;
        }
      };

  /** The table of that name, in any case; one that is being dropped has no name any more. */
  Optional<Table> table(String name);

  /** The table that has an index of that name, in any case. */
  Optional<Table> tableOfIndex(String index);

  /** How many active live queries read a column, also in their predicate. */
  int liveQueries(String tableId, int columnId);
}
