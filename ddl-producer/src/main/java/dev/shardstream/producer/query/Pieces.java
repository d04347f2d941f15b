package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.ParameterRef;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SourceText;
import dev.shardstream.producer.sql.TableRef;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Cuts queries out of a statement's text. Their parameters are numbered anew, since a piece rarely
 * has all of the statement's.
 */
final class Pieces {
  private final SelectStatement select;
  private final List<? extends @Nullable Object> values;

  /**
   * @param values of the statement's parameters, by number
   */
  Pieces(SelectStatement select, List<? extends @Nullable Object> values) {
    this.select = select;
    this.values = values;
  }

  /**
   * What the plan calls a table: by its own name, so that the statement stays as it is written, and
   * unnamed columns are called as SQLite calls them. Where the statement names databases, two
   * tables may have one name, and SQLite would look for a schema: such a statement gets names of
   * our own.
   */
  String nameOf(Table table) {
    return namesDatabases() ? table.getName() + "@" + table.getDatabase() : table.getName();
  }

  private boolean namesDatabases() {
    return !select.databasePrefixes().isEmpty()
        || select.tables().stream().anyMatch(mention -> mention.table().database() != null);
  }

  /** The statement as it is, over tables that are called as {@link #nameOf} says. */
  Query whole(Function<TableRef, String> sqlName) {
    String sql = namesDatabases() ? select.withTables(sqlName) : select.text();
    return new Query(sql, new ArrayList<>(values));
  }

  /** A piece, to be read where the statement's only table has its exposed name. */
  Query of(SourceText piece) {
    List<Edit> edits = new ArrayList<>();
    for (SourceText prefix : select.databasePrefixes()) {
      if (piece.contains(prefix.start())) {
        edits.add(new Edit(prefix.start(), prefix.end(), new Query("", List.of())));
      }
    }
    select.parametersIn(piece).forEach(parameter -> edits.add(edit(parameter)));
    return edited(piece.start(), piece.end(), edits);
  }

  /** The whole statement with some pieces replaced, over other tables. */
  Query replaced(Map<SourceText, String> replacements, Function<TableRef, String> sqlName) {
    List<Edit> edits = new ArrayList<>();
    replacements.forEach(
        (piece, text) ->
            edits.add(new Edit(piece.start(), piece.end(), new Query(text, List.of()))));
    for (TableRef table : select.tables()) {
      String exposure =
          table.alias() == null ? " AS " + Identifiers.quote(table.exposedName()) : "";
      edits.add(
          new Edit(
              table.start(), table.end(), new Query(sqlName.apply(table) + exposure, List.of())));
    }
    for (SourceText prefix : select.databasePrefixes()) {
      edits.add(new Edit(prefix.start(), prefix.end(), new Query("", List.of())));
    }
    select.parameters().forEach(parameter -> edits.add(edit(parameter)));
    return edited(0, select.text().length(), edits);
  }

  private Edit edit(ParameterRef parameter) {
    Query value = new Query.Builder().value(values.get(parameter.index() - 1)).build();
    return new Edit(parameter.start(), parameter.end(), value);
  }

  private Query edited(int start, int end, List<Edit> edits) {
    edits.sort(Comparator.comparingInt(Edit::start).thenComparing(Edit::end, (a, b) -> b - a));
    Query.Builder out = new Query.Builder();
    int from = start;
    for (Edit edit : edits) {
      if (edit.start() < from) {
        continue; // inside a piece that is already replaced
      }
      out.append(select.text().substring(from, edit.start())).append(edit.replacement());
      from = edit.end();
    }
    return out.append(select.text().substring(from, end)).build();
  }

  private record Edit(int start, int end, Query replacement) {}
}
