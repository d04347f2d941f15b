package dev.shardstream.producer.live;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.Owners;
import dev.shardstream.producer.query.Holders;
import dev.shardstream.producer.query.PlainSelect;
import dev.shardstream.producer.query.Query;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.query.ShardClient;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads rows of a live query from shards that have them, once: the caller repeats. */
final class RowReads {
  private static final String VERSION = "_version";
  private static final int KEYS_PER_REQUEST = 200;

  private final ClientConfig config;
  private final Holders holders;
  private final Session session;
  private final PlainSelect select;
  private final int keySize;

  RowReads(ClientConfig config, Holders holders, Session session, PlainSelect select, int keySize) {
    this.config = config;
    this.holders = holders;
    this.session = session;
    this.select = select;
    this.keySize = keySize;
  }

  /**
   * All rows of the result, each shard at one moment.
   *
   * @param rows by canonical primary key
   * @param starts where the log goes on behind them
   */
  record Beginning(Map<ByteBuffer, LiveResult.Row> rows, LogStarts starts) {}

  /**
   * Reads the whole result.
   *
   * @throws dev.shardstream.producer.query.ShardUnavailableException when a shard does not answer
   * @throws ShardstreamException what a shard reports, ROW_LIMIT
   */
  Beginning all(MetadataSnapshot snapshot, Table table) {
    Map<ByteBuffer, LiveResult.Row> rows = new LinkedHashMap<>();
    Map<Integer, List<Position>> reachedBy = new HashMap<>();
    Query where = select.where();
    Query query =
        where == null
            ? new Query(sql(), List.of())
            : new Query(sql() + " WHERE (" + where.sql() + ")", where.parameters());
    Owners owners = Owners.of(snapshot.requireTopology(table));
    for (Shard shard : owners.all()) {
      Set<Integer> partitions = partitions(table, shard.getVirtualShards());
      List<Position> reached =
          read(
              snapshot,
              table,
              shard,
              null,
              query,
              session.minPositions(table.getTableId(), partitions),
              rows);
      requireAll(table, shard, partitions, reached);
      reachedBy.put(shard.getId(), reached);
    }
    return new Beginning(rows, LogStarts.of(owners, reachedBy));
  }

  private static Set<Integer> partitions(Table table, List<Integer> virtualShards) {
    Set<Integer> partitions = new TreeSet<>();
    virtualShards.forEach(v -> partitions.add(VirtualShards.partitionOf(v, table.getPartitions())));
    return partitions;
  }

  private static void requireAll(
      Table table, Shard shard, Set<Integer> partitions, List<Position> reached) {
    Set<Integer> silent = new TreeSet<>(partitions);
    reached.forEach(position -> silent.remove(position.partition()));
    if (!silent.isEmpty()) {
      throw new ShardstreamException(
          ErrorCode.INTERNAL,
          "shard "
              + Tables.shardName(table.getTableId(), shard.getId())
              + " does not say how far it has read partitions "
              + silent);
    }
  }

  /**
   * Reads the rows of some changes, at least as they were after the last of these.
   *
   * @return by canonical primary key; a row that is gone is missing
   * @throws dev.shardstream.producer.query.ShardUnavailableException when a shard does not answer
   * @throws ShardstreamException what a shard reports
   */
  Map<ByteBuffer, LiveResult.Row> of(
      MetadataSnapshot snapshot, Table table, List<LoggedChange> changes) {
    Map<ByteBuffer, LiveResult.Row> rows = new HashMap<>();
    Owners owners = Owners.of(snapshot.requireTopology(table));
    Map<Integer, List<LoggedChange>> byOwner = new HashMap<>();
    for (LoggedChange change : changes) {
      Shard owner =
          owners
              .of(change.place())
              .orElseThrow(
                  () -> new ShardstreamException(ErrorCode.TABLE_NOT_READY, table.getName()));
      byOwner.computeIfAbsent(owner.getId(), id -> new ArrayList<>()).add(change);
    }
    for (Shard shard : owners.all()) {
      List<LoggedChange> ours = byOwner.getOrDefault(shard.getId(), List.of());
      for (int from = 0; from < ours.size(); from += KEYS_PER_REQUEST) {
        List<LoggedChange> some =
            ours.subList(from, Math.min(ours.size(), from + KEYS_PER_REQUEST));
        read(
            snapshot,
            table,
            shard,
            some.stream().map(change -> change.place().virtualShard()).distinct().sorted().toList(),
            byKey(table, some),
            behind(some),
            rows);
      }
    }
    return rows;
  }

  private static List<Position> behind(List<LoggedChange> changes) {
    Map<Integer, Long> offsets = new HashMap<>();
    changes.forEach(
        change ->
            offsets.merge(
                change.position().partition(), change.position().offset() + 1, Math::max));
    List<Position> positions = new ArrayList<>();
    offsets.forEach((partition, offset) -> positions.add(new Position(partition, offset)));
    return positions;
  }

  private Query byKey(Table table, List<LoggedChange> changes) {
    List<@Nullable Object> values = new ArrayList<>();
    for (LoggedChange change : changes) {
      table.getPrimaryKey().forEach(id -> values.add(change.change().values().get(id)));
    }
    String one = keySize == 1 ? "?" : "(" + "?" + ", ?".repeat(keySize - 1) + ")";
    String all = one + (", " + one).repeat(changes.size() - 1);
    List<String> names =
        select.needed().subList(0, keySize).stream()
            .map(column -> Identifiers.quote(column.getName()))
            .toList();
    return new Query(
        sql()
            + (keySize == 1
                ? " WHERE " + names.get(0) + " IN (" + all + ")"
                : " WHERE (" + String.join(", ", names) + ") IN (VALUES " + all + ")"),
        values);
  }

  private String sql() {
    return "SELECT " + select.list() + ", " + VERSION + " FROM " + select.from();
  }

  /** Returns the positions that the rows were read at. */
  private List<Position> read(
      MetadataSnapshot snapshot,
      Table table,
      Shard shard,
      @Nullable List<Integer> virtualShards,
      Query query,
      List<Position> minPositions,
      Map<ByteBuffer, LiveResult.Row> rows) {
    List<QueryRequest.ViewColumn> columns = new ArrayList<>();
    select
        .needed()
        .forEach(
            column -> columns.add(new QueryRequest.ViewColumn(column.getId(), column.getName())));
    columns.add(new QueryRequest.ViewColumn(QueryRequest.ROW_VERSION, VERSION));
    // One more than fits, so that too many are told from just enough.
    long mostRows = config.liveQueryCacheRows() + 1L;
    QueryRequest request =
        new QueryRequest(
            table.getTableId(),
            shard.getId(),
            table.getSchemaVersion(),
            new QueryRequest.View(select.view(), columns, virtualShards),
            query.sql(),
            JsonValues.encode(query.parameters()),
            minPositions,
            config.readWait().toMillis(),
            mostRows,
            table.getBlockSize(),
            config.queryTimeout().toMillis(),
            config.readMaxStaleness().toMillis());
    return holders.query(
        snapshot,
        shard,
        request,
        new ShardClient.AnswerSink() {
          @Override
          public void header(QueryHeader header) {
            // The columns are ours.
          }

          @Override
          public void row(List<@Nullable Object> values) {
            List<@Nullable Object> own = values.subList(0, values.size() - 1);
            long version = ((Number) values.get(values.size() - 1)).longValue();
            List<Object> key = new ArrayList<>(own.subList(0, keySize));
            rows.put(ByteBuffer.wrap(CanonicalKey.of(key)), new LiveResult.Row(own, version));
            if (rows.size() >= mostRows) {
              throw new ShardstreamException(ErrorCode.ROW_LIMIT, config.liveQueryCacheRows());
            }
          }
        });
  }
}
