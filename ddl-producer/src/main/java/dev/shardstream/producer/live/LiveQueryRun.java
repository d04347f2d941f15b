package dev.shardstream.producer.live;

import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.query.ShardUnavailableException;
import dev.shardstream.producer.write.AppliedChanges;
import dev.shardstream.producer.write.Receipt;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.http.AwaitResponse.Rejection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one live query does, in its own thread: the rows of the beginning, then batch by batch of
 * the log: wait until the shards have passed it, leave out what they rejected, say what is left.
 */
final class LiveQueryRun implements LiveQuery.Run {
  private static final Logger LOG = LoggerFactory.getLogger(LiveQueryRun.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ONE_WAIT = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** A shard or the registry is away: for how long is not the subscriber's concern. */
  private static final Set<ErrorCode> TRANSIENT =
      EnumSet.of(
          ErrorCode.WRITE_NOT_APPLIED,
          ErrorCode.SHARD_UNREACHABLE,
          ErrorCode.SHARD_FAILED,
          ErrorCode.TABLE_NOT_READY,
          ErrorCode.REGISTRY_UNREACHABLE,
          ErrorCode.KAFKA_UNREACHABLE);

  private final String recordKey;
  private final String tableId;
  private final String tableName;
  private final Metadata metadata;
  private final AppliedChanges applied;
  private final RowReads reads;
  private final LiveResult result;
  private final Function<LogStarts, LogTail> tails;
  private final BiConsumer<String, Position> seen;
  private final LiveQuerySink sink;
  private final BiConsumer<LiveQuery, @Nullable ShardstreamException> ending;

  /**
   * @param recordKey key of its record in the topic of live queries
   * @param table what it was subscribed to
   * @param tails follows the log from where the beginning was read
   * @param seen learns, by table, how far the subscriber has seen the log
   * @param ending tidies up before the sink hears of the end
   */
  LiveQueryRun(
      String recordKey,
      Table table,
      Metadata metadata,
      AppliedChanges applied,
      RowReads reads,
      LiveResult result,
      Function<LogStarts, LogTail> tails,
      BiConsumer<String, Position> seen,
      LiveQuerySink sink,
      BiConsumer<LiveQuery, @Nullable ShardstreamException> ending) {
    this.recordKey = recordKey;
    this.tableId = table.getTableId();
    this.tableName = table.getName();
    this.metadata = metadata;
    this.applied = applied;
    this.reads = reads;
    this.result = result;
    this.tails = tails;
    this.seen = seen;
    this.sink = sink;
    this.ending = ending;
  }

  @Override
  public void run(LiveQuery query) {
    sink.columns(query.columns());
    RowReads.Beginning beginning =
        persistently(query, () -> reads.all(metadata.snapshot(), requireTable(query, 0)));
    beginning.rows().forEach(result::start);
    result.shown().forEach(sink::row);
    sink.initialDone();
    try (LogTail tail = tails.apply(beginning.starts())) {
      while (!query.isClosed()) {
        requireTable(query, 0);
        List<LoggedChange> changes = persistently(query, () -> tail.poll(POLL));
        if (!changes.isEmpty()) {
          take(query, changes);
        }
      }
    }
  }

  private void take(LiveQuery query, List<LoggedChange> polled) {
    List<LoggedChange> changes = accepted(query, polled);
    int newest =
        changes.stream().mapToInt(one -> one.change().version().schemaVersion()).max().orElse(0);
    Table table = persistently(query, () -> requireTable(query, newest));
    List<LoggedChange> unknown = changes.stream().filter(result::unknown).toList();
    Map<ByteBuffer, LiveResult.Row> read =
        unknown.isEmpty()
            ? Map.of()
            : persistently(
                query, () -> reads.of(metadata.snapshot(), requireTable(query, newest), unknown));
    for (LoggedChange change : changes) {
      if (query.isClosed()) {
        return;
      }
      result.apply(change, table, read.get(change.key())).ifPresent(sink::change);
    }
    result.forgetOldest();
    polled.forEach(
        change ->
            seen.accept(
                tableId,
                new Position(change.position().partition(), change.position().offset() + 1)));
  }

  /** Waits until the shards have passed the changes; those that they did not reject. */
  private List<LoggedChange> accepted(LiveQuery query, List<LoggedChange> changes) {
    List<Receipt> receipts =
        changes.stream()
            .map(
                change ->
                    new Receipt(
                        tableId,
                        change.position().partition(),
                        change.position().offset(),
                        change.place()))
            .toList();
    Map<Receipt, Rejection> rejections =
        persistently(
            query,
            () -> {
              requireTable(query, 0);
              return applied.rejections(receipts, ONE_WAIT);
            });
    List<LoggedChange> accepted = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      if (!rejections.containsKey(receipts.get(i))) {
        accepted.add(changes.get(i));
      }
    }
    return accepted;
  }

  /** Repeats what fails because something is away, until it succeeds or the query has to end. */
  private <T> T persistently(LiveQuery query, Supplier<T> step) {
    while (true) {
      try {
        return step.get();
      } catch (ShardUnavailableException away) {
        pause(query, away);
      } catch (ShardstreamException e) {
        if (!TRANSIENT.contains(e.code())) {
          throw e;
        }
        pause(query, e);
      }
    }
  }

  private void pause(LiveQuery query, RuntimeException cause) {
    if (query.isClosed() || Thread.currentThread().isInterrupted()) {
      throw cause;
    }
    LOG.debug("event=live_query_waits id={} cause={}", query.id(), cause.getMessage());
    requireTable(query, 0);
    MetadataSnapshot before = metadata.snapshot();
    metadata.await(now -> now != before, PAUSE);
  }

  /**
   * The table as it is now.
   *
   * @param version that the table must have reached; TABLE_NOT_READY, to be tried again, if not
   * @throws ShardstreamException LIVE_QUERY_KILLED, TABLE_NOT_FOUND, COLUMN_NOT_FOUND
   */
  private Table requireTable(LiveQuery query, int version) {
    metadata.await(
        now -> {
          Table table = now.tablesById().get(tableId);
          return table == null || table.getSchemaVersion() >= version;
        },
        ONE_WAIT);
    MetadataSnapshot snapshot = metadata.snapshot();
    dev.shardstream.schemas.event.LiveQuery heard = snapshot.liveQueries().get(recordKey);
    if (heard != null && heard.getState() == LiveQueryState.KILLED) {
      throw new ShardstreamException(ErrorCode.LIVE_QUERY_KILLED, query.id());
    }
    Table table = snapshot.tablesById().get(tableId);
    if (table == null || table.getStatus() == TableStatus.DROPPING) {
      throw new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, tableName);
    }
    result.requireColumns(table);
    if (table.getSchemaVersion() < version) {
      throw new ShardstreamException(ErrorCode.TABLE_NOT_READY, table.getName());
    }
    return table;
  }

  @Override
  public void ended(LiveQuery query, @Nullable ShardstreamException error) {
    try {
      ending.accept(query, error);
    } finally {
      sink.ended(error);
    }
  }
}
