package dev.shardstream.producer.query;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.Owners;
import dev.shardstream.producer.query.Plan.Gathered;
import dev.shardstream.producer.query.Source.Asked;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SimpleSelect;
import dev.shardstream.producer.sql.TableRef;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a SELECT is answered. Pure: the same statement, values and metadata give the same
 * plan.
 */
public final class Planner {
  private final String database;

  /**
   * @param database of tables that are named without one
   */
  public Planner(String database) {
    this.database = database;
  }

  /**
   * Plans a statement.
   *
   * @param values stored values of its parameters
   * @param foldOnShards whether shards may fold rows (aggregate functions)
   * @throws ShardstreamException PARAMETER_COUNT, TABLE_NOT_FOUND, TABLE_NOT_READY
   */
  public Plan plan(
      SelectStatement select,
      List<? extends @Nullable Object> values,
      MetadataSnapshot metadata,
      boolean foldOnShards) {
    if (values.size() != select.parameterCount()) {
      throw new ShardstreamException(
          ErrorCode.PARAMETER_COUNT, select.parameterCount(), values.size());
    }
    Map<TableRef, Source> sources = new LinkedHashMap<>();
    Pieces pieces = new Pieces(select, values);
    select.tables().forEach(mention -> sources.put(mention, source(mention, metadata, pieces)));
    SimpleSelect simple = select.simple();
    if (simple != null) {
      Source source = Objects.requireNonNull(sources.get(simple.table()));
      return simple(simple, source, pieces, values, foldOnShards);
    }
    List<Source> distinct = sources.values().stream().distinct().toList();
    if (distinct.size() == 1 && distinct.get(0).owners().all().size() == 1) {
      Source source = distinct.get(0);
      return direct(source, source.owners().all().get(0), null, pieces);
    }
    return columnsOf(sources, pieces);
  }

  private Source source(TableRef mention, MetadataSnapshot metadata, Pieces pieces) {
    String named = mention.table().database();
    Table table = metadata.requireTable(named == null ? database : named, mention.table().name());
    Owners owners = Owners.of(metadata.requireTopology(table));
    if (owners.all().isEmpty()) {
      throw new ShardstreamException(ErrorCode.TABLE_NOT_READY, table.getName());
    }
    if (!owners.divideAllRows()) {
      throw new ShardstreamException(
          ErrorCode.INTERNAL,
          "The active shards of table '"
              + table.getName()
              + "' do not own each row once: "
              + owners);
    }
    return new Source(table, pieces.nameOf(table), owners);
  }

  private static Plan simple(
      SimpleSelect simple,
      Source source,
      Pieces pieces,
      List<? extends @Nullable Object> values,
      boolean foldOnShards) {
    Pushable columns = new Pushable(source.table(), simple.table());
    ShardKeys keys = new Pruning(source.table(), columns, values).shardKeys(simple);
    List<Asked> asked = source.asked(keys);
    if (asked.size() == 1) {
      return direct(source, asked.get(0).shard(), asked.get(0).virtualShards(), pieces);
    }
    Pushdown pushdown = new Pushdown(source, simple, columns, pieces, values);
    if (foldOnShards && asked.size() > 1) {
      Optional<Plan> folded = new PartialAggregates(pushdown).plan(asked);
      if (folded.isPresent()) {
        return folded.get();
      }
    }
    Gathered rows = source.gathered(pushdown.columns(), asked, pushdown.rows());
    return new Plan.Gather(List.of(rows), pieces.whole(mention -> source.view()), null, false);
  }

  private static Plan direct(
      Source source, Shard shard, @Nullable List<Integer> virtualShards, Pieces pieces) {
    Query query = pieces.whole(mention -> source.view());
    return new Plan.Direct(
        new ShardRead(source.table(), source.name(), shard, virtualShards, query));
  }

  /** Each table whole, but only columns that the statement names. */
  private static Plan columnsOf(Map<TableRef, Source> sources, Pieces pieces) {
    Map<Source, List<TableRef>> mentions =
        sources.keySet().stream()
            .collect(Collectors.groupingBy(sources::get, LinkedHashMap::new, Collectors.toList()));
    List<Gathered> tables = new ArrayList<>();
    mentions.forEach(
        (source, refs) -> {
          List<Column> needed =
              source.columns(name -> refs.stream().anyMatch(ref -> ref.mayNeed(name)));
          Query query =
              new Query.Builder()
                  .append("SELECT " + Source.list(needed) + " FROM " + source.view())
                  .build();
          tables.add(source.gathered(needed, source.all(), query));
        });
    Query query = pieces.whole(mention -> Objects.requireNonNull(sources.get(mention)).view());
    return new Plan.Gather(tables, query, null, false);
  }
}
