package dev.shardstream.producer.sql;

import dev.shardstream.schemas.contract.Identifiers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT or VALUES as SQLite will run it, with what a planner must know about it.
 *
 * @param text the statement without its semicolon
 * @param tables every mention of a table, in the order of the text; see {@link TableRef}
 * @param parameters in the order of the text
 * @param databasePrefixes the pieces {@code database.} before qualified columns like {@code
 *     db.t.c}; {@link #withTables} leaves them out
 * @param simple the parts, if the statement has the form of {@link SimpleSelect}; null otherwise
 */
public record SelectStatement(
    String text,
    List<TableRef> tables,
    List<ParameterRef> parameters,
    List<SourceText> databasePrefixes,
    @Nullable SimpleSelect simple)
    implements Statement.Read {
  public SelectStatement {
    tables = List.copyOf(tables);
    parameters = List.copyOf(parameters);
    databasePrefixes = List.copyOf(databasePrefixes);
  }

  /** The parameters that stand in a piece of this statement, in the order of the text. */
  public List<ParameterRef> parametersIn(SourceText piece) {
    return parameters.stream().filter(parameter -> piece.contains(parameter.start())).toList();
  }

  /**
   * The statement over other tables: each mention becomes what the function says, exposed under the
   * name it had. The parameters stay in order.
   *
   * @param sqlName gives the table's name as SQL, already quoted
   */
  public String withTables(Function<TableRef, String> sqlName) {
    record Edit(int start, int end, String replacement) {}
    List<Edit> edits = new ArrayList<>();
    for (TableRef table : tables) {
      String exposure =
          table.operand() || table.alias() != null
              ? ""
              : " AS " + Identifiers.quote(table.exposedName());
      edits.add(new Edit(table.start(), table.end(), sqlName.apply(table) + exposure));
    }
    for (SourceText prefix : databasePrefixes) {
      edits.add(new Edit(prefix.start(), prefix.end(), ""));
    }
    edits.sort(Comparator.comparingInt(Edit::start));
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (Edit edit : edits) {
      out.append(text, from, edit.start()).append(edit.replacement());
      from = edit.end();
    }
    return out.append(text, from, text.length()).toString();
  }
}
