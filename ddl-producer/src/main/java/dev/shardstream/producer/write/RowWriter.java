package dev.shardstream.producer.write;

import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.row.RowChange.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one table without SQL: the way for many rows. Safe for use by several threads; the
 * changes of one row keep the order in which one thread sends them.
 *
 * <pre>{@code
 * RowWriter writer = shardstream.writer("orders");
 * CompletableFuture<Receipt> receipt = writer.upsert(Map.of("id", 17L, "status", "open"));
 * writer.update(Map.of("id", 17L), Map.of("status", "closed"));
 * writer.delete(Map.of("id", 18L));
 * writer.flush();                               // all of them are durable now
 * writer.awaitApplied(List.of(receipt.join())); // and this one is in its shard, or this throws
 * }</pre>
 *
 * <p>A writer stays with its table when that is renamed. When the table is gone, its name is looked
 * up again.
 *
 * <p>Values are Java's own (Long, Integer, Double, String, Boolean, byte[], LocalDate,
 * LocalDateTime, Instant, null) and must fit their column: nothing is rounded, cut or guessed. What
 * breaks the table's definition is refused at once by a {@link ShardstreamException}; what depends
 * on the row before it (DUPLICATE_KEY, NOT_FOUND) is decided by the shard and reported by {@link
 * #awaitApplied}.
 */
public final class RowWriter {
  private final Metadata metadata;
  private final ChangeLog log;
  private final AppliedChanges applied;
  private final Duration timeout;
  private final Duration tableWait;
  private final String database;
  private final String name;
  private volatile @Nullable Known known;

  private record Known(MetadataSnapshot snapshot, RowChanges changes) {}

  /**
   * @param timeout how long {@link #awaitApplied} waits
   * @param tableWait how long a change waits for a table that is not known yet
   */
  public RowWriter(
      Metadata metadata,
      ChangeLog log,
      AppliedChanges applied,
      Duration timeout,
      Duration tableWait,
      String database,
      String name) {
    this.metadata = metadata;
    this.log = log;
    this.applied = applied;
    this.timeout = timeout;
    this.tableWait = tableWait;
    this.database = database;
    this.name = name;
  }

  /** Inserts a row; the shard refuses it as DUPLICATE_KEY when it is there. */
  public CompletableFuture<Receipt> insert(Map<String, ? extends @Nullable Object> row) {
    return put(Op.INSERT, row);
  }

  /** Inserts a row, or puts it whole in the place of the one that is there. */
  public CompletableFuture<Receipt> upsert(Map<String, ? extends @Nullable Object> row) {
    return put(Op.UPSERT, row);
  }

  /** As {@link #insert(Map)}, for callers whose rows come as lists. */
  public CompletableFuture<Receipt> insert(
      List<String> columns, List<? extends @Nullable Object> values) {
    RowChanges changes = changes();
    return log.append(changes.row(Op.INSERT, changes.columns(columns), values));
  }

  /** As {@link #upsert(Map)}, for callers whose rows come as lists. */
  public CompletableFuture<Receipt> upsert(
      List<String> columns, List<? extends @Nullable Object> values) {
    RowChanges changes = changes();
    return log.append(changes.row(Op.UPSERT, changes.columns(columns), values));
  }

  private CompletableFuture<Receipt> put(Op op, Map<String, ? extends @Nullable Object> row) {
    RowChanges changes = changes();
    List<Column> columns = changes.columns(List.copyOf(row.keySet()));
    return log.append(changes.row(op, columns, new ArrayList<>(row.values())));
  }

  /**
   * Sets columns of a row; the shard refuses it as NOT_FOUND when there is no such row.
   *
   * @param key all columns of the primary key
   * @param values what to set, no key column
   */
  public CompletableFuture<Receipt> update(
      Map<String, ? extends @Nullable Object> key, Map<String, ? extends @Nullable Object> values) {
    RowChanges changes = changes();
    List<Column> columns = changes.columns(List.copyOf(values.keySet()));
    return log.append(changes.update(key(changes, key), columns, new ArrayList<>(values.values())));
  }

  /**
   * Deletes a row; the shard refuses it as NOT_FOUND when there is no such row.
   *
   * @param key all columns of the primary key
   */
  public CompletableFuture<Receipt> delete(Map<String, ? extends @Nullable Object> key) {
    RowChanges changes = changes();
    return log.append(changes.delete(key(changes, key)));
  }

  private static List<@Nullable Object> key(
      RowChanges changes, Map<String, ? extends @Nullable Object> key) {
    List<String> names = List.copyOf(key.keySet());
    List<Column> given = changes.columns(names);
    List<Column> wanted = Tables.primaryKey(changes.table());
    if (given.size() != wanted.size() || !given.containsAll(wanted)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "the key of table '%s' is (%s), not (%s)"
              .formatted(
                  changes.table().getName(),
                  String.join(", ", wanted.stream().map(Column::getName).toList()),
                  String.join(", ", names)));
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Column column : wanted) {
      names.stream()
          .filter(name -> Names.same(name, column.getName()))
          .forEach(name -> values.add(key.get(name)));
    }
    return values;
  }

  /** The table's definition as of now: column names and types. */
  public Table table() {
    return changes().table();
  }

  /** Sends what waits for others, and waits until every change so far is durable or has failed. */
  public void flush() {
    log.flush();
  }

  /**
   * Waits until shards have applied the changes.
   *
   * @throws ShardstreamException the first rejection (DUPLICATE_KEY, NOT_FOUND, …), or
   *     WRITE_NOT_APPLIED
   */
  public void awaitApplied(Collection<Receipt> receipts) {
    applied.requireApplied(receipts, timeout);
  }

  /**
   * Waits until shards have passed the changes.
   *
   * @return those that were refused, and why; empty when all were applied
   * @throws ShardstreamException WRITE_NOT_APPLIED
   */
  public Map<Receipt, AwaitResponse.Rejection> rejections(Collection<Receipt> receipts) {
    return applied.rejections(receipts, timeout);
  }

  /** The definition is looked up again whenever the metadata has changed, not for every row. */
  private RowChanges changes() {
    MetadataSnapshot snapshot = metadata.snapshot();
    Known last = known;
    if (last != null && last.snapshot() == snapshot) {
      return last.changes();
    }
    Table table =
        last == null ? null : snapshot.tablesById().get(last.changes().table().getTableId());
    if (table == null || table.getStatus() == TableStatus.DROPPING) {
      table = metadata.awaitTable(database, name, tableWait);
      snapshot = metadata.snapshot();
    }
    RowChanges changes =
        last != null && last.changes().table() == table ? last.changes() : new RowChanges(table);
    known = new Known(snapshot, changes);
    return changes;
  }
}
