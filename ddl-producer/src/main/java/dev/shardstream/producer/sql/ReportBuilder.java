package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Builds SHOW and DESCRIBE, and the SELECT that is one of them. */
final class ReportBuilder {
  private ReportBuilder() {}

  static Report build(ShowContext tree, StatementSource source) {
    if (tree instanceof ShowTablesContext tables) {
      return new Report.ShowTables(
          tables.namespaceWord() == null ? null : Words.namespace(tables.namespaceWord()));
    }
    if (tree instanceof ShowNamespacesContext) {
      return new Report.ShowNamespaces();
    }
    if (tree instanceof ShowIndexesContext indexes) {
      return new Report.ShowIndexes(Words.table(indexes.tableName()));
    }
    if (tree instanceof ShowReshardsContext reshards) {
      TerminalNode pattern = reshards.STRING();
      return new Report.ShowReshards(pattern == null ? null : Words.unquoted(pattern.getText()));
    }
    if (tree instanceof ShowReshardContext reshard) {
      return new Report.ShowReshard(id(reshard.commandId(), source));
    }
    if (tree instanceof ShowShardsContext shards) {
      return new Report.ShowShards(Words.table(shards.tableName()));
    }
    if (tree instanceof ShowNodesContext) {
      return new Report.ShowNodes();
    }
    if (tree instanceof ShowDdlContext ddl) {
      return new Report.ShowDdl(ddl.commandId() == null ? null : id(ddl.commandId(), source));
    }
    return tree instanceof ShowPendingDdlContext
        ? new Report.ShowPendingDdl()
        : new Report.ShowLiveQueries();
  }

  static Report build(DescribeTableContext tree) {
    return new Report.DescribeTable(Words.table(tree.tableName()), tree.HISTORY() != null);
  }

  static String id(CommandIdContext tree, StatementSource source) {
    String text = source.of(tree).text();
    if (!tree.bareIdPart().isEmpty() && !text.equals(tree.getText())) {
      throw StatementSource.syntax(
          tree.getStart(), "an id with blanks in it stands in quotes: '" + text + "'");
    }
    return Words.unquoted(text);
  }

  /** SELECT * FROM TABLE_STATS('table'), the name quoted or not; empty for any other SELECT. */
  static Optional<Statement> tableStats(SelectContext tree, ExprBuilder exprs) {
    boolean bare =
        tree.getChildCount() == 1
            && tree.selectCore(0) instanceof SelectRowsContext core
            && core.getChildCount() == 3
            && core.resultColumn(0) instanceof StarColumnContext
            && core.fromClause().joinedTables().getChildCount() == 1
            && core.fromClause().joinedTables().tableItem(0) instanceof TableFunctionContext;
    if (!bare) {
      return Optional.empty();
    }
    SelectRowsContext core = (SelectRowsContext) tree.selectCore(0);
    TableFunctionContext function =
        (TableFunctionContext) core.fromClause().joinedTables().tableItem(0);
    if (!Words.table(function.tableName()).name().equalsIgnoreCase("TABLE_STATS")) {
      return Optional.empty();
    }
    List<Expr> arguments = exprs.buildAll(function.exprList());
    if (arguments.size() != 1) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "TABLE_STATS takes the name of one table, as in TABLE_STATS('users')");
    }
    return Optional.of(new Report.ShowTableStats(tableArgument(arguments.get(0))));
  }

  private static QualifiedName tableArgument(Expr argument) {
    if (argument instanceof Expr.Literal literal && literal.value() instanceof String text) {
      return QualifiedName.parse(text);
    }
    if (argument instanceof Expr.ColumnRef name && name.database() == null) {
      return new QualifiedName(name.table(), name.column());
    }
    throw new ShardstreamException(
        ErrorCode.INVALID_ARGUMENT, "TABLE_STATS(" + argument.text() + "): give a table's name");
  }
}
