package dev.shardstream.producer.query;

import dev.shardstream.producer.metadata.Owners;
import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.producer.query.Plan.Gathered;
import dev.shardstream.producer.query.Plan.GatheredColumn;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table of a statement and the shards that own it.
 *
 * @param name what statements of the plan call it
 * @param owners its owners, which divide all rows among themselves
 */
record Source(Table table, String name, Owners owners) {

  /**
   * A shard to ask.
   *
   * @param virtualShards see {@link ShardRead}
   */
  record Asked(Shard shard, @Nullable List<Integer> virtualShards) {}

  /** All owners. */
  List<Asked> all() {
    return owners.all().stream().map(shard -> new Asked(shard, null)).toList();
  }

  /** The owners that can have rows of those keys. */
  List<Asked> asked(ShardKeys keys) {
    if (keys instanceof ShardKeys.Listed listed) {
      return asked(listed);
    }
    return keys instanceof ShardKeys.Within within
        ? all().stream().filter(asked -> within.meet(asked.shard().getRange())).toList()
        : all();
  }

  private List<Asked> asked(ShardKeys.Listed listed) {
    Map<Integer, SortedSet<Integer>> virtualShards = new HashMap<>();
    for (List<Object> key : listed.keys()) {
      RowPlace place = RowPlace.of(table, key);
      owners
          .of(place)
          .ifPresent(
              owner ->
                  virtualShards
                      .computeIfAbsent(owner.getId(), id -> new TreeSet<>())
                      .add(place.virtualShard()));
    }
    return owners.all().stream()
        .filter(owner -> virtualShards.containsKey(owner.getId()))
        .map(owner -> new Asked(owner, List.copyOf(virtualShards.get(owner.getId()))))
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
