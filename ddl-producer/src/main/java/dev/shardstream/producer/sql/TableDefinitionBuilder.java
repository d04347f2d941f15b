package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Builds CREATE TABLE of every type; keys move from the columns to the table. Used once. */
final class TableDefinitionBuilder implements ColumnBuilder.Keys {
  private final StatementSource source;
  private final ColumnBuilder columnBuilder;
  private final List<ColumnDefinition> columns = new ArrayList<>();
  private final List<List<String>> uniqueKeys = new ArrayList<>();
  private @Nullable List<String> primaryKey;
  private @Nullable String comment;

  TableDefinitionBuilder(StatementSource source, ColumnBuilder columnBuilder) {
    this.source = source;
    this.columnBuilder = columnBuilder;
  }

  Statement.CreateTable build(CreateTableContext tree) {
    if (tree.select() != null) {
      throw StatementSource.unsupported("CREATE TABLE … AS SELECT");
    }
    elements(tree.tableElement());
    TableOptions options = options(tree.tableName(), tree.tableSuffixes());
    return new Statement.CreateTable(
        Words.table(tree.tableName()),
        tree.EXISTS() != null,
        tree.NODE() != null
            ? TableType.NODE
            : tree.STREAM() != null ? TableType.STREAM : TableType.REGULAR,
        columns,
        primaryKey == null ? List.of() : primaryKey,
        uniqueKeys,
        null,
        null,
        options,
        comment);
  }

  Statement.CreateTable build(CreateEdgeTableContext tree) {
    elements(tree.tableElement());
    TableOptions options = options(tree.tableName(0), tree.tableSuffixes());
    QualifiedName edge = Words.table(tree.tableName(0));
    return new Statement.CreateTable(
        edge,
        tree.EXISTS() != null,
        TableType.EDGE,
        columns,
        primaryKey == null ? List.of() : primaryKey,
        uniqueKeys,
        endpoint(edge, tree.tableName(1)),
        endpoint(edge, tree.tableName(2)),
        options,
        comment);
  }

  /** The node tables of an edge table are in its namespace, so that one order holds for all. */
  private static String endpoint(QualifiedName edge, TableNameContext tree) {
    QualifiedName node = Words.table(tree);
    if (node.database() != null && !lower(node.database()).equals(lower(edge.database()))) {
      throw StatementSource.unsupported(
          "node table '%s' in another namespace than its edge table '%s'".formatted(node, edge));
    }
    return node.name();
  }

  private static @Nullable String lower(@Nullable String name) {
    return name == null ? null : name.toLowerCase(Locale.ROOT);
  }

  private void elements(List<TableElementContext> elements) {
    for (TableElementContext element : elements) {
      if (element.columnDefinition() != null) {
        columns.add(columnBuilder.column(element.columnDefinition(), this));
      } else {
        constraint(element.tableConstraint().tableRule());
      }
    }
  }

  // ---- Options

  private TableOptions options(TableNameContext name, @Nullable TableSuffixesContext suffixes) {
    TableOptionsReader options = new TableOptionsReader();
    for (Token hidden : source.comments()) {
      if (hidden.getStartIndex() > name.getStop().getStopIndex()) {
        options.readComment(hidden);
      }
    }
    if (suffixes != null) {
      suffixes.tableSuffix().forEach(suffix -> suffix(suffix, options));
    }
    return options.finish();
  }

  private void suffix(TableSuffixContext suffix, TableOptionsReader options) {
    if (suffix instanceof OptionsSuffixContext with) {
      with.createOption().forEach(options::read);
    } else if (suffix instanceof WithoutSuffixContext without
        && !Words.name(without.name()).equalsIgnoreCase("ROWID")) {
      throw StatementSource.syntax(
          without.getStop(), "unexpected '" + without.name().getText() + "', expected ROWID");
    } else if (suffix instanceof CommentSuffixContext written) {
      if (comment != null) {
        throw StatementSource.syntax(written.getStart(), "a second COMMENT");
      }
      comment = Words.unquoted(written.STRING().getText());
    }
  }

  // ---- Keys

  private void constraint(TableRuleContext tree) {
    if (tree instanceof PrimaryKeyConstraintContext rule) {
      ColumnBuilder.refuse(rule.conflictClause());
      setPrimaryKey(rule.getStart(), keyColumns(rule.keyColumn(), "a key"));
    } else if (tree instanceof UniqueConstraintContext rule) {
      ColumnBuilder.refuse(rule.conflictClause());
      uniqueKeys.add(keyColumns(rule.keyColumn(), "a key"));
    } else {
      throw StatementSource.unsupported(
          tree instanceof CheckConstraintContext ? "CHECK" : "FOREIGN KEY");
    }
  }

  /**
   * @param where what has these columns, in the words of the error
   */
  static List<String> keyColumns(List<KeyColumnContext> trees, String where) {
    for (KeyColumnContext tree : trees) {
      ColumnBuilder.refuse(tree.DESC(), "DESC in " + where);
      ColumnBuilder.refuse(tree.COLLATE(), "COLLATE in " + where);
    }
    return trees.stream().map(tree -> Words.name(tree.name(0))).toList();
  }

  @Override
  public void primaryKey(Token at, String column) {
    setPrimaryKey(at, List.of(column));
  }

  @Override
  public void unique(String column) {
    uniqueKeys.add(List.of(column));
  }

  private void setPrimaryKey(Token at, List<String> key) {
    if (primaryKey != null) {
      throw StatementSource.syntax(at, "a second PRIMARY KEY");
    }
    primaryKey = key;
  }
}
