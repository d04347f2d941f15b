package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/**
 * Finds each mention of a table in a SELECT, however deep, and which of its columns may be meant.
 * Columns are not resolved: a name without a qualifier counts for every table, one with a qualifier
 * for every table exposed under it. So nothing that is needed can be missed.
 */
final class TableMentions {
  private static final class Mention {
    final QualifiedName table;
    final @Nullable String alias;
    final SourceText where;
    final boolean operand;
    boolean allColumns;

    Mention(QualifiedName table, @Nullable String alias, SourceText where, boolean operand) {
      this.table = table;
      this.alias = alias;
      this.where = where;
      this.operand = operand;
      this.allColumns = operand;
    }

    boolean exposedAs(String name) {
      return name.equalsIgnoreCase(alias == null ? table.name() : alias);
    }
  }

  private record ColumnUse(@Nullable String qualifier, String column) {}

  private final StatementSource statement;
  private final List<Mention> mentions = new ArrayList<>();
  private final Set<ColumnUse> uses = new HashSet<>();
  private final List<SourceText> databasePrefixes = new ArrayList<>();

  /** Names of the common tables that can be seen here, the innermost WITH first. */
  private final Deque<Set<String>> commonTables = new ArrayDeque<>();

  /** The tables in FROM of the SELECT that is being read: those that its star stands for. */
  private List<Mention> direct = new ArrayList<>();

  private int selects;
  private boolean windowed;

  TableMentions(StatementSource statement) {
    this.statement = statement;
  }

  void read(ParseTree tree) {
    if (tree instanceof SelectContext select) {
      select(select);
    } else if (tree instanceof SelectRowsContext core) {
      core(core);
    } else if (tree instanceof TableMentionContext mention) {
      mention(mention);
    } else if (tree instanceof NestedTablesContext nested) {
      nested(nested);
    } else if (tree instanceof TableFunctionContext function) {
      refuseInternal(Words.table(function.tableName()).name());
      readChildren(tree);
    } else if (tree instanceof InTableContext in) {
      add(in.tableName(), null, true);
    } else if (tree instanceof InFunctionContext in) {
      refuseInternal(Words.table(in.tableName()).name());
      readChildren(tree);
    } else if (tree instanceof ColumnRefContext column) {
      column(column);
    } else if (tree instanceof JoinConstraintContext join && join.names() != null) {
      Words.names(join.names()).forEach(name -> uses.add(new ColumnUse(null, lower(name))));
    } else {
      windowed |= tree instanceof OverClauseContext;
      readChildren(tree);
    }
  }

  private void readChildren(ParseTree tree) {
    for (int i = 0; i < tree.getChildCount(); i++) {
      read(tree.getChild(i));
    }
  }

  /** In SQLite the common tables of one WITH see each other and themselves, in any order. */
  private void select(SelectContext tree) {
    selects++;
    Set<String> names = new HashSet<>();
    if (tree.withClause() != null) {
      tree.withClause()
          .commonTable()
          .forEach(common -> names.add(lower(Words.name(common.name()))));
    }
    commonTables.push(names);
    readChildren(tree);
    commonTables.pop();
  }

  private void core(SelectRowsContext tree) {
    List<Mention> outer = direct;
    direct = new ArrayList<>();
    readChildren(tree);
    for (ResultColumnContext column : tree.resultColumn()) {
      if (column instanceof StarColumnContext) {
        direct.forEach(mention -> mention.allColumns = true);
      } else if (column instanceof TableStarColumnContext star) {
        String qualifier = Words.name(star.name());
        direct.stream()
            .filter(mention -> mention.exposedAs(qualifier))
            .forEach(mention -> mention.allColumns = true);
      }
    }
    // Which columns a natural join compares depends on all that both sides have.
    if (tree.fromClause() != null && isNatural(tree.fromClause().joinedTables())) {
      direct.forEach(mention -> mention.allColumns = true);
    }
    direct = outer;
  }

  private static boolean isNatural(JoinedTablesContext tables) {
    return tables.joinOperator().stream().anyMatch(join -> !join.NATURAL().isEmpty())
        || tables.tableItem().stream()
            .anyMatch(
                item ->
                    item instanceof NestedTablesContext nested && isNatural(nested.joinedTables()));
  }

  private void mention(TableMentionContext tree) {
    if (tree.indexHint() != null) {
      throw StatementSource.unsupported("INDEXED BY and NOT INDEXED");
    }
    add(tree.tableName(), Words.alias(tree.tableAlias()), false);
  }

  /** SQLite reads a join in parentheses with an alias as a subquery that selects a star. */
  private void nested(NestedTablesContext tree) {
    int before = direct.size();
    readChildren(tree);
    if (tree.tableAlias() != null) {
      direct.subList(before, direct.size()).forEach(mention -> mention.allColumns = true);
    }
  }

  private void add(TableNameContext tree, @Nullable String alias, boolean operand) {
    QualifiedName table = Words.table(tree);
    boolean common =
        table.database() == null
            && commonTables.stream().anyMatch(names -> names.contains(lower(table.name())));
    if (common) {
      return;
    }
    Mention mention = new Mention(table, alias, statement.of(tree), operand);
    mentions.add(mention);
    if (!operand) {
      direct.add(mention);
    }
  }

  private static void refuseInternal(String function) {
    if (function.equalsIgnoreCase("TABLE_STATS")) {
      throw StatementSource.unsupported(
          "TABLE_STATS in any other form than SELECT * FROM TABLE_STATS('table')");
    }
    if (lower(function).startsWith("pragma_")) {
      throw StatementSource.unsupported(function);
    }
  }

  private void column(ColumnRefContext tree) {
    List<NameContext> names = tree.name();
    int last = names.size() - 1;
    String qualifier = last < 1 ? null : lower(Words.name(names.get(last - 1)));
    uses.add(new ColumnUse(qualifier, lower(Words.name(names.get(last)))));
    if (last == 2) {
      SourceText whole = statement.of(tree);
      int length = names.get(1).getStart().getStartIndex() - tree.getStart().getStartIndex();
      databasePrefixes.add(new SourceText(whole.text().substring(0, length), whole.start()));
    }
  }

  /** Every mention, in the order of the text. */
  List<TableRef> tables() {
    return mentions.stream().map(this::finished).toList();
  }

  private TableRef finished(Mention mention) {
    Set<String> columns =
        uses.stream()
            .filter(use -> use.qualifier() == null || mention.exposedAs(use.qualifier()))
            .map(ColumnUse::column)
            .collect(Collectors.toSet());
    return new TableRef(
        mention.table,
        mention.alias,
        mention.where.start(),
        mention.where.end(),
        mention.operand,
        mention.allColumns,
        columns);
  }

  List<SourceText> databasePrefixes() {
    return List.copyOf(databasePrefixes);
  }

  /** How many SELECTs there are, the outermost and each below it. */
  int selects() {
    return selects;
  }

  /** Whether OVER occurs. */
  boolean windowed() {
    return windowed;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
