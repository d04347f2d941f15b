package dev.shardstream.producer.query;

import dev.shardstream.schemas.event.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a SELECT is answered, at one epoch of each of its tables. */
public sealed interface Plan {
  /** The shards that are asked. */
  List<ShardRead> reads();

  /**
   * One shard has all the rows that matter: it runs the statement, and its answer is the result.
   */
  record Direct(ShardRead read) implements Plan {
    @Override
    public List<ShardRead> reads() {
      return List.of(read);
    }
  }

  /**
   * Rows are gathered from shards into tables of an in-memory SQLite, and a statement runs there.
   *
   * @param tables to fill, in order
   * @param query the statement over them
   * @param header a statement that is not run and only names the result's columns; null if {@code
   *     query} names them
   * @param partial whether the shards fold rows, which may overflow where the whole would not
   */
  record Gather(List<Gathered> tables, Query query, @Nullable Query header, boolean partial)
      implements Plan {
    public Gather {
      tables = List.copyOf(tables);
    }

    @Override
    public List<ShardRead> reads() {
      return tables.stream().flatMap(table -> table.reads().stream()).toList();
    }
  }

  /**
   * A table that is filled with the answers of shards.
   *
   * @param name what the statement calls it
   * @param columns as each answer has them
   * @param reads none for a table that stays empty
   */
  record Gathered(String name, List<GatheredColumn> columns, List<ShardRead> reads) {
    public Gathered {
      columns = List.copyOf(columns);
      reads = List.copyOf(reads);
    }
  }

  /**
   * A column of a gathered table.
   *
   * @param type of a STRICT table, so that it compares as in a shard; ANY for computed ones
   */
  record GatheredColumn(String name, String type) {
    static GatheredColumn of(Column column) {
      String type =
          switch (column.getType()) {
            case INTEGER, BIGINT, BOOLEAN -> "INTEGER";
            case FLOAT, DOUBLE -> "REAL";
            case TEXT, VARCHAR, DATE, TIMESTAMP -> "TEXT";
            case BLOB -> "BLOB";
          };
      return new GatheredColumn(column.getName(), type);
    }
  }
}
