package dev.shardstream.producer.query;

import dev.shardstream.producer.query.Plan.Gathered;
import dev.shardstream.producer.query.Plan.GatheredColumn;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table of a statement and the shards that own it.
 *
 * @param name what statements of the plan call it
 * @param owners its active shards, at least one
 */
record Source(Table table, String name, List<Shard> owners) {

  /**
   * A shard to ask.
   *
   * @param virtualShards see {@link ShardRead}
   */
  record Asked(Shard shard, @Nullable List<Integer> virtualShards) {}

  /** The shards that own some of the virtual shards; all of them if those are empty. */
  List<Asked> asked(Optional<Set<Integer>> virtualShards) {
    if (virtualShards.isEmpty()) {
      return owners.stream().map(shard -> new Asked(shard, null)).toList();
    }
    return owners.stream()
        .map(
            shard ->
                new Asked(
                    shard,
                    shard.getVirtualShards().stream()
                        .filter(virtualShards.get()::contains)
                        .toList()))
        .filter(asked -> !asked.virtualShards().isEmpty())
        .toList();
  }

  /** Its name as SQL. */
  String view() {
    return Identifiers.quote(name);
  }

  /** Columns whose names are wanted, in the table's order; never none, so that rows count. */
  List<Column> columns(Predicate<String> wanted) {
    List<Column> columns =
        table.getColumns().stream().filter(column -> wanted.test(column.getName())).toList();
    return columns.isEmpty() ? Tables.primaryKey(table).subList(0, 1) : columns;
  }

  /** Columns as a select list. */
  static String list(List<Column> columns) {
    return columns.stream()
        .map(column -> Identifiers.quote(column.getName()))
        .collect(Collectors.joining(", "));
  }

  /** The table with some of its columns, filled by one query to each shard. */
  Gathered gathered(List<Column> columns, List<Asked> asked, Query query) {
    return new Gathered(
        name, columns.stream().map(GatheredColumn::of).toList(), reads(asked, query));
  }

  List<ShardRead> reads(List<Asked> asked, Query query) {
    return asked.stream()
        .map(one -> new ShardRead(table, name, one.shard(), one.virtualShards(), query))
        .toList();
  }
}
