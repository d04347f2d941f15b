package dev.shardstream.producer.query;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.query.Plan.Gathered;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries a plan out, once. */
final class PlanRunner implements AutoCloseable {
  private static final Duration MARGIN = HttpShardClient.MARGIN.multipliedBy(2);

  private final Holders holders;
  private final QuerySettings settings;
  private final ShardReads reads;

  PlanRunner(Holders holders, QuerySettings settings) {
    this(holders, settings, new ShardReads());
  }

  private PlanRunner(Holders holders, QuerySettings settings, ShardReads reads) {
    this.holders = holders;
    this.settings = settings;
    this.reads = reads;
  }

  /** The same with other limits; it ends with this one. */
  PlanRunner with(QuerySettings limits) {
    return new PlanRunner(holders, limits, reads);
  }

  /**
   * Gives the result to a sink.
   *
   * @param metadata what the plan was made of
   * @throws ShardUnavailableException when a shard did not answer; the sink may have got something
   *     only if the plan is {@link Plan.Direct}
   */
  void run(Plan plan, MetadataSnapshot metadata, Session session, RowSink sink) {
    RowSink limited = new Limited(sink, settings.rowLimit());
    if (plan instanceof Plan.Direct direct) {
      direct(direct.read(), metadata, session, limited);
    } else {
      gather((Plan.Gather) plan, metadata, session, limited);
    }
  }

  private void direct(ShardRead read, MetadataSnapshot metadata, Session session, RowSink sink) {
    List<Position> positions =
        holders.query(
            metadata,
            read.shard(),
            request(read, session),
            new ShardClient.AnswerSink() {
              @Override
              public void header(QueryHeader header) {
                sink.columns(header.columns());
              }

              @Override
              public void row(List<@Nullable Object> values) {
                sink.row(values);
              }
            });
    session.sawRead(read.table().getTableId(), positions);
  }

  private void gather(Plan.Gather plan, MetadataSnapshot metadata, Session session, RowSink sink) {
    try (GatherDatabase database = new GatherDatabase(settings.byteLimit())) {
      List<ShardRead> planned = plan.reads();
      List<ShardReads.Call> calls =
          planned.stream().map(read -> call(read, metadata, session)).toList();
      try (Tables tables = new Tables(database, plan.tables())) {
        List<List<Position>> positions =
            reads.run(calls, settings.parallelism(), gathering(), tables);
        for (int i = 0; i < planned.size(); i++) {
          session.sawRead(planned.get(i).table().getTableId(), positions.get(i));
        }
      }
      if (isClosed()) {
        throw ShardReads.closedMeanwhile();
      }
      database.run(plan.query(), plan.header(), settings.timeout(), sink);
    }
  }

  /** Longer than the longest call, which names its shard when it comes to no end. */
  private Duration gathering() {
    return settings.readWait().plus(settings.timeout()).plus(MARGIN);
  }

  private ShardReads.Call call(ShardRead read, MetadataSnapshot metadata, Session session) {
    QueryRequest request = request(read, session);
    return new ShardReads.Call(
        request.blockRows(), sink -> holders.query(metadata, read.shard(), request, sink));
  }

  /** What the owner is asked. */
  private QueryRequest request(ShardRead read, Session session) {
    String tableId = read.table().getTableId();
    QueryRequest.View view =
        new QueryRequest.View(
            read.view(),
            read.table().getColumns().stream()
                .map(column -> new QueryRequest.ViewColumn(column.getId(), column.getName()))
                .toList(),
            read.virtualShards());
    return new QueryRequest(
        tableId,
        read.shard().getId(),
        read.table().getSchemaVersion(),
        view,
        read.query().sql(),
        JsonValues.encode(read.query().parameters()),
        session.minPositions(tableId, read.partitions()),
        settings.readWait().toMillis(),
        settings.rowLimit(),
        read.table().getBlockSize(),
        settings.timeout().toMillis(),
        settings.maxStaleness().toMillis());
  }

  boolean isClosed() {
    return reads.isClosed();
  }

  @Override
  public void close() {
    reads.close();
  }

  /** Fills the plan's tables with what arrives. */
  private final class Tables implements ShardReads.BatchSink, AutoCloseable {
    private final List<GatherDatabase.Loader> loaders = new ArrayList<>();
    private final List<GatherDatabase.Loader> byCall = new ArrayList<>();
    private final List<Long> rowsOfCall = new ArrayList<>();
    private long rows;

    private Tables(GatherDatabase database, List<Gathered> tables) {
      for (Gathered table : tables) {
        GatherDatabase.Loader loader = database.create(table);
        loaders.add(loader);
        table
            .reads()
            .forEach(
                read -> {
                  byCall.add(loader);
                  rowsOfCall.add(0L);
                });
      }
    }

    @Override
    public void rows(int call, List<List<@Nullable Object>> batch) {
      rows += batch.size();
      if (rows > settings.rowLimit()) {
        throw new ShardstreamException(ErrorCode.ROW_LIMIT, settings.rowLimit());
      }
      long before = rowsOfCall.get(call);
      byCall.get(call).add(call, before, batch);
      rowsOfCall.set(call, before + batch.size());
    }

    @Override
    public void close() {
      loaders.forEach(GatherDatabase.Loader::close);
    }
  }

  /** Stops a result that is too long. */
  private static final class Limited implements RowSink {
    private final RowSink sink;
    private final long limit;
    private long rows;

    private Limited(RowSink sink, long limit) {
      this.sink = sink;
      this.limit = limit;
    }

    @Override
    public void columns(List<String> names) {
      sink.columns(names);
    }

    @Override
    public void row(List<@Nullable Object> values) {
      if (++rows > limit) {
        throw new ShardstreamException(ErrorCode.ROW_LIMIT, limit);
      }
      sink.row(values);
    }
  }
}
