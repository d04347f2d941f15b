package dev.shardstream.producer.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement of a script. Names are unquoted and not looked up yet. */
public sealed interface Statement permits Statement.Definition, Statement.Change, Statement.Read {

  /** Where the statement takes values, in the order of its text. */
  default List<ParameterRef> parameters() {
    return List.of();
  }

  /** How many values the statement takes: the largest {@link ParameterRef#index()}, or 0. */
  default int parameterCount() {
    return parameters().stream().mapToInt(ParameterRef::index).max().orElse(0);
  }

  /** What becomes a command to the control plane. */
  sealed interface Definition extends Statement {}

  /** What becomes row changes in a table's log. */
  sealed interface Change extends Statement {
    QualifiedName table();
  }

  /** What only answers rows. */
  sealed interface Read extends Statement
      permits SelectStatement, ShowTables, ShowReshards, DescribeTable, ShowTableStats {}

  /**
   * CREATE TABLE.
   *
   * @param columns in the order written, at least one; names may still be doubled
   * @param primaryKey column names, inline or not; empty if none was written
   * @param uniqueKeys each UNIQUE, inline or not
   */
  record CreateTable(
      QualifiedName table,
      boolean ifNotExists,
      List<ColumnDefinition> columns,
      List<String> primaryKey,
      List<List<String>> uniqueKeys,
      TableOptions options)
      implements Definition {
    public CreateTable {
      columns = List.copyOf(columns);
      primaryKey = List.copyOf(primaryKey);
      uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
    }
  }

  /** DROP TABLE. */
  record DropTable(QualifiedName table, boolean ifExists) implements Definition {}

  /**
   * PRAGMA reshardTable(table, shardCount).
   *
   * @param shardCount as written, unchecked
   */
  record ReshardTable(QualifiedName table, long shardCount) implements Definition {}

  /**
   * INSERT, and its forms that replace a row that is there.
   *
   * @param upsert true for INSERT OR REPLACE, REPLACE and UPSERT
   * @param columns empty if none were written: all, in the table's order
   * @param rows at least one; a row's length is not compared with the columns yet
   */
  record Insert(
      QualifiedName table,
      boolean upsert,
      List<String> columns,
      List<List<Expr>> rows,
      List<ParameterRef> parameters)
      implements Change {
    public Insert {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      parameters = List.copyOf(parameters);
    }
  }

  /** A column and what UPDATE sets it to. */
  record Assignment(String column, Expr value) {}

  /**
   * UPDATE.
   *
   * @param alias null if none was written
   * @param where null if none was written: every row
   */
  record Update(
      QualifiedName table,
      @Nullable String alias,
      List<Assignment> assignments,
      @Nullable Expr where,
      List<ParameterRef> parameters)
      implements Change {
    public Update {
      assignments = List.copyOf(assignments);
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * DELETE.
   *
   * @param alias null if none was written
   * @param where null if none was written: every row
   */
  record Delete(
      QualifiedName table,
      @Nullable String alias,
      @Nullable Expr where,
      List<ParameterRef> parameters)
      implements Change {
    public Delete {
      parameters = List.copyOf(parameters);
    }
  }

  /** SHOW TABLES. */
  record ShowTables() implements Read {}

  /** SHOW RESHARDS. */
  record ShowReshards() implements Read {}

  /** DESCRIBE or DESC. */
  record DescribeTable(QualifiedName table) implements Read {}

  /** SELECT * FROM TABLE_STATS('table'). */
  record ShowTableStats(QualifiedName table) implements Read {}
}
