package dev.shardstream.worker.decide;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.row.Projection;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.schemas.row.StoredValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides on the changes of one table. Whether a change is accepted is a pure function of the row
 * before, the change, and the table as its writer saw it; the table's version here says only which
 * columns the row has.
 */
public final class ChangeRules {
  private static final int SHOWN_VALUE = 60;

  private final Table table;
  private final Map<Integer, Integer> positions = new HashMap<>();

  /** By identity: a log has few versions, and comparing them costs more than deciding. */
  private final Map<RowVersion, Optional<Decision>> misfits = new IdentityHashMap<>();

  public ChangeRules(Table table) {
    this.table = table;
    for (Column column : table.getColumns()) {
      positions.put(column.getId(), positions.size());
    }
  }

  String tableName() {
    return table.getName();
  }

  /**
   * Decides by everything but the UNIQUE rules, for which one row does not suffice.
   *
   * @param there the row that lies under the change's key; empty when there is none
   * @param inForce rules that hold where the change stands in the log
   */
  public Decision decide(Optional<Row> there, LoggedChange logged, RuleSet inForce) {
    RowChange change = logged.change();
    if (table.getType() == TableType.STREAM && change.op() != RowChange.Op.INSERT) {
      return Decision.Rejected.of(
          ErrorCode.STREAM_TABLE_APPEND_ONLY, table.getName(), change.op().name());
    }
    Optional<Row> before = there.filter(row -> !hasExpired(row, logged.timestamp()));
    if (change.op() == RowChange.Op.INSERT && before.isPresent()) {
      return Decision.Rejected.of(ErrorCode.DUPLICATE_KEY, keyText(logged), table.getName());
    }
    if (before.isEmpty() && needsRow(change)) {
      return Decision.Rejected.of(ErrorCode.NOT_FOUND, keyText(logged), table.getName());
    }
    Long ifVersion = change.ifVersion();
    if (ifVersion != null && before.isPresent() && before.get().version() != ifVersion) {
      return Decision.Rejected.of(
          ErrorCode.VERSION_MISMATCH,
          keyText(logged),
          table.getName(),
          before.get().version(),
          ifVersion);
    }
    if (change.op() == RowChange.Op.DELETE) {
      return new Decision.Remove();
    }
    return refusedByWriter(change)
        .or(() -> misfits.computeIfAbsent(change.version(), this::misfit))
        .or(() -> refusedByRule(change, inForce))
        .orElseGet(() -> put(before, logged));
  }

  /** The log's time decides, so an expired row that one replica still has counts for none. */
  private boolean hasExpired(Row row, long at) {
    Long ttlSeconds = table.getTtlSeconds();
    return ttlSeconds != null && row.updated() + ttlSeconds * 1_000 <= at;
  }

  /**
   * A column keeps its storage class through all versions. A schema that says otherwise was not
   * made by the control plane, and its values must not stop the log.
   */
  private Optional<Decision> misfit(RowVersion writer) {
    for (Column column : writer.columns()) {
      Integer position = positions.get(column.getId());
      Column stored = position == null ? column : table.getColumns().get(position);
      if (storageClass(stored) != storageClass(column)) {
        return Optional.of(
            Decision.Rejected.of(
                ErrorCode.TYPE,
                column.getName(),
                table.getName(),
                typeText(stored),
                "values of " + typeText(column)));
      }
    }
    return Optional.empty();
  }

  private static Class<?> storageClass(Column column) {
    return switch (column.getType()) {
      case INTEGER, BIGINT, BOOLEAN -> Long.class;
      case FLOAT, DOUBLE -> Double.class;
      case TEXT, VARCHAR, DATE, TIMESTAMP -> String.class;
      case BLOB -> byte[].class;
    };
  }

  private Optional<Decision> refusedByRule(RowChange change, RuleSet inForce) {
    return inForce
        .brokenByNull(change)
        .map(rule -> Decision.Rejected.of(ErrorCode.NOT_NULL, rule.getName(), table.getName()));
  }

  /**
   * What a row holds of a UNIQUE rule's columns; empty when one of them is NULL. A column that the
   * table does not have any more holds nothing: a rule is lifted before its columns are dropped,
   * and one that speaks of them later demands nothing of anyone.
   */
  Optional<UniqueValue> uniqueValue(Rule rule, int virtualShard, Row row) {
    List<Object> values = new ArrayList<>(rule.getColumns().size());
    for (int columnId : rule.getColumns()) {
      Integer position = positions.get(columnId);
      Object value = position == null ? null : row.values().get(position);
      if (value == null) {
        return Optional.empty();
      }
      values.add(value);
    }
    return Optional.of(new UniqueValue(virtualShard, rule, values));
  }

  private static boolean needsRow(RowChange change) {
    return change.op() == RowChange.Op.UPDATE
        || change.op() == RowChange.Op.DELETE
        || change.ifVersion() != null;
  }

  /** What the writer's own version of the table refuses. */
  private Optional<Decision> refusedByWriter(RowChange change) {
    boolean whole = change.op() != RowChange.Op.UPDATE;
    for (Column column : change.version().columns()) {
      boolean set = change.values().has(column.getId());
      if (set || whole) {
        Object value = set ? change.values().get(column.getId()) : StoredValues.ofDefault(column);
        Optional<Decision> refused = refused(column, value);
        if (refused.isPresent()) {
          return refused;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Decision> refused(Column column, @Nullable Object value) {
    if (value == null) {
      return column.getNullable()
          ? Optional.empty()
          : Optional.of(
              Decision.Rejected.of(ErrorCode.NOT_NULL, column.getName(), table.getName()));
    }
    return StoredValues.fits(column, value)
        ? Optional.empty()
        : Optional.of(
            Decision.Rejected.of(
                ErrorCode.TYPE, column.getName(), table.getName(), typeText(column), shown(value)));
  }

  private Decision put(Optional<Row> before, LoggedChange logged) {
    RowChange change = logged.change();
    List<@Nullable Object> values =
        change.op() == RowChange.Op.UPDATE
            ? Projection.update(table, before.orElseThrow().values(), change.values())
            : Projection.row(table, change);
    return new Decision.Put(new Row(values, logged.offset(), logged.timestamp()));
  }

  private static String keyText(LoggedChange logged) {
    return Tables.keyText(logged.key().values());
  }

  private static String typeText(Column column) {
    return column.getLength() == null
        ? column.getType().name()
        : column.getType().name() + "(" + column.getLength() + ")";
  }

  private static String shown(Object value) {
    String text =
        value instanceof byte[] bytes
            ? "x'" + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_VALUE)) + "'"
            : value instanceof String string ? "'" + string + "'" : value.toString();
    return text.codePointCount(0, text.length()) <= SHOWN_VALUE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN_VALUE)) + "…";
  }
}
