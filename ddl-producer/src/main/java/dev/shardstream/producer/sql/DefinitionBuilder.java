package dev.shardstream.producer.sql;

import dev.shardstream.producer.sql.grammar.ShardstreamSqlLexer;
import dev.shardstream.producer.sql.grammar.ShardstreamSqlParser.*;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Builds what defines tables, indexes and namespaces. */
final class DefinitionBuilder {
  private final StatementSource source;
  private final ColumnBuilder columns;

  DefinitionBuilder(StatementSource source, ExprBuilder exprs) {
    this.source = source;
    this.columns = new ColumnBuilder(source, exprs);
  }

  /** The definition of that parse; empty when it is another kind of statement. */
  Optional<Statement> build(ParserRuleContext tree) {
    return Optional.ofNullable(definition(tree));
  }

  private Statement.@Nullable Definition definition(ParserRuleContext tree) {
    if (tree instanceof CreateTableContext create) {
      return new TableDefinitionBuilder(source, columns).build(create);
    }
    if (tree instanceof CreateEdgeTableContext create) {
      return new TableDefinitionBuilder(source, columns).build(create);
    }
    if (tree instanceof DropTableContext drop) {
      return new Statement.DropTable(
          Words.table(drop.tableName()), drop.EXISTS() != null, drop.CASCADE() != null, type(drop));
    }
    if (tree instanceof AlterTableContext alter) {
      return new Statement.AlterTable(
          Words.table(alter.tableName()), alter.EXISTS() != null, change(alter.tableChange()));
    }
    if (tree instanceof CreateIndexContext create) {
      return createIndex(create);
    }
    if (tree instanceof DropIndexContext drop) {
      return new Statement.DropIndex(Words.table(drop.tableName()), drop.EXISTS() != null);
    }
    if (tree instanceof CreateNamespaceContext create) {
      return new Statement.CreateNamespace(
          Words.namespace(create.namespaceWord()), create.EXISTS() != null);
    }
    if (tree instanceof DropNamespaceContext drop) {
      return new Statement.DropNamespace(
          Words.namespace(drop.namespaceWord()), drop.EXISTS() != null);
    }
    return tree instanceof CommentContext comment ? comment(comment) : null;
  }

  private static @Nullable TableType type(DropTableContext tree) {
    if (tree.NODE() != null) {
      return TableType.NODE;
    }
    if (tree.EDGE() != null) {
      return TableType.EDGE;
    }
    return tree.STREAM() != null ? TableType.STREAM : null;
  }

  // ---- ALTER TABLE

  private TableChange change(TableChangeContext tree) {
    if (tree instanceof AddColumnContext add) {
      requireType(add);
      return new TableChange.AddColumn(
          columns.column(add.columnDefinition(), new NoKeys()), add.EXISTS() != null);
    }
    if (tree instanceof DropColumnContext drop) {
      return new TableChange.DropColumn(
          Words.name(drop.name()), drop.EXISTS() != null, drop.CASCADE() != null);
    }
    if (tree instanceof RenameTableContext rename) {
      return new TableChange.RenameTable(Words.word(rename.tableWord()));
    }
    if (tree instanceof RenameColumnContext rename) {
      return new TableChange.RenameColumn(
          Words.name(rename.name(0)), Words.name(rename.name(1)), rename.EXISTS() != null);
    }
    if (tree instanceof SetBlockSizeContext size) {
      return new TableChange.SetBlockSize(
          integer(size.signedNumber(), ErrorCode.INVALID_BLOCK_SIZE));
    }
    if (tree instanceof SetReplicasContext set) {
      return new TableChange.SetReplicas(integer(set.signedNumber(), ErrorCode.INVALID_REPLICAS));
    }
    if (tree instanceof ModifyColumnContext modify) {
      return newType(
          Words.name(modify.name()),
          modify.EXISTS() != null,
          modify.columnType(),
          modify.NULL() != null);
    }
    AlterColumnContext alter = (AlterColumnContext) tree;
    return change(Words.name(alter.name()), alter.EXISTS() != null, alter.columnChange());
  }

  /** ADD COLUMN c reads as a column called COLUMN, of type c: which is not what was meant. */
  private static void requireType(AddColumnContext tree) {
    ColumnDefinitionContext column = tree.columnDefinition();
    String word = column.columnType().getText();
    if (column.name().getStart().getType() == ShardstreamSqlLexer.COLUMN
        && TypeName.of(word).isEmpty()) {
      throw StatementSource.syntax(
          column.columnType().getStart(), "column '" + word + "' has no type");
    }
  }

  private TableChange change(String column, boolean ifExists, ColumnChangeContext tree) {
    if (tree instanceof SetTypeContext type) {
      return newType(column, ifExists, type.columnType(), false);
    }
    if (tree instanceof SetDefaultContext set) {
      Expr.Literal value = columns.defaultValue(column, set.defaultValue());
      return new TableChange.AlterColumnDefault(column, ifExists, value);
    }
    if (tree instanceof DropDefaultContext) {
      return new TableChange.AlterColumnDefault(column, ifExists, null);
    }
    return new TableChange.AlterColumnNullability(
        column, ifExists, tree instanceof DropNotNullContext);
  }

  private TableChange newType(
      String column, boolean ifExists, ColumnTypeContext tree, boolean notNull) {
    TypeName type = ColumnBuilder.type(column, tree);
    return new TableChange.AlterColumnType(
        column, ifExists, type, columns.length(column, type, tree), notNull);
  }

  private static long integer(SignedNumberContext tree, ErrorCode otherwise) {
    if (ReshardBuilder.integer(tree) instanceof Long number) {
      return number;
    }
    throw new ShardstreamException(otherwise, tree.getText());
  }

  /** A column that is added later cannot be of the primary key. */
  private static final class NoKeys implements ColumnBuilder.Keys {
    @Override
    public void primaryKey(Token at, String column) {
      throw StatementSource.unsupported("PRIMARY KEY in ADD COLUMN");
    }

    @Override
    public void unique(String column) {
      throw StatementSource.unsupported(
          "UNIQUE in ADD COLUMN: add the column, then CREATE UNIQUE INDEX");
    }
  }

  // ---- Indexes and comments

  private static Statement.CreateIndex createIndex(CreateIndexContext tree) {
    QualifiedName index = Words.table(tree.tableName(0));
    QualifiedName table = Words.table(tree.tableName(1));
    if (index.database() != null) {
      boolean other =
          table.database() != null && !table.database().equalsIgnoreCase(index.database());
      if (other) {
        throw StatementSource.unsupported(
            "index '%s' in another namespace than its table '%s'".formatted(index, table));
      }
      table = new QualifiedName(index.database(), table.name());
    }
    ColumnBuilder.refuse(tree.whereClause(), "WHERE in CREATE INDEX");
    List<String> columns = TableDefinitionBuilder.keyColumns(tree.keyColumn(), "an index");
    return new Statement.CreateIndex(
        table,
        index.name(),
        tree.UNIQUE() != null,
        columns,
        tree.EXISTS() != null,
        text(tree.STRING()));
  }

  private static Statement.Definition comment(CommentContext tree) {
    String text = text(tree.STRING());
    if (tree.commented() instanceof CommentedTableContext on) {
      return new Statement.AlterTable(
          Words.table(on.tableName()), false, new TableChange.CommentOnTable(text));
    }
    if (tree.commented() instanceof CommentedColumnContext on) {
      return new Statement.AlterTable(
          Words.table(on.tableName()),
          false,
          new TableChange.CommentOnColumn(Words.word(on.tableWord()), text));
    }
    CommentedIndexContext on = (CommentedIndexContext) tree.commented();
    return new Statement.CommentOnIndex(Words.table(on.tableName()), text);
  }

  private static @Nullable String text(@Nullable TerminalNode string) {
    return string == null ? null : Words.unquoted(string.getText());
  }
}
