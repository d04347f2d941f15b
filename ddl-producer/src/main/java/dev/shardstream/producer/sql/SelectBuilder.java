package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.SimpleSelect.Nulls;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds a SELECT: its tables for every form, its parts for the simple one. */
final class SelectBuilder {
  private final StatementSource statement;
  private final ExprBuilder exprs;

  SelectBuilder(StatementSource statement, ExprBuilder exprs) {
    this.statement = statement;
    this.exprs = exprs;
  }

  SelectStatement build(SelectContext tree) {
    TableMentions mentions = new TableMentions(statement);
    mentions.read(tree);
    List<TableRef> tables = mentions.tables();
    return new SelectStatement(
        statement.text(),
        tables,
        statement.parameters(),
        mentions.databasePrefixes(),
        simple(tree, mentions, tables).orElse(null));
  }

  private Optional<SimpleSelect> simple(
      SelectContext tree, TableMentions mentions, List<TableRef> tables) {
    boolean oneTable =
        tree.withClause() == null
            && tree.selectCore().size() == 1
            && mentions.selects() == 1
            && tables.size() == 1
            && !tables.get(0).operand();
    if (!oneTable
        || !(tree.selectCore(0) instanceof SelectRowsContext core)
        || core.fromClause() == null
        || core.fromClause().joinedTables().tableItem().size() != 1
        || !(core.fromClause().joinedTables().tableItem(0) instanceof TableMentionContext)) {
      return Optional.empty();
    }
    return Optional.of(parts(tree, core, tables.get(0), mentions.windowed()));
  }

  private SimpleSelect parts(
      SelectContext tree, SelectRowsContext core, TableRef table, boolean windowed) {
    LimitClauseContext limits = tree.limitClause();
    boolean two = limits != null && limits.expr().size() == 2;
    boolean offsetFirst = two && limits.OFFSET() == null;
    return new SimpleSelect(
        table,
        core.DISTINCT() != null,
        core.resultColumn().stream().map(this::item).toList(),
        core.whereClause() == null ? null : exprs.build(core.whereClause().expr()),
        core.groupBy() == null ? List.of() : exprs.buildAll(core.groupBy().exprList()),
        core.having() == null ? null : exprs.build(core.having().expr()),
        orderItems(tree.orderBy()),
        limits == null ? null : exprs.build(limits.expr(offsetFirst ? 1 : 0)),
        two ? exprs.build(limits.expr(offsetFirst ? 0 : 1)) : null,
        windowed);
  }

  private SimpleSelect.Item item(ResultColumnContext tree) {
    if (tree instanceof StarColumnContext) {
      return new SimpleSelect.Star(null);
    }
    if (tree instanceof TableStarColumnContext star) {
      return new SimpleSelect.Star(Words.name(star.name()));
    }
    ExprColumnContext column = (ExprColumnContext) tree;
    boolean named = column.getChildCount() > 1;
    return new SimpleSelect.ExprItem(
        exprs.build(column.expr()), named ? Words.lastWord(column) : null);
  }

  private List<SimpleSelect.OrderItem> orderItems(@Nullable OrderByContext tree) {
    return tree == null ? List.of() : tree.orderTerm().stream().map(this::orderItem).toList();
  }

  private SimpleSelect.OrderItem orderItem(OrderTermContext tree) {
    Nulls nulls =
        tree.NULLS() == null ? Nulls.DEFAULT : tree.FIRST() != null ? Nulls.FIRST : Nulls.LAST;
    return new SimpleSelect.OrderItem(exprs.build(tree.expr()), tree.DESC() != null, nulls);
  }
}
