package dev.shardstream.producer.query;

import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers SELECT. A statement is planned and carried out at one epoch of each table; when a shard
 * has moved, is past the schema version of the plan or does not answer, the whole of it is repeated
 * with newer metadata, for a bounded time.
 *
 * <p>Safe for several threads.
 */
public final class Router implements AutoCloseable {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Metadata metadata;
  private final Planner planner;
  private final PlanRunner runner;
  private final QuerySettings settings;
  private final LongSupplier nanoTime;

  /**
   * @param holders who answers for shards
   * @param database of tables that are named without one
   */
  public Router(Metadata metadata, Holders holders, String database, QuerySettings settings) {
    this(metadata, holders, database, settings, System::nanoTime);
  }

  Router(
      Metadata metadata,
      Holders holders,
      String database,
      QuerySettings settings,
      LongSupplier nanoTime) {
    this(metadata, new Planner(database), new PlanRunner(holders, settings), settings, nanoTime);
  }

  private Router(
      Metadata metadata,
      Planner planner,
      PlanRunner runner,
      QuerySettings settings,
      LongSupplier nanoTime) {
    this.metadata = metadata;
    this.planner = planner;
    this.runner = runner;
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /**
   * The same router for other statements: it ends with this one, and need not be closed.
   *
   * @param database of tables that are named without one
   */
  public Router with(String database, QuerySettings limits) {
    return new Router(metadata, new Planner(database), runner.with(limits), limits, nanoTime);
  }

  /**
   * Answers a statement, whole.
   *
   * @param parameters values for its parameters: stored values, or whatever {@link
   *     StoredParameters} takes
   * @param session whose reads it is one of
   * @throws ShardstreamException whatever the statement deserves, SHARD_UNREACHABLE, ROW_LIMIT,
   *     STATEMENT_TIMEOUT; QUERY_FAILED when this is closed meanwhile
   */
  public QueryResult select(
      SelectStatement select, List<? extends @Nullable Object> parameters, Session session) {
    Collected collected = new Collected();
    answer(select, parameters, session, collected, () -> true);
    return new QueryResult(collected.columns, collected.rows);
  }

  /**
   * Answers a statement row by row, so that the result does not have to fit into memory. Once the
   * sink has got something, a shard that fails is an error: nothing comes twice.
   *
   * @param parameters see {@link #select}
   * @throws ShardstreamException see {@link #select}
   */
  public void stream(
      SelectStatement select,
      List<? extends @Nullable Object> parameters,
      Session session,
      RowSink sink) {
    Noted noted = new Noted(sink);
    answer(select, parameters, session, noted, () -> !noted.started);
  }

  private void answer(
      SelectStatement select,
      List<? extends @Nullable Object> parameters,
      Session session,
      RowSink sink,
      BooleanSupplier repeatable) {
    List<@Nullable Object> values = StoredParameters.of(parameters);
    Retries retries = new Retries(repeatable);
    boolean foldOnShards = true;
    while (true) {
      MetadataSnapshot snapshot = metadata.snapshot();
      Plan plan = planner.plan(select, values, snapshot, foldOnShards);
      try {
        runner.run(plan, snapshot, session, sink);
        return;
      } catch (ShardUnavailableException e) {
        if (runner.isClosed()) {
          throw ShardReads.closedMeanwhile().causedBy(e);
        }
        awaitNews(plan, snapshot, e.shard(), retries.pauseAfter(e));
      } catch (ShardstreamException e) {
        if (overflowed(plan, e)) {
          foldOnShards = false;
        } else if (!repeatable.getAsBoolean() || !isOfFormerEpoch(e, plan, snapshot)) {
          throw SqliteErrors.refined(e, select);
        }
      }
    }
  }

  /** A sum may overflow on one shard where, over all rows, it would not. */
  private static boolean overflowed(Plan plan, ShardstreamException e) {
    return plan instanceof Plan.Gather gather
        && gather.partial()
        && e.code() == ErrorCode.QUERY_FAILED
        && e.getMessage().contains("integer overflow");
  }

  /** A shard that stops or lags behind because it was replaced meanwhile is nobody's error. */
  private boolean isOfFormerEpoch(ShardstreamException e, Plan plan, MetadataSnapshot before) {
    if (!Holders.OF_SHARDS.contains(e.code())) {
      return false;
    }
    return metadata.await(
        now -> tableIds(plan).anyMatch(id -> epoch(before, id) != epoch(now, id)), LONGEST_PAUSE);
  }

  private static int epoch(MetadataSnapshot metadata, String tableId) {
    Topology topology = metadata.topologies().get(tableId);
    return topology == null ? 0 : topology.getEpoch();
  }

  private static Stream<String> tableIds(Plan plan) {
    return plan.reads().stream().map(read -> read.table().getTableId()).distinct();
  }

  /**
   * Waits until the failing shard's node or any shard of the plan is elsewhere, or a table of the
   * plan has another definition, or a while.
   */
  private void awaitNews(
      Plan plan, MetadataSnapshot before, ShardAddress failing, Duration atMost) {
    metadata.await(
        now ->
            !Objects.equals(home(before, failing), home(now, failing))
                || tableIds(plan)
                    .anyMatch(
                        id ->
                            !Objects.equals(before.topologies().get(id), now.topologies().get(id))
                                || before.tablesById().get(id) != now.tablesById().get(id)),
        atMost);
  }

  private static List<String> home(MetadataSnapshot metadata, ShardAddress shard) {
    return metadata
        .node(shard.nodeId())
        .map((Node node) -> List.of(node.getEndpoint(), node.getIncarnation()))
        .orElse(List.of());
  }

  @Override
  public void close() {
    runner.close();
  }

  /** How long a statement that fails is repeated, and how often. */
  private final class Retries {
    private final BooleanSupplier repeatable;
    private Duration pause = SHORTEST_PAUSE;
    private @Nullable Long failingSince;

    private Retries(BooleanSupplier repeatable) {
      this.repeatable = repeatable;
    }

    /** How long to wait for news before the next try; throws the user's error if there is none. */
    private Duration pauseAfter(ShardUnavailableException failure) {
      long now = nanoTime.getAsLong();
      failingSince = failingSince == null ? (Long) now : failingSince;
      Duration waited = Duration.ofNanos(now - failingSince);
      Duration left = settings.retryTimeout().minus(waited);
      boolean interrupted = Thread.currentThread().isInterrupted();
      if (left.isZero() || left.isNegative() || interrupted || !repeatable.getAsBoolean()) {
        throw failure.after(waited);
      }
      Duration next = shorter(pause, left);
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
      return next;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** A result in memory; a repetition begins it anew. */
  private static final class Collected implements RowSink {
    private List<String> columns = List.of();
    private List<List<@Nullable Object>> rows = new ArrayList<>();

    @Override
    public void columns(List<String> names) {
      columns = List.copyOf(names);
      rows = new ArrayList<>();
    }

    @Override
    public void row(List<@Nullable Object> values) {
      rows.add(values);
    }
  }

  /** Notes whether something has been given away. */
  private static final class Noted implements RowSink {
    private final RowSink sink;
    private boolean started;

    private Noted(RowSink sink) {
      this.sink = sink;
    }

    @Override
    public void columns(List<String> names) {
      started = true;
      sink.columns(names);
    }

    @Override
    public void row(List<@Nullable Object> values) {
      sink.row(values);
    }
  }
}
