package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/** Builds the tree of one statement from its parse, and names what is not supported. */
final class AstBuilder {
  private final StatementSource source;
  private final ExprBuilder exprs;

  AstBuilder(StatementSource source) {
    this.source = source;
    this.exprs = new ExprBuilder(source);
  }

  Statement build(StatementContext tree) {
    ParserRuleContext only = (ParserRuleContext) tree.getChild(0);
    return new DefinitionBuilder(source, exprs)
        .build(only)
        .or(() -> new ReshardBuilder(source).build(only))
        .orElseGet(() -> other(only));
  }

  private Statement other(ParserRuleContext tree) {
    if (tree instanceof ShowContext show) {
      return ReportBuilder.build(show, source);
    }
    if (tree instanceof DescribeTableContext describe) {
      return ReportBuilder.build(describe);
    }
    if (tree instanceof SubscribeContext subscribe) {
      return subscribe(subscribe);
    }
    if (tree instanceof KillLiveQueryContext kill) {
      return new Statement.KillLiveQuery(ReportBuilder.id(kill.commandId(), source));
    }
    return changeOrSelect(tree);
  }

  private Statement changeOrSelect(ParserRuleContext tree) {
    if (tree instanceof InsertContext insert) {
      return insert(insert);
    }
    if (tree instanceof UpdateContext update) {
      return update(update);
    }
    if (tree instanceof DeleteContext delete) {
      return delete(delete);
    }
    SelectContext select = (SelectContext) tree;
    return ReportBuilder.tableStats(select, exprs)
        .orElseGet(() -> new SelectBuilder(source, exprs).build(select));
  }

  /** The SELECT is a statement of its own, whose places count from its own first word. */
  private Statement subscribe(SubscribeContext tree) {
    StatementSource select = source.from(tree.select().getStart());
    return new Statement.Subscribe(
        new SelectBuilder(select, new ExprBuilder(select)).build(tree.select()));
  }

  // ---- Changes

  private Statement insert(InsertContext tree) {
    if (tree.IDENTIFIER() != null) {
      throw StatementSource.unsupported("INSERT OR " + upper(tree.IDENTIFIER().getText()));
    }
    if (tree.insertQuery() != null) {
      throw StatementSource.unsupported("INSERT … SELECT");
    }
    if (tree.DEFAULT() != null) {
      throw StatementSource.unsupported("DEFAULT VALUES");
    }
    refuseTail(tree.unsupportedTail(), "INSERT");
    List<List<Expr>> rows = tree.row().stream().map(row -> exprs.buildAll(row.exprList())).toList();
    return new Statement.Insert(
        Words.table(tree.tableName()),
        tree.REPLACE() != null || tree.UPSERT() != null,
        tree.names() == null ? List.of() : Words.names(tree.names()),
        rows,
        source.parameters());
  }

  private Statement update(UpdateContext tree) {
    if (tree.OR() != null) {
      throw StatementSource.unsupported("UPDATE OR " + upper(tree.getChild(2).getText()));
    }
    refuseTail(tree.unsupportedTail(), "UPDATE");
    return new Statement.Update(
        Words.table(tree.tableName()),
        Words.alias(tree.tableAlias()),
        tree.assignment().stream().map(this::assignment).toList(),
        exprs.buildIf(tree.expr()),
        source.parameters());
  }

  private Statement.Assignment assignment(AssignmentContext tree) {
    if (tree.name() == null) {
      throw StatementSource.unsupported("SET of several columns at once: (a, b) = …");
    }
    return new Statement.Assignment(Words.name(tree.name()), exprs.build(tree.expr()));
  }

  private Statement delete(DeleteContext tree) {
    refuseTail(tree.unsupportedTail(), "DELETE");
    return new Statement.Delete(
        Words.table(tree.tableName()),
        Words.alias(tree.tableAlias()),
        exprs.buildIf(tree.expr()),
        source.parameters());
  }

  private void refuseTail(@Nullable UnsupportedTailContext tail, String statement) {
    if (tail == null) {
      return;
    }
    String word = upper(tail.getStart().getText());
    String what =
        switch (word) {
          case "ON" -> "ON CONFLICT in " + statement + " (use REPLACE or UPSERT)";
          case "ORDER" -> "ORDER BY in " + statement;
          default -> word + " in " + statement;
        };
    throw StatementSource.unsupported(what);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
