package dev.shardstream.producer.sql;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One mention of a table in a SELECT. A common table expression's name is none, nor is a table
 * function; a table that is mentioned twice has two.
 *
 * @param table as written
 * @param alias null if none was written
 * @param start where the name (with its database, without the alias) begins in the statement's text
 * @param end where it ends, exclusive
 * @param operand whether it stands right of {@code x IN t}, where no alias may follow
 * @param allColumns whether every column may be needed (a star, a natural join, {@code x IN t})
 * @param columns lower-case names that the statement may mean as columns of this table. More than
 *     the table has, because an unqualified name counts for every table; never fewer than needed
 */
public record TableRef(
    QualifiedName table,
    @Nullable String alias,
    int start,
    int end,
    boolean operand,
    boolean allColumns,
    Set<String> columns) {
  public TableRef {
    columns = Set.copyOf(columns);
  }

  /** The name by which columns of it are qualified: the alias, or else the table's own name. */
  public String exposedName() {
    return alias == null ? table.name() : alias;
  }

  /** Whether the statement may read this column of the table. */
  public boolean mayNeed(String column) {
    return allColumns || columns.contains(column.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return table
        + (alias == null ? "" : " AS " + alias)
        + "@"
        + start
        + "-"
        + end
        + (operand ? " operand" : "")
        + (allColumns ? " *" : "")
        + " "
        + new TreeSet<>(columns);
  }
}
