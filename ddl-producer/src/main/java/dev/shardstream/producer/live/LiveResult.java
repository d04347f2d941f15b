package dev.shardstream.producer.live;

import dev.shardstream.producer.query.PlainSelect;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.row.Projection;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.Op;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a live query's result, and what a change does to them. Pure, but for SQLite in the
 * condition.
 *
 * <p>It knows every row of the result, and the last ones that were seen outside of it. An UPDATE of
 * any other row may make it match only if it sets a column of WHERE; then {@link #unknown} names
 * it, and whoever drives this reads it from its shard. What is read may be ahead of the log: the
 * row's version says up to where, and the changes up to there are in it.
 */
final class LiveResult {
  /** A row outside of the result that is seen again soon needs no read. */
  private static final int KEPT_OUTSIDE = 10_000;

  /**
   * A row.
   *
   * @param values of the needed columns
   * @param version log offset of the last change that is in it
   */
  record Row(List<@Nullable Object> values, long version) {}

  private final PlainSelect select;
  private final Predicate<List<@Nullable Object>> condition;
  private final int mostRows;
  private final int keptOutside;
  private final Set<Integer> selectedIds = new HashSet<>();
  private final Set<Integer> predicateIds = new HashSet<>();
  private final List<Integer> neededIds;
  private final List<Integer> selectedAt;
  private final int keySize;
  private final Map<ByteBuffer, Row> rows = new LinkedHashMap<>();
  private final Map<ByteBuffer, Row> outside = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param condition takes values of the needed columns
   * @param mostRows ROW_LIMIT beyond them
   */
  LiveResult(
      PlainSelect select, int keySize, Predicate<List<@Nullable Object>> condition, int mostRows) {
    this(select, keySize, condition, mostRows, KEPT_OUTSIDE);
  }

  /** As above, remembering so many rows outside of the result from one batch to the next. */
  LiveResult(
      PlainSelect select,
      int keySize,
      Predicate<List<@Nullable Object>> condition,
      int mostRows,
      int keptOutside) {
    this.select = select;
    this.keySize = keySize;
    this.condition = condition;
    this.mostRows = mostRows;
    this.keptOutside = keptOutside;
    List<Column> key =
        select.needed().subList(0, keySize); // every UPDATE names it, none changes it
    select.selected().stream()
        .filter(column -> !key.contains(column))
        .forEach(column -> selectedIds.add(column.getId()));
    select.predicate().forEach(column -> predicateIds.add(column.getId()));
    this.neededIds = select.needed().stream().map(Column::getId).toList();
    this.selectedAt =
        select.selected().stream().map(column -> neededIds.indexOf(column.getId())).toList();
  }

  /** Takes a row of the beginning. */
  void start(ByteBuffer key, Row row) {
    rows.put(key, row);
    requireRoom();
  }

  /** The selected columns of the rows, in the order in which they came. */
  List<List<@Nullable Object>> shown() {
    return rows.values().stream().map(row -> shown(row.values())).toList();
  }

  /**
   * Whether an UPDATE needs the row as its shard has it. May be asked of a whole batch before the
   * first of its changes is applied.
   */
  boolean unknown(LoggedChange logged) {
    RowChange change = logged.change();
    return change.op() == Op.UPDATE
        && !rows.containsKey(logged.key())
        && !outside.containsKey(logged.key())
        && change.values().ids().stream().anyMatch(predicateIds::contains)
        && !setsAll(change);
  }

  /**
   * Forgets the rows outside of the result that were not seen for longest. To be called when a
   * batch is applied, never within one: a later change of it may count on a row that was known when
   * {@link #unknown} was asked. So no more rows are remembered than the bound and those of a batch.
   */
  void forgetOldest() {
    Iterator<ByteBuffer> oldest = outside.keySet().iterator();
    for (int excess = outside.size() - keptOutside; excess > 0; excess--) {
      oldest.next();
      oldest.remove();
    }
  }

  private boolean setsAll(RowChange change) {
    return neededIds.stream().allMatch(change.values()::has);
  }

  /**
   * Takes a change that its shard has applied.
   *
   * @param table at the writer's version or a later one
   * @param read the row as its shard had it at this change or after it, if it was {@link #unknown}
   *     and is still there
   * @return what it does to the result
   * @throws ShardstreamException COLUMN_NOT_FOUND when a column is gone, ROW_LIMIT
   */
  Optional<LiveChange> apply(LoggedChange logged, Table table, @Nullable Row read) {
    ByteBuffer key = logged.key();
    RowChange change = logged.change();
    Row inside = rows.get(key);
    Row known = inside == null ? outside.get(key) : inside;
    long offset = logged.position().offset();
    if (known != null && known.version() >= offset) {
      return Optional.empty();
    }
    if (table.getType() == TableType.STREAM) {
      return appended(logged, table);
    }
    if (change.op() == Op.DELETE) {
      rows.remove(key);
      outside.remove(key);
      return inside == null
          ? Optional.empty()
          : Optional.of(changed(LiveChange.Kind.DELETED, inside, logged));
    }
    Row next = next(logged, table, known, read);
    return next == null ? Optional.empty() : replaced(logged, inside, next);
  }

  /** Rows of a stream come and never change: nothing has to be remembered of them. */
  private Optional<LiveChange> appended(LoggedChange logged, Table table) {
    Row row = new Row(projected(table, logged.change()), logged.position().offset());
    return logged.change().op() == Op.INSERT && condition.test(row.values())
        ? Optional.of(changed(LiveChange.Kind.INSERTED, row, logged))
        : Optional.empty();
  }

  private @Nullable Row next(
      LoggedChange logged, Table table, @Nullable Row known, @Nullable Row read) {
    RowChange change = logged.change();
    long offset = logged.position().offset();
    if (change.op() != Op.UPDATE) {
      return new Row(projected(table, change), offset);
    }
    if (known != null) {
      return new Row(updated(known.values(), change), offset);
    }
    if (setsAll(change)) {
      return new Row(updated(Collections.nCopies(neededIds.size(), null), change), offset);
    }
    return read; // none: a row that stays outside, or that was deleted after this change
  }

  private Optional<LiveChange> replaced(LoggedChange logged, @Nullable Row inside, Row next) {
    if (!condition.test(next.values())) {
      rows.remove(logged.key());
      outside.put(logged.key(), next);
      return inside == null
          ? Optional.empty()
          : Optional.of(changed(LiveChange.Kind.DELETED, inside, logged));
    }
    rows.put(logged.key(), next);
    requireRoom();
    if (inside == null) {
      outside.remove(logged.key());
      return Optional.of(changed(LiveChange.Kind.INSERTED, next, logged));
    }
    RowChange change = logged.change();
    boolean shows =
        change.op() != Op.UPDATE || change.values().ids().stream().anyMatch(selectedIds::contains);
    return shows ? Optional.of(changed(LiveChange.Kind.UPDATED, next, logged)) : Optional.empty();
  }

  private void requireRoom() {
    if (rows.size() > mostRows) {
      throw new ShardstreamException(ErrorCode.ROW_LIMIT, mostRows);
    }
  }

  private LiveChange changed(LiveChange.Kind kind, Row row, LoggedChange logged) {
    return new LiveChange(
        kind, shown(row.values()), row.values().subList(0, keySize), logged.position());
  }

  private List<@Nullable Object> shown(List<@Nullable Object> values) {
    List<@Nullable Object> shown = new ArrayList<>(selectedAt.size());
    for (int at : selectedAt) {
      shown.add(values.get(at));
    }
    return Collections.unmodifiableList(shown);
  }

  private List<@Nullable Object> projected(Table table, RowChange change) {
    List<@Nullable Object> row = Projection.row(table, change);
    List<@Nullable Object> values = new ArrayList<>(neededIds.size());
    for (Column needed : select.needed()) {
      Column column = requireColumn(table, needed);
      values.add(row.get(table.getColumns().indexOf(column)));
    }
    return Collections.unmodifiableList(values);
  }

  private static Column requireColumn(Table table, Column wanted) {
    return table.getColumns().stream()
        .filter(column -> column.getId() == wanted.getId())
        .findFirst()
        .orElseThrow(
            () ->
                new ShardstreamException(
                    ErrorCode.COLUMN_NOT_FOUND, wanted.getName(), table.getName()));
  }

  private List<@Nullable Object> updated(List<@Nullable Object> before, RowChange change) {
    List<@Nullable Object> values = new ArrayList<>(before);
    for (int i = 0; i < values.size(); i++) {
      if (change.values().has(neededIds.get(i))) {
        values.set(i, change.values().get(neededIds.get(i)));
      }
    }
    return Collections.unmodifiableList(values);
  }

  /** Checks that a table still has every column that is needed. */
  void requireColumns(Table table) {
    select.needed().forEach(column -> requireColumn(table, column));
  }
}
