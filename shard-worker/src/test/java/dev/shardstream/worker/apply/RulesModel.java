package dev.shardstream.worker.apply;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleKind;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What docs/protocol.md says of changes and rules, one record at a time over a map of rows. */
final class RulesModel {
  private final Table table;
  private final Map<List<Object>, Row> rows =
      new TreeMap<>(
          Comparator.<List<Object>, String>comparing(key -> (String) key.get(0))
              .thenComparing(key -> (Long) key.get(1)));
  private final Map<Integer, Map<String, Rule>> rules = new HashMap<>();
  private final Map<List<Long>, String> rejections =
      new TreeMap<>(
          Comparator.<List<Long>>comparingLong(place -> place.get(0))
              .thenComparingLong(place -> place.get(1)));

  private record Row(Map<Integer, Object> values, int virtualShard, long version, long updated) {}

  RulesModel(Table table) {
    this.table = table;
  }

  void apply(LogEntry entry) {
    if (entry instanceof LogEntry.Ruled ruled) {
      Map<String, Rule> held = rules.computeIfAbsent(ruled.partition(), p -> new TreeMap<>());
      if (ruled.rule().getEnforced()) {
        held.put(ruled.rule().getRuleId(), ruled.rule());
      } else {
        held.remove(ruled.rule().getRuleId());
      }
    } else if (entry instanceof LogEntry.Changed changed) {
      LoggedChange logged = changed.change();
      refusal(logged)
          .ifPresentOrElse(
              text ->
                  rejections.put(
                      List.of((long) logged.partition(), logged.offset()),
                      logged.partition()
                          + "|"
                          + logged.offset()
                          + "|"
                          + logged.key().virtualShard()
                          + "|"
                          + text),
              () -> accept(logged));
    }
  }

  private Optional<String> refusal(LoggedChange logged) {
    RowChange change = logged.change();
    Row row = rows.get(logged.key().values());
    String key = "('" + logged.key().values().get(0) + "', " + logged.key().values().get(1) + ")";
    if (change.op() == RowChange.Op.INSERT && row != null) {
      return Optional.of("DUPLICATE_KEY|Duplicate key " + key + " in table 'accounts'");
    }
    if (row == null
        && (change.op() == RowChange.Op.UPDATE
            || change.op() == RowChange.Op.DELETE
            || change.ifVersion() != null)) {
      return Optional.of("NOT_FOUND|No row with key " + key + " in table 'accounts'");
    }
    if (row != null && change.ifVersion() != null && row.version() != change.ifVersion()) {
      return Optional.of(
          "VERSION_MISMATCH|Row %s of table 'accounts' has version %d, not %d"
              .formatted(key, row.version(), change.ifVersion()));
    }
    if (change.op() == RowChange.Op.DELETE) {
      return Optional.empty();
    }
    return nullInTheWay(logged)
        .map(c -> "NOT_NULL|Column '" + c + "' of table 'accounts' must not be NULL")
        .or(() -> otherRowInTheWay(logged, row));
  }

  private Optional<String> nullInTheWay(LoggedChange logged) {
    RowChange change = logged.change();
    for (Column column : change.version().columns()) {
      if (!column.getNullable() && putsNull(change, column.getId(), false)) {
        return Optional.of(column.getName());
      }
    }
    for (Rule rule : held(logged, RuleKind.NOT_NULL)) {
      if (putsNull(change, rule.getColumns().get(0), rule.getInitialNull())) {
        return Optional.of(rule.getName());
      }
    }
    return Optional.empty();
  }

  private static boolean putsNull(RowChange change, int columnId, boolean initialNull) {
    int at = change.values().ids().indexOf(columnId);
    if (at >= 0) {
      return change.values().values().get(at) == null;
    }
    RowVersion writer = change.version();
    return change.op() != RowChange.Op.UPDATE
        && (writer.column(columnId).isPresent()
            ? writer.column(columnId).get().getDefaultValue() == null
            : columnId >= writer.nextColumnId() && initialNull);
  }

  private Optional<String> otherRowInTheWay(LoggedChange logged, Row row) {
    Map<Integer, Object> wanted = after(logged.change(), row);
    for (Rule rule : held(logged, RuleKind.UNIQUE)) {
      List<Object> values = values(rule, wanted);
      if (values.contains(null) || row != null && values.equals(values(rule, row.values()))) {
        continue;
      }
      boolean taken =
          rows.entrySet().stream()
              .anyMatch(
                  other ->
                      other.getValue().virtualShard() == logged.key().virtualShard()
                          && !other.getKey().equals(logged.key().values())
                          && values(rule, other.getValue().values()).equals(values));
      if (taken) {
        return Optional.of(
            "UNIQUE_VIOLATION|Duplicate value (%s) for unique index '%s' of table 'accounts'"
                .formatted(shown(rule, wanted), rule.getName()));
      }
    }
    return Optional.empty();
  }

  private List<Rule> held(LoggedChange logged, RuleKind kind) {
    return rules.getOrDefault(logged.partition(), Map.of()).values().stream()
        .filter(rule -> rule.getKind() == kind)
        .toList();
  }

  /** Both zeros are one value. */
  private static List<Object> values(Rule rule, Map<Integer, Object> row) {
    List<Object> values = new ArrayList<>();
    rule.getColumns()
        .forEach(
            id -> values.add(row.get(id) instanceof Double d ? (Object) (d + 0.0) : row.get(id)));
    return values;
  }

  private static String shown(Rule rule, Map<Integer, Object> row) {
    return rule.getColumns().stream()
        .map(row::get)
        .map(value -> value instanceof String ? "'" + value + "'" : String.valueOf(value))
        .collect(Collectors.joining(", "));
  }

  private Map<Integer, Object> after(RowChange change, Row row) {
    Map<Integer, Object> after = new TreeMap<>();
    for (Column column : table.getColumns()) {
      int id = column.getId();
      int at = change.values().ids().indexOf(id);
      if (at >= 0) {
        after.put(id, change.values().values().get(at));
      } else if (change.op() == RowChange.Op.UPDATE) {
        after.put(id, Objects.requireNonNull(row).values().get(id));
      } else {
        after.put(
            id,
            change
                .version()
                .column(id)
                .map(Column::getDefaultValue)
                .orElse(
                    change.version().column(id).isPresent() ? null : column.getInitialDefault()));
      }
    }
    return after;
  }

  private void accept(LoggedChange logged) {
    List<Object> key = logged.key().values();
    if (logged.change().op() == RowChange.Op.DELETE) {
      rows.remove(key);
    } else {
      rows.put(
          key,
          new Row(
              after(logged.change(), rows.get(key)),
              logged.key().virtualShard(),
              logged.offset(),
              logged.timestamp()));
    }
  }

  List<String> rows() {
    return rows.values().stream()
        .map(
            row ->
                row.values().values().stream().map(String::valueOf).collect(Collectors.joining("|"))
                    + "|"
                    + row.version()
                    + "|"
                    + row.updated())
        .toList();
  }

  long rowsIn(int virtualShard) {
    return rows.values().stream().filter(row -> row.virtualShard() == virtualShard).count();
  }

  List<String> rejections() {
    return List.copyOf(rejections.values());
  }

  Set<String> codes() {
    return rejections.values().stream()
        .map(line -> line.split("\\|")[3])
        .collect(Collectors.toSet());
  }
}
