package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.StoredValues;
import dev.shardstream.worker.decide.ChangeRules;
import dev.shardstream.worker.decide.Fold;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.Row;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.decide.RowsBefore;
import dev.shardstream.worker.decide.RuleSet;
import dev.shardstream.worker.decide.RulesInForce;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.decide.ShardKeys;
import dev.shardstream.worker.decide.Standing;
import dev.shardstream.worker.decide.UniqueValue;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.ShardDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that one committed transaction leaves in a shard file. Immutable: the next transaction makes
 * another one.
 *
 * @param repair number of the last repair that it has obeyed
 * @param serving whether it may be read: one that is made anew has to catch up first
 */
record ShardContent(
    ShardDefinition definition,
    Standing standing,
    Map<Integer, SortedMap<RowKey, Row>> rows,
    Map<Integer, List<Rejection>> rejections,
    int repair,
    boolean serving) {

  /** A file as it is made: at the log's start when it applies, holding nothing when it waits. */
  static ShardContent created(ShardDefinition definition) {
    List<Positions.Held> held = new ArrayList<>();
    if (definition.state() == ShardState.APPLYING) {
      int partitions = definition.table().getPartitions();
      definition
          .virtualShards()
          .forEach(
              v ->
                  held.add(
                      new Positions.Held(
                          v, definition.range(), VirtualShards.partitionOf(v, partitions), 0, 0)));
    }
    return new ShardContent(
        definition,
        new Standing(new Positions(held), RulesInForce.NONE, ShardKeys.of(definition.table())),
        new TreeMap<>(),
        new TreeMap<>(),
        0,
        true);
  }

  /** The same, to be read or not. */
  ShardContent serving(boolean serves) {
    return new ShardContent(definition, standing, rows, rejections, repair, serves);
  }

  boolean isCopying() {
    return definition.state() == ShardState.COPYING;
  }

  Positions positions() {
    return standing.positions();
  }

  Table table() {
    return definition.table();
  }

  SortedMap<RowKey, Row> rows(int virtualShard) {
    return rows.getOrDefault(virtualShard, new TreeMap<>());
  }

  List<Rejection> rejections(int virtualShard) {
    return rejections.getOrDefault(virtualShard, List.of());
  }

  /**
   * Behind a segment.
   *
   * @param from where the applier believes that the shard stands
   * @param refusing what a mutant refuses beside what the rules refuse
   */
  ShardContent after(
      Segment segment,
      Map<Integer, Long> reached,
      Standing from,
      java.util.function.Predicate<LogEntry> refusing) {
    List<LogEntry> entries =
        segment.entries().stream().filter(e -> from.concerns(e) && !refusing.test(e)).toList();
    Segment ours = new Segment(entries, segment.fences());
    Fold.Result result =
        Fold.of(new ChangeRules(table()), from.inForce(), new Before(this), ours.changes());
    Map<Integer, SortedMap<RowKey, Row>> nextRows = new TreeMap<>(rows);
    Map<Integer, SortedMap<RowKey, Row>> changed = new HashMap<>();
    for (RowKey key : result.removed()) {
      changed.computeIfAbsent(key.virtualShard(), v -> new TreeMap<>(rows(v))).remove(key);
    }
    for (Fold.Put put : result.puts()) {
      int v = put.key().virtualShard();
      changed.computeIfAbsent(v, n -> new TreeMap<>(rows(n))).put(put.key(), put.row());
    }
    nextRows.putAll(changed);
    Map<Integer, List<Rejection>> nextRejections = new TreeMap<>(rejections);
    result.rejections().forEach(r -> add(nextRejections, r));
    ours.unreadable().forEach(entry -> add(nextRejections, entry.rejection()));
    return new ShardContent(
        definition,
        from.after(ours, reached, result.rowDelta()),
        nextRows,
        nextRejections,
        repair,
        serving);
  }

  private static void add(Map<Integer, List<Rejection>> all, Rejection rejection) {
    List<Rejection> more = new ArrayList<>(all.getOrDefault(rejection.virtualShard(), List.of()));
    more.removeIf(r -> r.offset() == rejection.offset() && r.partition() == rejection.partition());
    more.add(rejection);
    all.put(rejection.virtualShard(), List.copyOf(more));
  }

  private record Before(ShardContent content) implements RowsBefore<RuntimeException> {
    @Override
    public Optional<Row> row(RowKey key) {
      return Optional.ofNullable(content.rows(key.virtualShard()).get(key));
    }

    @Override
    public Set<RowKey> holders(UniqueValue value) {
      return Set.of();
    }
  }

  /** With these rows and rejections and another standing: half of a transaction. */
  ShardContent with(Standing other) {
    return new ShardContent(definition, other, rows, rejections, repair, serving);
  }

  /** Whether a definition is none that this file would go back from. */
  boolean isNews(Table next) {
    return next.getSchemaVersion() > table().getSchemaVersion();
  }

  /** At a later version of the table: columns that came have their initial default. */
  ShardContent adopting(Table next) {
    Map<Integer, SortedMap<RowKey, Row>> projected = new TreeMap<>();
    rows.forEach((v, held) -> projected.put(v, projected(held, table(), next)));
    return new ShardContent(
        new ShardDefinition(
            definition.ref(),
            next,
            definition.virtualShards(),
            definition.range(),
            definition.state()),
        standing,
        projected,
        rejections,
        repair,
        serving);
  }

  /** Rows of one version of a table as they are in another. */
  static SortedMap<RowKey, Row> projected(SortedMap<RowKey, Row> rows, Table from, Table to) {
    Map<Integer, Integer> at = new HashMap<>();
    from.getColumns().forEach(column -> at.put(column.getId(), at.size()));
    SortedMap<RowKey, Row> projected = new TreeMap<>();
    rows.forEach(
        (key, row) -> {
          List<@Nullable Object> values = new ArrayList<>();
          for (Column column : to.getColumns()) {
            Integer was = at.get(column.getId());
            values.add(was == null ? StoredValues.ofInitialDefault(column) : row.values().get(was));
          }
          projected.put(key, new Row(values, row.version(), row.updated()));
        });
    return projected;
  }

  /** The keys of rows that it answers for, whether there is such a row or not. */
  List<Long> keys() {
    return Keys.of(table()).stream().filter(key -> position(key).isPresent()).toList();
  }

  /** The position of what it has of a key; empty when it does not answer for it. */
  OptionalLong position(long key) {
    Optional<Positions.Held> segment = positions().at(Keys.virtualShard(key), Keys.ordered(key));
    return segment.isPresent() ? OptionalLong.of(segment.get().nextOffset()) : OptionalLong.empty();
  }

  /** Whether it copies or applies from here on. */
  ShardContent in(ShardState state) {
    return new ShardContent(
        new ShardDefinition(
            definition.ref(), table(), definition.virtualShards(), definition.range(), state),
        standing,
        rows,
        rejections,
        repair,
        serving);
  }

  /** Without some virtual shards, which are copied once more for a repair. */
  ShardContent without(Collection<Integer> virtualShards, int repairNumber) {
    List<Positions.Held> held = new ArrayList<>(positions().held());
    held.removeIf(h -> virtualShards.contains(h.virtualShard()));
    Map<Integer, RuleSet> rules = new HashMap<>(standing.inForce().byVirtualShard());
    Map<Integer, SortedMap<RowKey, Row>> nextRows = new TreeMap<>(rows);
    Map<Integer, List<Rejection>> nextRejections = new TreeMap<>(rejections);
    for (int virtualShard : virtualShards) {
      rules.remove(virtualShard);
      nextRows.remove(virtualShard);
      nextRejections.remove(virtualShard);
    }
    return new ShardContent(
            definition,
            new Standing(new Positions(held), new RulesInForce(rules), standing.keys()),
            nextRows,
            nextRejections,
            repairNumber,
            serving)
        .in(ShardState.COPYING);
  }

  /** With other rows in one virtual shard: what a broken disk makes of it. */
  ShardContent damaged(int virtualShard, SortedMap<RowKey, Row> damagedRows) {
    Map<Integer, SortedMap<RowKey, Row>> nextRows = new TreeMap<>(rows);
    nextRows.put(virtualShard, damagedRows);
    return new ShardContent(definition, standing, nextRows, rejections, repair, serving);
  }
}
